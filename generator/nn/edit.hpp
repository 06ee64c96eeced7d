// Small edits that the passes share.
#pragma once

#include <string>

#include "nn/graph.hpp"

namespace nn {

/// Adds a constant named after `name`, made unique with a number where needed.
ValueId add_constant(Graph& graph, const std::string& name, Array array);

/// `name`, or `name` with a number behind it, that no node has.
std::string fresh_node_name(const Graph& graph, const std::string& name);

/// All readers of `from`, nodes and graph outputs, read `to` instead.
void redirect(Graph& graph, ValueId from, ValueId to);

/// Whether node `reader` is the only use of `id`, which is not an output of the graph.
bool read_only_by(const Graph& graph, ValueId id, NodeId reader);

/// Whether `id` is an output of the graph.
bool is_output(const Graph& graph, ValueId id);

}  // namespace nn
