// The operators that the project understands: one file of nn/ops/ each, gathered here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/graph.hpp"

namespace base {
class Diagnostics;
}

namespace nn {

/// Versions of ONNX's own operator set that models may use.
inline constexpr std::int64_t kMinOpset = 7;
inline constexpr std::int64_t kMaxOpset = 23;

enum class AttributeType { kInt, kFloat, kString, kInts, kFloats, kTensor, kStrings };
/// "int", "float", "string", "ints", "floats", "tensor", "strings".
std::string to_string(AttributeType type);

struct AttributeDef {
  std::string name;
  AttributeType type = AttributeType::kInt;
  std::string doc;
  std::vector<std::string> allowed = {};  ///< values as text; empty: any
  std::int64_t since = kMinOpset;         ///< first opset of ONNX that knows the attribute
  std::int64_t until = kMaxOpset;         ///< last one
  bool required = false;
  bool any_case = false;  ///< `allowed` is compared without regard to case
};

/// One evaluation of a node: its inputs' contents and the graph that says what the outputs look
/// like.
struct Call {
  const Graph& graph;  ///< shapes inferred, all extents known
  const Node& node;
  std::vector<const Array*> inputs;  ///< nullptr is an omitted optional input

  bool has(std::size_t i) const { return i < inputs.size() && inputs[i] != nullptr; }
  const Array& input(std::size_t i) const { return *inputs[i]; }
  /// Zeros in the type and shape inferred for output i. Throws kBadShape past 2^31 elements.
  Array blank(std::size_t i = 0) const;
};

/// As OpDef::max_inputs or max_outputs: no limit.
inline constexpr std::size_t kAnyNumber = ~std::size_t{0};

struct OpDef {
  std::vector<std::string> names = {};      ///< the usual name first, then others of the same op
  std::vector<std::string> domains = {""};  ///< "" is ONNX's own
  std::int64_t since = kMinOpset;           ///< first opset of ONNX that has the op
  std::int64_t until = kMaxOpset;           ///< last one
  std::string doc = {};                     ///< one line
  std::size_t min_inputs = 1;
  std::size_t max_inputs = 1;
  std::vector<std::size_t> may_be_omitted =
      {};  ///< those of the first min_inputs that "" may stand for
  std::size_t max_outputs = 1;
  bool needs_first_output = true;  ///< else any one of them
  std::vector<AttributeDef> attributes = {};
  /// Constant folding keeps the node: it carries a number format that the quantiser reads.
  bool quantises = false;
  /// The outputs depend on nothing of the inputs but their shapes.
  bool reads_shapes_only = false;
  /// Sets type and shape of every output from the inputs'. Throws kBadShape, kBadType,
  /// kBadAttribute.
  void (*infer)(Graph& graph, const Node& node) = nullptr;
  /// The outputs' contents, as many as the node has; shapes are checked before, by infer().
  std::vector<Array> (*evaluate)(const Call& call) = nullptr;
};

/// All operators, in the order of their file names.
const std::vector<OpDef>& op_table();

/// The operator `op` of `domain`, or nullptr.
const OpDef* find_op(const std::string& op, const std::string& domain);

/// The operator of a node that passed check_node(). Throws kUnsupportedOp otherwise.
const OpDef& op_of(const Node& node);

/// Adds to `faults`: unknown operator (with the nearest known), wrong number of inputs or outputs,
/// attributes that are unknown in `opset`, missing, of the wrong type, or of a value not allowed.
void check_node(const Node& node, std::int64_t opset, base::Diagnostics& faults);

}  // namespace nn
