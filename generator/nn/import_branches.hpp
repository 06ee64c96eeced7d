// The subgraphs of ONNX's If. Internal to nn.
#pragma once

#include <set>
#include <string>

namespace onnx {
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace nn {

/// Whether a node is ONNX's own If.
bool is_choice(const onnx::NodeProto& node);

/// The attribute `name` of an If, "then_branch" or "else_branch". `where` names the node. Throws
/// kBadAttribute if it is missing or no graph.
onnx::GraphProto& branch_of(onnx::NodeProto& node, const std::string& name,
                            const std::string& where);

/// Throws kBadGraph for a branch that takes inputs or has another number of outputs than `outputs`,
/// kUnsupportedFeature for sparse initialisers. `where` names branch and node.
void check_branch(const onnx::GraphProto& branch, int outputs, const std::string& where);

/// Names that the subgraphs of `node` read, and theirs, without making them.
std::set<std::string> captured(const onnx::NodeProto& node);

}  // namespace nn
