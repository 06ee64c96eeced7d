#include "nn/edit.hpp"

namespace nn {

ValueId add_constant(Graph& graph, base::UniqueNames& values, const std::string& name,
                     Array array) {
  const ValueId id(graph.values.size());
  graph.values.push_back(Value{values.take(name), array.dtype, array.shape, {}});
  graph.values.back().constant = std::move(array);
  return id;
}

}  // namespace nn
