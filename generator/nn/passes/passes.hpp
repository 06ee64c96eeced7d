// Graph to graph: each keeps what the network computes (float rounding apart) and verifies its
// result. Graphs go in and out by value: who moves one in pays for no copy.
#pragma once

#include "nn/graph.hpp"

namespace nn {

/// Fixes what inputs leave open: input i has `shapes[i]` in place of its own, which agrees with it
/// in all extents that are known, or its own if that is empty. Throws what infer_shapes() does.
Graph fix_inputs(Graph graph, const std::vector<Shape>& shapes);

/// Computes every node whose inputs are all constants, but for those that carry a number format
/// (QuantizeLinear, DequantizeLinear, Quant, …), which the quantiser reads from the graph.
Graph fold_constants(Graph graph);

/// Removes nodes that give their input back: Identity, Dropout (its mask unused), Cast to the type
/// that is there, and Reshape, Flatten, Squeeze, Unsqueeze and Transpose that change nothing. Stays
/// where the input and the output of the graph itself would become one value.
Graph remove_identities(Graph graph);

/// Moves Transpose, and Reshape, Squeeze and Unsqueeze where the scale is one number, from behind a
/// DequantizeLinear, Quant or BipolarQuant of constant weights to before it, and computes it there:
/// weights are then a constant and its number format, directly at the product.
Graph fold_weight_layout(Graph graph);

/// Adds Pads of maps by zeros to the pads of the Conv, AveragePool or MaxPool that alone reads
/// them, where that comes to the same: behind Relu or a quantiser as well, in a mean that then
/// counts its padding, and in a maximum of what is not negative.
Graph fold_pads(Graph graph);

/// Writes x / (bias + alpha * means of squares over channels)^beta, as PyTorch exports
/// LocalResponseNorm of an odd size, as the LRN that it is.
Graph join_lrn(Graph graph);

/// Writes ONNX Runtime's QLinearConcat, QLinearMul, QLinearSigmoid, QLinearLeakyRelu,
/// QLinearAveragePool and QLinearGlobalAveragePool as what they stand for: DequantizeLinear, the op
/// on floats, QuantizeLinear. From opset 10 on.
Graph spell_out_integers(Graph graph);

/// Writes PRelu with slopes that differ, of channels, as slope * x + (1 - slope) * Relu(x): one
/// function for all of them and constants.
Graph split_slopes(Graph graph);

/// spell_out_integers() and split_slopes(), then the others but fix_inputs(), join_lrn() last,
/// until nothing changes.
Graph simplify(Graph graph);

}  // namespace nn
