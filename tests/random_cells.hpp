// Random recurrent cells, and integer networks with some.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "random_network.hpp"

namespace test {

inline Eigen::MatrixXd random_matrix(Eigen::Index rows, Eigen::Index cols, double most,
                                     base::Rng& rng) {
  Eigen::MatrixXd matrix(rows, cols);
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    matrix(i) = most * static_cast<double>(rng.between(-1000, 1000)) / 1000;
  return matrix;
}

/// Cells whose gates move, and saturate now and then.
inline quant::RealCells random_cells(quant::CellKind kind, int inputs, int cells, base::Rng& rng) {
  const int gates = kind == quant::CellKind::kLstm ? 4 : kind == quant::CellKind::kRnn ? 1 : 3;
  quant::RealCells real;
  real.kind = kind;
  if (rng.below(4) == 0) real.gate = quant::Gate::kHardSigmoid;
  const auto most = [](int fan_in) { return 3 / std::sqrt(static_cast<double>(fan_in)); };
  real.of_input = random_matrix(gates * cells, inputs, most(inputs), rng);
  real.of_state = random_matrix(gates * cells, cells, most(cells), rng);
  real.bias = random_matrix(gates * cells, 1, 1, rng);
  real.of_state_bias = random_matrix(cells, 1, 1, rng);
  if (kind == quant::CellKind::kLstm && rng.below(2) != 0)
    real.peepholes = random_matrix(3 * cells, 1, 1, rng);
  return real;
}

/// A dense layer whose sums move over the codes of `to`, for inputs of the format `from`.
inline quant::RealCells random_dense(int inputs, int outputs, const quant::Format& from,
                                     const quant::Format& to, base::Rng& rng) {
  const double reach = to.scale * to.high;
  quant::RealCells real;
  real.kind = quant::CellKind::kDense;
  real.of_input = random_matrix(
      outputs, inputs,
      3 * reach / (from.scale * from.high * std::sqrt(static_cast<double>(inputs))), rng);
  real.bias = random_matrix(outputs, 1, reach / 2, rng);
  return real;
}

/// One to two layers of words over a few steps, recurrent ones and dense ones, at times behind a
/// convolution over the steps; a product of the last answer or of all of them; tensors of up to
/// `most_bits` bits. Dense layers may be of whole maps as well.
class CellNetwork {
 public:
  CellNetwork(std::uint64_t seed, int most_bits) : rng_(seed), most_bits_(most_bits) {}

  /// A convolution, a dense layer of each position's channels, a GRU, and a product, in turn.
  quant::Network draw_mixed() {
    network_.name = "mixed";
    map_ = {pick(2, 5), 1};
    quant::Source last = add_input(network_, "x", quant::Shape(pick(1, 6), map_.y, map_.x),
                                   format(rng_.below(2) != 0));
    last = add_convolution(last);
    last = add_dense(last, 0, false);
    last = add_cells(last, 1, rng_.below(2) != 0, quant::CellKind::kGru);
    network_.outputs = {add_end(last)};
    return std::move(network_);
  }

  quant::Network draw() {
    network_.name = "cells";
    const int steps = pick(1, 5);
    map_ = rng_.below(2) != 0 ? quant::Pair{steps, 1} : quant::Pair{1, steps};
    if (rng_.below(5) == 0) map_ = {pick(2, 3), pick(2, 3)};
    quant::Source last = add_input(network_, "x", quant::Shape(pick(1, 6), map_.y, map_.x),
                                   format(rng_.below(2) != 0));
    if (rng_.below(3) == 0) last = add_convolution(last);
    for (int layer = 0, layers = pick(1, 2); layer < layers; ++layer)
      last = std::min(map_.y, map_.x) > 1 || rng_.below(3) == 0
                 ? add_dense(last, layer, rng_.below(2) != 0)
                 : add_cells(last, layer, layer + 1 == layers,
                             static_cast<quant::CellKind>(rng_.below(4)));
    network_.outputs = {add_end(last)};
    return std::move(network_);
  }

