// How kernels walk over maps: products of windows, and maxima.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "quant/builder.hpp"

namespace quant {

namespace {

bool meets_padding(const Window& window) {
  for (int w = 0; w < window.windows().area(); ++w)
    for (int tap = 0; tap < window.taps(); ++tap)
      if (window.position(w, tap) < 0) return true;
  return false;
}

// The input channel that a row of a column reads.
class Channels {
 public:
  Channels(const OpenProduct& product, const Term& term)
      : rows_(term.weights.rows() / product.window.taps()),
        cols_(product.cols() / product.groups) {}
  Eigen::Index of(Eigen::Index row, Eigen::Index col) const {
    return col / cols_ * rows_ + row % rows_;
  }
  Eigen::Index group_rows() const { return rows_; }

 private:
  Eigen::Index rows_;
  Eigen::Index cols_;
};

// Whether all channels that a column reads have one gain.
bool one_gain_a_group(const Eigen::VectorXd& gains, Eigen::Index width) {
  for (Eigen::Index c = 0; c < gains.size(); ++c)
    if (gains[c] != gains[c / width * width]) return false;
  return true;
}

// What the channels' offsets add to each output.
void absorb_offsets(const Eigen::VectorXd& offsets, const Term& term, OpenProduct& product) {
  const Channels channels(product, term);
  for (Eigen::Index c = 0; c < product.cols(); ++c) {
    double shift = 0;
    for (Eigen::Index r = 0; r < term.weights.rows(); ++r)
      shift += term.weights(r, c) * offsets[channels.of(r, c)];
    product.offset[c] += term.gain[c] * (term.is_integer() ? term.step[c] : 1.0) * shift;
  }
}

// A gain a group goes into the outputs' gains, others into real weights.
void absorb_gains(const Eigen::VectorXd& gains, Term& term, const OpenProduct& product) {
  const Channels channels(product, term);
  const bool grouped = one_gain_a_group(gains, channels.group_rows());
  for (Eigen::Index c = 0; c < product.cols(); ++c) {
    if (grouped) term.gain[c] *= gains[channels.of(0, c)];
    for (Eigen::Index r = 0; r < term.weights.rows() && !grouped; ++r)
      term.weights(r, c) *= gains[channels.of(r, c)];
  }
}

// The rows of channels [first, first + count) of a term of one group.
Eigen::MatrixXd rows_of(const Term& term, int taps, Eigen::Index first, Eigen::Index count) {
  const Eigen::Index width = term.weights.rows() / taps;
  Eigen::MatrixXd rows(taps * count, term.weights.cols());
  for (Eigen::Index tap = 0; tap < taps; ++tap)
    rows.middleRows(tap * count, count) = term.weights.middleRows(tap * width + first, count);
  return rows;
}

// The matrix that a kernel is of all elements of maps.
Operand unrolled(const nn::Node& node, const Operand& kernel, const Window& window, int groups) {
  const Eigen::Index windows = window.windows().area();
  const Eigen::Index area = window.map.area();
  const Eigen::Index width = kernel.weights.rows() / window.taps();  // channels of a group
  const Eigen::Index cols = kernel.weights.cols();
  constexpr Eigen::Index kMost = Eigen::Index{1} << 23;  // weights
  if (width * groups * area > kMost / (cols * windows))
    Builder::refuse(node, "walks over maps that come as features",
                    "keep maps as they are between convolutions: pool, do not flatten");
  Operand all = kernel;
  all.weights = Eigen::MatrixXd::Zero(width * groups * area, cols * windows);
  all.bias = kernel.bias.transpose().replicate(windows, 1).reshaped();
  if (kernel.step.size() > 0) all.step = kernel.step.transpose().replicate(windows, 1).reshaped();
  for (Eigen::Index c = 0; c < cols; ++c)
    for (int w = 0; w < windows; ++w)
      for (Eigen::Index row = 0; row < kernel.weights.rows(); ++row) {
        const int position = window.position(w, static_cast<int>(row / width));
        const Eigen::Index channel = c / (cols / groups) * width + row % width;
        if (position >= 0)
          all.weights(channel * area + position, c * windows + w) = kernel.weights(row, c);
      }
  return all;
}

}  // namespace

bool Builder::reorder_input(const nn::Node& node, const Carried& in,
                            const std::vector<int>& order) {
  if (in.pieces.size() != 1 || !is_free(in.pieces[0]) || !in.after.is_uniform()) return false;
  Signal& input = signal(in.pieces[0]);
  if (!input.is_input() || !input.order.empty() || !input.encoding.is_uniform()) return false;
  input.order = order;
  input.map = map_of_input(node.outputs.at(0));
  input.tap = {node.outputs.at(0), 0, input.count};
  set(node, in, "the order in which the host brings an input");
  return true;
}

// Makes sure that the sources are of whole maps, as they are or as sights show them. An input that
// nothing has said the extents of has those that its reader says.
void Builder::as_maps(const nn::Node& node, Carried& in, const Window& window) {
  for (const Piece& piece : in.pieces) {
    Signal& one = signal(piece);
    if (one.is_input() && is_whole(piece) && piece.count % window.map.area() == 0)
      one.map = window.map;
  }
  if (are_maps(in, window.map)) return;
  std::vector<int> elements(static_cast<std::size_t>(in.count()));
  std::iota(elements.begin(), elements.end(), 0);
  const auto seen = as_seen(node, in, elements, window.map);
  if (!seen)
    refuse(node, "walks over maps whose elements were moved to where no walk finds them",
           "keep the channels on axis 1, and repeat, cut or pad maps by whole rows and columns");
  in = *seen;
}

// The summands of a walking product: one, or one a piece where integer weights meet channels of
// several gains.
void Builder::add_walking_terms(OpenProduct& product, const Carried& in, Term whole,
                                const Affine& after, const nn::Node& node) const {
  const auto channels = static_cast<int>(in.count() / product.window.map.area());
  const Eigen::VectorXd gains = after.gain_of(channels);
  absorb_offsets(after.offset_of(channels), whole, product);
  const Eigen::Index width = whole.weights.rows() / product.window.taps();
  if (!whole.is_integer() || one_gain_a_group(gains, width)) {
    absorb_gains(gains, whole, product);
    product.terms.push_back(std::move(whole));
    return;
  }
  int first = 0;
  for (const Piece& piece : in.pieces) {
    const int count = piece.count / product.window.map.area();
    const auto part = gains.segment(first, count);
    if (product.groups != 1 || !(part.array() == part[0]).all())
      refuse(node, "its weights are quantised and its inputs are scaled by a factor each",
             "scale before the weights are quantised");
    product.terms.push_back({{piece},
                             rows_of(whole, product.window.taps(), first, count),
                             whole.step,
                             whole.gain * part[0],
                             whole.is_made});
    first += count;
  }
}

// Whether the elements of maps come all at once, as features.
bool Builder::are_features(const Carried& in) const {
  return std::ranges::all_of(in.pieces, [&](const Piece& piece) {
    return !signal(piece).is_input() && signal(piece).map.area() == 1;
  });
}

void Builder::convolve(const nn::Node& node, Carried in, const Operand& operand,
                       const Window& window, int groups) {
  if (window.map.area() > 1 && are_features(in))
    return product(node, in, unrolled(node, operand, window, groups));
  as_maps(node, in, window);
  auto after = in.after.by_channel(window.map.area());
  if (!after || (!after->offset.isZero(0) && meets_padding(window))) {
    in = wrapped(node.name + "_input", node.inputs.at(0), in);
    after = Affine();
  }
  OpenProduct product;
  product.offset = operand.bias;
  product.window = window;
  product.groups = groups;
  const auto cols = static_cast<int>(operand.weights.cols());
  Term whole{in.pieces, operand.weights, operand.step,
             Eigen::VectorXd::Constant(cols, operand.gain), operand.is_made};
  add_walking_terms(product, in, std::move(whole), *after, node);
  const Pair windows = window.windows();
  set(node, add_product(node.name, node.outputs.at(0), std::move(product)),
      fmt::format("a layer, {} x {}, at {} x {} windows", operand.weights.rows(), cols, windows.y,
                  windows.x));
}

void Builder::merge(const nn::Node& node, Carried in, const Window& window) {
  as_maps(node, in, window);
  auto after = in.after.by_channel(window.map.area());
  // Its own padding counts for nothing, zeros that a Pad has put in count.
  const bool padded =
      std::ranges::any_of(in.pieces, [&](const Piece& piece) { return pads(signal(piece)); });
  if (!after || after->gain.minCoeff() <= 0 || padded) {
    if (in.stage == Stage::kIntegers)
      refuse(node,
             padded ? "takes the greatest of codes and of zeros between them"
                    : "takes the greatest of codes that are scaled by a factor each",
             "put DequantizeLinear before it");
    in = wrapped(node.name + "_input", node.inputs.at(0), in);
    after = Affine();
  }
  Carried out = in;
  const Pair map = window.windows();
  for (Piece& piece : out.pieces) {
    Signal made{
        .name = node.name, .count = piece.count / window.map.area() * map.area(), .map = map};
    made.merge = OpenMerge{piece, window};
    piece = {draft_.signals.push_back(made), 0, made.count};
  }
  out.after = after->spread(map.area());
  set(node, out, fmt::format("the greatest of {} x {} windows", map.y, map.x));
}

}  // namespace quant
