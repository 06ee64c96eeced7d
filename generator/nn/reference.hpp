// The float reference interpreter: what the network computes, as ONNX defines it.
#pragma once

#include <vector>

#include "nn/graph.hpp"

namespace nn {

/// Results in the order of graph.outputs, for inputs in the order of graph.inputs. An extent that
/// the graph leaves unknown may be anything. Where the graph fixes the batch (the first extent) and
/// the inputs bring another number of samples, the graph runs once a batch, the last one filled
/// with copies of the last sample, and the results are joined along their first axis; what the
/// filling gave is cut off wherever the first extent is a multiple of the samples. Matrix products
/// go through Eigen.
/// Floats for an input of another type are converted, if it has their values. Throws kBadSamples if
/// the inputs' number, types, values or shapes do not fit; kDivisionByZero.
std::vector<Array> run(const Graph& graph, const std::vector<Array>& inputs);

/// The same, giving `values` instead of the outputs; all others are let go when their last reader
/// has them.
std::vector<Array> run_to(const Graph& graph, const std::vector<Array>& inputs,
                          const std::vector<ValueId>& values);

/// The same, giving every value of the graph, indexed by ValueId: constants as they are, omitted
/// outputs empty. Needs memory for all of them at once.
std::vector<Array> run_all(const Graph& graph, const std::vector<Array>& inputs);

}  // namespace nn
