#include "emit/places.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace emit {

using fabric::NodeId;

std::size_t Shape::inputs_end() const {
  std::size_t end = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].kind == fabric::NodeKind::kInput) end = i + 1;
  return end;
}

int Shape::inputs() const {
  int most = -1;
  for (const Node& node : nodes)
    for (const Source& source : node.sources)
      if (!source.is_local) most = std::max(most, source.index);
  return most + 1;
}

int Shape::outputs() const { return static_cast<int>(std::ranges::count_if(nodes, &Node::leaves)); }

Places::Places(const fabric::Graph& graph)
    : graph_(graph), fanins_(graph), across_(graph.architecture().columns + 2) {
  const int down = graph.architecture().rows + 2;
  places_.resize(static_cast<std::size_t>(across_ * down));
  for (std::size_t node = 0; node < graph.size(); ++node) {
    Place& place = places_[index(NodeId(node))];
    locals_.push_back(static_cast<int>(place.nodes.size()));
    if (graph.kind(NodeId(node)) == fabric::NodeKind::kOutput && graph.is_link(NodeId(node)))
      continue;
    place.nodes.push_back(NodeId(node));
  }
  for (int y = 0; y < down; ++y)
    for (int x = 0; x < across_; ++x) describe(x, y);
}

std::size_t Places::index(NodeId node) const {
  const fabric::Home home = fabric::home_of(graph_, node);
  return index(home.x, home.y);
}

void Places::describe(int x, int y) {
  Place& place = places_[index(x, y)];
  place.shape.tile = fabric::tile_at(graph_.architecture(), x, y);
  if (place.shape.tile == fabric::Tile::kHard)
    place.shape.hard = fabric::hard_in(graph_.architecture(), x);
  std::map<NodeId, int> known;
  for (const NodeId node : place.nodes) {
    Shape::Node shape{graph_.kind(node), leaves(node), {}};
    if (shape.kind == fabric::NodeKind::kInput && graph_.is_link(node)) {
      place.shape.takes_link = !fanins_.of(node).empty();
      place.shape.nodes.push_back(std::move(shape));
      continue;
    }
    for (const NodeId from : fanins_.of(node)) {
      if (index(from) == index(node)) {
        shape.sources.push_back({true, locals_[from.index()]});
        continue;
      }
      const auto [it, is_new] = known.try_emplace(from, static_cast<int>(known.size()));
      if (is_new) place.outside.push_back(from);
      shape.sources.push_back({false, it->second});
    }
    place.shape.nodes.push_back(std::move(shape));
  }
}

bool Places::leaves(NodeId node) const {
  const auto elsewhere = [&](NodeId to) { return index(to) != index(node); };
  return std::ranges::any_of(graph_.wires(node), elsewhere) ||
         std::ranges::any_of(graph_.inputs(node), elsewhere);
}

}  // namespace emit
