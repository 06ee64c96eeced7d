// Types and shapes of all values, from those of the inputs and initialisers.
#pragma once

#include "nn/graph.hpp"

namespace nn {

/// Sets type and shape of every node's outputs; symbolic extents stay kUnknown. Small results of
/// constants (and Constant nodes) are computed, so that a Reshape's computed shape is known; values
/// that carry a number format (QuantizeLinear, Quant, …) are not. Idempotent. Throws kBadShape,
/// kBadType, kBadAttribute, kBadWeights, kUnsupportedOp.
void infer_shapes(Graph& graph);

/// The same for the values of `graph` by nodes that are kept elsewhere.
void infer_shapes(Graph& graph, const std::vector<Node>& nodes);

/// Removes nodes that no output needs and values that nothing reads (inputs stay). Ids change.
Graph prune(Graph graph);

/// Throws kInternal unless `graph` is in topological order; ids are in range; names of nodes and
/// values are unique; each value is an input, a constant or made by exactly one node, and is used
/// if it is a constant; constants match their value's type and shape; the shapes are those
/// infer_shapes() gives. Run after import and after each pass: a fault here is the program's, not
/// the user's.
void verify(const Graph& graph);

}  // namespace nn
