#include "nn/graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/text.hpp"

namespace nn {

namespace {

// Attribute `key` as a T, or nothing if the node has no such attribute.
template <class T>
const T* find_attribute(const Node& node, const std::string& key, const char* wanted) {
  const auto found = node.attributes.find(key);
  if (found == node.attributes.end()) return nullptr;
  const T* value = std::get_if<T>(&found->second);
  if (!value)
    base::fail(base::Code::kBadAttribute, fmt::format("attribute \"{}\" is not {}", key, wanted),
               describe(node));
  return value;
}

}  // namespace

std::int64_t Node::int_attribute(const std::string& key, std::int64_t fallback) const {
  const auto* value = find_attribute<std::int64_t>(*this, key, "an integer");
  return value ? *value : fallback;
}

float Node::float_attribute(const std::string& key, float fallback) const {
  const auto* value = find_attribute<float>(*this, key, "a float");
  return value ? *value : fallback;
}

std::string Node::string_attribute(const std::string& key, const std::string& fallback) const {
  const auto* value = find_attribute<std::string>(*this, key, "a string");
  return value ? *value : fallback;
}

std::vector<std::int64_t> Node::ints_attribute(const std::string& key,
                                               const std::vector<std::int64_t>& fallback) const {
  const auto* value = find_attribute<std::vector<std::int64_t>>(*this, key, "a list of integers");
  return value ? *value : fallback;
}

std::vector<float> Node::floats_attribute(const std::string& key,
                                          const std::vector<float>& fallback) const {
  const auto* value = find_attribute<std::vector<float>>(*this, key, "a list of floats");
  return value ? *value : fallback;
}

std::vector<std::string> Node::strings_attribute(const std::string& key,
                                                 const std::vector<std::string>& fallback) const {
  const auto* value = find_attribute<std::vector<std::string>>(*this, key, "a list of strings");
  return value ? *value : fallback;
}

std::string describe(const Node& node) {
  const std::string domain = node.domain.empty() ? "" : base::printable(node.domain) + ".";
  return fmt::format("node {} ({}{})", base::quoted_name(node.name), domain,
                     base::printable(node.op));
}

NodeId Graph::producer(ValueId id) const {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (std::ranges::find(nodes[i].outputs, id) != nodes[i].outputs.end()) return NodeId(i);
  return NodeId();
}

Uses::Uses(const Graph& graph)
    : producer(graph.values.size()),
      readers(graph.values.size()),
      outputs(graph.values.size(), false) {
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const NodeId node(n);
    for (const ValueId id : graph.nodes[n].outputs)
      if (id.valid()) producer[id.index()] = node;
    for (const ValueId id : graph.nodes[n].inputs)
      if (id.valid() && (readers[id.index()].empty() || readers[id.index()].back() != node))
        readers[id.index()].push_back(node);
  }
  for (const ValueId id : graph.outputs) outputs[id.index()] = true;
}

}  // namespace nn
