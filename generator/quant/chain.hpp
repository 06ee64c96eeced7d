// What quantise() sees of a graph: a chain of matrix products with everything around them folded
// in.
#pragma once

#include <Eigen/Core>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "nn/graph.hpp"
#include "quant/constants.hpp"
#include "quant/network.hpp"

namespace quant {

/// One product: t = clip(relu(gain * (x . weights) + offset)), where x is the tensor before it.
struct OpenProduct {
  std::string name;         ///< of the node
  Eigen::MatrixXd weights;  ///< inputs x outputs; integers if there are weight steps, else reals
  Eigen::VectorXd step;     ///< real value of a weight step, an output; empty: weights are reals
  Eigen::VectorXd gain;     ///< an output, any sign
  Eigen::VectorXd offset;   ///< an output; the bias is in it
  bool relu = false;
  double clip = std::numeric_limits<double>::infinity();  ///< least upper bound of |t|
  std::optional<Quantiser> quantiser;                     ///< of t, if the model has one
  nn::ValueId output;  ///< t before its quantiser: what calibration looks at
};

/// What the host does with the last product's values.
enum class HostOp { kNone, kArgMax, kSoftmax };

/// The graph from its input to its output.
struct Chain {
  std::string name;
  nn::ValueId input;
  int input_count = 0;
  double input_gain = 1.0;  ///< what the first product reads: input_gain * input + input_offset
  double input_offset = 0.0;
  std::optional<Quantiser> quantiser;  ///< of that
  std::vector<OpenProduct> products;
  double output_gain = 1.0;  ///< output = output_gain * (the last t), > 0
  HostOp host = HostOp::kNone;
};

/// Follows the only path from the graph's input to its output (shapes inferred). Products are Gemm,
/// MatMul with a constant on either side and QLinearMatMul; BatchNormalization and Add, Sub, Mul
/// and Div by constants are folded; Relu and Clip end a product; QuantizeLinear, DequantizeLinear
/// and Quant set its format; Softmax and ArgMax at the end are the host's. Throws kCannotLower
/// naming the node and the reason for anything else, and what constant_of() and quantiser_of()
/// throw.
Chain chain_of(const nn::Graph& graph);

}  // namespace quant
