// Small edits that the passes share.
#pragma once

#include <string>

#include "base/text.hpp"
#include "nn/graph.hpp"

namespace nn {

/// The names of `list`, a graph's values or nodes, all taken.
template <class List>
base::UniqueNames names_of(const List& list) {
  base::UniqueNames names("_");
  for (const auto& entry : list) names.take(entry.name);
  return names;
}

/// Adds a constant named after `name`; `values` are the names of the graph's values.
ValueId add_constant(Graph& graph, base::UniqueNames& values, const std::string& name, Array array);

}  // namespace nn
