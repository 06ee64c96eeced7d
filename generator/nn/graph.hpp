// The network as a directed acyclic graph of ONNX nodes over named values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/strong_id.hpp"
#include "nn/array.hpp"

namespace nn {

using ValueId = base::StrongId<struct ValueTag>;
using NodeId = base::StrongId<struct NodeTag>;

/// Sizes that an unknown extent is tried at, to see which parts of a shape that the graph computes
/// depend on it: a few far apart, so that bounds and cases that a graph may ask for show.
inline constexpr std::array<std::int64_t, 4> kTrialExtents = {1, 30, 7919, 1'000'003};

/// One edge of the graph: an input, an initialiser or a node's output.
struct Value {
  std::string name;
  DType dtype = DType::kFloat;
  Shape shape;                    ///< filled by infer_shapes()
  std::optional<Array> constant;  ///< initialisers, and node outputs known before running
  /// What a small value that is computed from unknown extents would be if they all were
  /// kTrialExtents[i]; empty for all others. Filled by infer_shapes().
  std::vector<Array> trials = {};
};

using Attribute = std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>,
                               std::vector<float>, Array, std::vector<std::string>>;

struct Node {
  std::string name;  ///< unique in the graph; invented from op and index where ONNX has none
  std::string op;
  std::string domain;           ///< "" is ONNX's own
  std::vector<ValueId> inputs;  ///< an invalid id is an omitted optional input
  std::vector<ValueId> outputs;
  std::map<std::string, Attribute> attributes;

  /// Attribute `key`, or `fallback` if absent. Throws kBadAttribute if it has another type.
  std::int64_t int_attribute(const std::string& key, std::int64_t fallback) const;
  float float_attribute(const std::string& key, float fallback) const;
  std::string string_attribute(const std::string& key, const std::string& fallback) const;
  std::vector<std::int64_t> ints_attribute(const std::string& key,
                                           const std::vector<std::int64_t>& fallback) const;
  std::vector<float> floats_attribute(const std::string& key,
                                      const std::vector<float>& fallback) const;
  std::vector<std::string> strings_attribute(const std::string& key,
                                             const std::vector<std::string>& fallback) const;
};

/// `node "fc1" (Gemm)`: how error messages name a node.
std::string describe(const Node& node);

/// Nodes are kept in topological order. Values are owned by the graph and named by id. For who
/// makes and who reads a value: Uses.
struct Graph {
  std::string name;
  std::int64_t opset = 0;  ///< of ONNX's own domain
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;  ///< without initialisers
  std::vector<ValueId> outputs;

  const Value& value(ValueId id) const { return values[id.index()]; }
  Value& value(ValueId id) { return values[id.index()]; }
  const Node& node(NodeId id) const { return nodes[id.index()]; }
  Node& node(NodeId id) { return nodes[id.index()]; }
  /// Node that makes `id`, or an invalid id for inputs and initialisers. Linear in the nodes; for
  /// more than a few values take Uses.
  NodeId producer(ValueId id) const;
  bool is_constant(ValueId id) const { return id.valid() && value(id).constant.has_value(); }
};

/// Who makes and who reads each value, gathered from a graph in one walk. It does not follow later
/// edits of the graph by itself.
struct Uses {
  explicit Uses(const Graph& graph);

  /// Whether `id` is an output of the graph.
  bool is_output(ValueId id) const { return outputs[id.index()]; }
  /// Whether node `reader` is the only use of `id`, which is not an output of the graph.
  bool is_read_only_by(ValueId id, NodeId reader) const {
    return !is_output(id) && readers[id.index()] == std::vector<NodeId>{reader};
  }

  std::vector<NodeId> producer;              ///< a value; invalid for inputs and constants
  std::vector<std::vector<NodeId>> readers;  ///< a value; in topological order, a node once
  std::vector<bool> outputs;                 ///< a value
};

}  // namespace nn
