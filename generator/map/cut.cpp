#include "map/cut.hpp"

namespace map {

Cut cut(const core::Program& program, config::Islands how) {
  Cut cut{base::IdVector<core::StreamId, IslandId>(program.streams.size(), IslandId{0}), 1};
  if (how != config::Islands::kLayer) return cut;
  base::IdVector<core::StreamId, bool> placed(program.streams.size(), false);
  cut.count = 0;
  for (const core::CoreOp& op : program.ops) {
    if (!placed[op.output]) cut.island[op.output] = IslandId{cut.count++};
    placed[op.output] = true;
  }
  return cut;
}

}  // namespace map
