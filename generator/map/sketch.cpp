#include "map/sketch.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "units/delay/delay.hpp"

namespace map {

Sketch::Sketch(core::Program program, const config::Pe& spec, const Host& host,
               config::Islands islands, const units::CellsSpeed& cells)
    : program_(std::make_shared<const core::Program>(std::move(program))),
      spec_(spec),
      cells_speed_(cells),
      cut_(cut(*program_, spec, islands)) {
  design_.name = base::stem_of(program_->name, kStemLength);
  design_.program = program_;
  design_.host = host;
}

Marks Sketch::declare_marks(int phase) {
  const std::string& prefix = here().prefix;
  const Marks marks{mark(fmt::format("{}win_t{}", prefix, phase), phase),
                    mark(fmt::format("{}live_t{}", prefix, phase), phase)};
  here().marks.emplace(phase, marks);
  return marks;
}

Marks Sketch::marks(int phase) {
  const Part& part = here();
  if (const auto found = part.marks.find(phase); found != part.marks.end()) return found->second;
  const int start = schedule_.input_phase;
  const Marks from = part.marks.at(start);
  const Marks to = declare_marks(phase);
  place_at(start, fmt::format("{}window_t{}", part.prefix, phase),
           units::mark_delay(design_.island(island_).window, phase - start),
           {{"win_i", pin(from.win)},
            {"live_i", pin(from.live)},
            {"win_o", pin(to.win)},
            {"live_o", pin(to.live)}});
  return to;
}

}  // namespace map
