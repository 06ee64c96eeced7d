// Small edits that the passes share.
#pragma once

#include <string>
#include <unordered_map>

#include "nn/graph.hpp"

namespace nn {

/// Names that are taken, of values or of nodes.
class Names {
 public:
  /// All names in `list`, a graph's values or nodes.
  template <class List>
  explicit Names(const List& list) {
    for (const auto& entry : list) next_.emplace(entry.name, 2);
  }

  /// `name`, or `name` with a number behind it, that nothing had so far.
  std::string fresh(const std::string& name);

 private:
  std::unordered_map<std::string, int> next_;  // a taken name, and the number to try behind it
};

/// Adds a constant named after `name`; `values` are the names of the graph's values.
ValueId add_constant(Graph& graph, Names& values, const std::string& name, Array array);

}  // namespace nn
