#include "pnr/crowd.hpp"

#include <algorithm>

namespace pnr {

Crowd most_crowded(const fabric::Graph& graph, const Congestion& congestion) {
  const fabric::Architecture& architecture = graph.architecture();
  const int across = architecture.columns + 2, up = architecture.rows + 2;
  std::vector<int> tiles(static_cast<std::size_t>(across * up));
  for (std::size_t index = 0; index < graph.size(); ++index) {
    const fabric::NodeId node(index);
    if (!congestion.shared(node)) continue;
    const fabric::Span& at = graph.span(node);
    for (int y = at.y_low; y <= at.y_high; ++y)
      for (int x = at.x_low; x <= at.x_high; ++x)
        tiles[static_cast<std::size_t>(y * across + x)] += congestion.nets(node) - 1;
  }
  const int most = static_cast<int>(std::max_element(tiles.begin(), tiles.end()) - tiles.begin());
  const int x = most % across, y = most / across, reach = architecture.segment_length / 2;
  return {x,
          y,
          {std::max(x - reach, 0), std::max(y - reach, 0), std::min(x + reach, across - 1),
           std::min(y + reach, up - 1)}};
}

}  // namespace pnr
