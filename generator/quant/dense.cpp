#include "quant/dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/layout.hpp"

namespace quant {

namespace {

// What stands against it; empty: nothing.
std::string obstacle(const Draft& draft, const Signal& signal) {
  const OpenProduct& product = *signal.product;
  if (product.of_codes || product.terms.size() != 1 || product.groups != 1)
    return "it is a sum of several products, or has groups";
  const Term& term = product.terms.front();
  if (term.is_integer() || signal.quantiser) return "the model brings its numbers as integers";
  const Piece& input = term.inputs.front();
  const Signal& read = draft.signals[input.signal];
  if (term.inputs.size() != 1 || input.first != 0 || input.count != read.count ||
      (read.move && !read.move->sight.is_plain()))
    return "it reads several tensors, a part of one, or one whose elements were moved";
  if (!std::isinf(signal.high) || (signal.low != 0 && !std::isinf(signal.low)))
    return "it is clipped elsewhere than at zero";
  return {};
}

// Features that are the elements of maps, channel by channel, come position by position.
Eigen::MatrixXd position_by_position(const Eigen::MatrixXd& weights, int area) {
  const Eigen::Index channels = weights.rows() / area;
  Eigen::MatrixXd moved(weights.rows(), weights.cols());
  for (Eigen::Index channel = 0; channel < channels; ++channel)
    for (Eigen::Index at = 0; at < area; ++at)
      moved.row(at * channels + channel) = weights.row(channel * area + at);
  return moved;
}

void take(Draft& draft, Signal& signal) {
  const OpenProduct& product = *signal.product;
  const Term& term = product.terms.front();
  const Piece input = term.inputs.front();
  const Pair map = draft.signals[input.signal].map;
  const bool flattened = product.window.is_point() && map.area() > 1;
  const Window window = flattened ? Window{.kernel = map, .map = map} : product.window;
  auto real = std::make_shared<RealCells>();
  real->kind = CellKind::kDense;
  real->of_input =
      (flattened ? position_by_position(term.weights, map.area()) : term.weights).transpose();
  for (Eigen::Index row = 0; row < real->of_input.rows(); ++row)
    real->of_input.row(row) *= term.factor(row);
  real->bias = product.offset;
  draft.signals[input.signal].sealed = true;
  signal.sealed = true;
  signal.cell = OpenCell{input, {}, window, std::move(real)};
  signal.product.reset();
}

// The greatest magnitude that a sum can reach, with its bias.
double greatest_sum(const RealCells& real, const Format& from) {
  const Eigen::VectorXd sums =
      real.of_input.cwiseAbs().rowwise().sum() * (from.scale * from.magnitude()) +
      real.bias.cwiseAbs();
  return sums.maxCoeff() > 0 ? sums.maxCoeff() : 1.0;
}

void check_names(const Draft& draft, const CellOptions& options, base::Diagnostics& faults) {
  std::vector<std::string> known;
  for (const Signal& signal : draft.signals)
    if (!signal.dissolved && (signal.product || signal.cell)) known.push_back(signal.name);
  for (const auto& [name, block] : options.blocks) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string near = base::nearest(name, known);
    faults.add(base::Code::kUnknownKey,
               fmt::format("the network has no layer {}", base::quoted_name(name)),
               "recurrent.block",
               near.empty() ? fmt::format("one of {}", fmt::join(known, ", ")) : near);
  }
}

}  // namespace

void take_dense(Draft& draft, const CellOptions& options) {
  base::Diagnostics faults;
  for (Signal& signal : draft.signals) {
    if (signal.dissolved || !signal.product || !options.blocks.contains(signal.name)) continue;
    if (const std::string why = obstacle(draft, signal); !why.empty())
      faults.add(base::Code::kCannotLower, "cannot be a block-circulant layer: " + why,
                 where(signal),
                 "leave its name out of recurrent.block, so that crossbars compute it");
    else
      take(draft, signal);
  }
  check_names(draft, options, faults);
  faults.throw_if_any();
}

Format dense_format(const Signal& signal, const Observed& seen, bool is_result, const Format& from,
                    const Options& options) {
  const Format own = output_format(signal, seen, is_result,
                                   {0.0, greatest_sum(*signal.cell->cells, from)}, options);
  return full_format(own.bits, own.is_signed, own.scale);
}

}  // namespace quant
