#include "nn/edit.hpp"

#include <fmt/format.h>

namespace nn {

std::string Names::fresh(const std::string& name) {
  std::string candidate = name;
  // The number is kept, so that many names after one take as many steps.
  while (!next_.emplace(candidate, 2).second) candidate = fmt::format("{}_{}", name, next_[name]++);
  return candidate;
}

ValueId add_constant(Graph& graph, Names& values, const std::string& name, Array array) {
  const ValueId id(graph.values.size());
  graph.values.push_back(Value{values.fresh(name), array.dtype, array.shape, {}});
  graph.values.back().constant = std::move(array);
  return id;
}

}  // namespace nn