 private:
  int pick(int low, int high) { return static_cast<int>(rng_.between(low, high)); }
  quant::Format format(bool is_signed) {
    return quant::full_format(pick(1, most_bits_), is_signed, 1.0 / 64);
  }

  quant::Source add_convolution(const quant::Source& from) {
    quant::Window window;
    window.map = map_;
    (map_.x == 1 ? window.kernel.y : window.kernel.x) = 3;
    (map_.x == 1 ? window.pad_begin.y : window.pad_begin.x) = 1;
    (map_.x == 1 ? window.pad_end.y : window.pad_end.x) = 1;
    const int channels = pick(1, 5);
    quant::Product product =
        random_product({{from.tensor, 0, 3 * from.count / map_.area()}}, channels, {}, rng_);
    product.inputs = {from};
    product.window = window;
    return add_layer(network_, "conv", std::move(product), format(rng_.below(2) != 0));
  }

  quant::Source add_cells(const quant::Source& from, int layer, bool last, quant::CellKind kind) {
    const int block = 1 << rng_.below(3);
    const int cells = block * pick(1, 3);
    const quant::CellOptions options{.block = block, .bits = pick(10, 18)};
    const int bits = pick(1, std::min(most_bits_, options.bits - 2));
    const auto made = std::make_shared<const quant::CellLayer>(
        cell_layer(random_cells(kind, from.count / map_.area(), cells, rng_),
                   network_.format_of(from.tensor), bits, options, "test"));
    const quant::Format to = answer_format(*made, bits);
    quant::Window window{.map = map_};
    if (last && rng_.below(2) != 0) window.kernel = std::exchange(map_, quant::Pair());
    return add_layer(network_, "cells" + std::to_string(layer),
                     quant::Rule(quant::Recurrent{{from}, made, window}), cells, to);
  }

  // Of each position, of windows, or of all positions at once.
  quant::Source add_dense(const quant::Source& from, int layer, bool all) {
    const quant::Format& format_in = network_.format_of(from.tensor);
    const quant::CellOptions options{.block = 1 << rng_.below(4), .bits = pick(10, 18)};
    const int bits = pick(1, std::min(most_bits_, options.bits - 3));
    const quant::Format to = quant::full_format(bits, rng_.below(2) != 0, 1.0 / 32);
    quant::Window window{.map = map_};
    const int inputs = from.count / map_.area();
    if (!all && rng_.below(3) == 0) {
      window.kernel = {pick(1, map_.y), pick(1, map_.x)};
      window.pad_begin = {pick(0, window.kernel.y - 1), pick(0, window.kernel.x - 1)};
      window.stride = {pick(1, 2), pick(1, 2)};
      map_ = window.windows();
    }
    if (all) window.kernel = std::exchange(map_, quant::Pair());
    const int outputs = pick(1, 12);
    const auto made = std::make_shared<const quant::CellLayer>(
        dense_layer(random_dense(inputs * window.taps(), outputs, format_in, to, rng_),
                    quant::steps_at_once(window), format_in, to, options, "test"));
    return add_layer(network_, "dense" + std::to_string(layer),
                     quant::Rule(quant::Recurrent{{from}, made, window}), outputs, to);
  }

  quant::Source add_end(quant::Source from) {
    if (rng_.below(2) != 0 && map_.area() > 1) {
      from.sight = {.extent = {1, 1}, .begin = {map_.y - 1, map_.x - 1}};
      from.count /= map_.area();
    }
    return add_layer(network_, "head", random_product({from}, pick(1, 4), {}, rng_),
                     format(rng_.below(2) != 0));
  }

  base::Rng rng_;
  int most_bits_;
  quant::Pair map_;
  quant::Network network_;
};

inline quant::Network cell_network(std::uint64_t seed, int most_bits) {
  return CellNetwork(seed, most_bits).draw();
}

inline quant::Network mixed_network(std::uint64_t seed, int most_bits) {
  return CellNetwork(seed, most_bits).draw_mixed();
}

}  // namespace test
