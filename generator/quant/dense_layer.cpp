// Dense layers on block-circulant engines.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "quant/cell_layer.hpp"
#include "quant/spectra.hpp"

namespace quant {

namespace {

// A word of the product has room for the greatest code, the sign, and four times as much.
constexpr int kRoom = 3;
// Bits that it has more than words that come: what a Relu will clip is rarely clipped before.
constexpr int kMoreBits = 4;

void check_bits(int code_bits, int room, int bits, const char* what, const std::string& where) {
  if (code_bits + room > bits)
    base::fail(base::Code::kActivationBits,
               fmt::format("its {} have {} bits and a sign, words {}", what, code_bits, bits),
               where, "set recurrent.bits higher, or pe.activation_bits lower");
}

// The matrix in codes, `gain` times the model's, where words lie: of each step whole blocks.
Eigen::MatrixXd spread(const RealCells& real, const CellLayer& layer, double gain) {
  const Eigen::Index rows = Eigen::Index{layer.cell_blocks()} * layer.block;
  const Eigen::Index apart = Eigen::Index{layer.input_blocks()} * layer.block;
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(rows, layer.taps * apart);
  for (Eigen::Index tap = 0; tap < layer.taps; ++tap)
    all.block(0, tap * apart, real.cells(), layer.inputs) =
        gain * real.of_input.middleCols(tap * layer.inputs, layer.inputs);
  fill_blocks(all, layer.block, [&](Eigen::Index row, Eigen::Index column) {
    return row < real.cells() && column % apart < layer.inputs;
  });
  return all;
}

}  // namespace

int steps_at_once(const Window& window) {
  return window == Window{.kernel = window.map, .map = window.map} ? window.taps() : 1;
}

CellLayer dense_layer(const RealCells& real, int taps, const Format& from, const Format& to,
                      const CellOptions& options, const std::string& where) {
  check_bits(from.bits, 1, options.bits, "inputs", where);
  check_bits(to.bits, kRoom, options.bits, "outputs", where);
  CellLayer layer;
  layer.rule.kind = CellKind::kDense;
  layer.rule.bits = options.bits;
  layer.taps = taps;
  layer.inputs = static_cast<int>(real.inputs()) / taps;
  layer.cells = static_cast<int>(real.cells());
  layer.block = options.block;
  layer.in_shift = options.bits - 1 - from.bits;
  layer.out_shift = options.bits - kRoom - to.bits;
  Spectra spectra =
      spectra_of(spread(real, layer, from.scale / to.scale), layer.block,
                 {.in = layer.in_shift, .weight = 0, .out = layer.out_shift}, options.bits, where);
  layer.circulant_error = spectra.error;
  layer.rule.gates = spectra.rule;
  layer.rule.gates.out_bits = options.bits + kMoreBits;
  layer.rule.projected = layer.rule.gates;
  layer.weights.gates = std::move(spectra.words);
  for (int i = 0; i < layer.cell_blocks() * layer.block; ++i) {
    const double bias = i < layer.cells ? real.bias[i] / to.scale : 0.0;
    layer.weights.parameters.push_back(static_cast<std::int32_t>(
        clipped(to_fixed(bias, layer.out_shift), layer.rule.gates.out_bits)));
  }
  return layer;
}

}  // namespace quant
