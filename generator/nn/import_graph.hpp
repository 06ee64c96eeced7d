// ONNX's graph message to a Graph. Internal to nn.
#pragma once

#include <filesystem>

#include "nn/graph.hpp"
#include "nn/import.hpp"
#include "nn/registry.hpp"

namespace onnx {
class GraphProto;
class AttributeProto;
}  // namespace onnx

namespace nn {

/// See import_onnx(); `opset` is within kMinOpset and kMaxOpset.
/// The contents of `proto`'s tensors are let go on the way: a model and its graph are never whole
/// in memory at once. With `missing`, initialisers whose external data is not there are zeros, and
/// counted; see import_shapes().
Graph import_graph(onnx::GraphProto& proto, std::int64_t opset, const std::filesystem::path& folder,
                   int* missing = nullptr);

/// See survey_onnx().
std::vector<SurveyedNode> survey_graph(onnx::GraphProto& proto, std::int64_t opset,
                                       const std::filesystem::path& folder);

/// An attribute's value. `where` names its node. Throws kUnsupportedFeature (subgraphs, lists of
/// tensors, sparse tensors), kBadAttribute (no type, not finite) and what decode_tensor() throws.
Attribute import_attribute(const onnx::AttributeProto& proto, const std::filesystem::path& folder,
                           const std::string& where);

/// `nodes` ordered so that each comes after those it reads from, otherwise as they were. Throws
/// kCyclicGraph naming the nodes of one cycle.
std::vector<Node> sorted(std::vector<Node> nodes, std::size_t value_count);

}  // namespace nn
