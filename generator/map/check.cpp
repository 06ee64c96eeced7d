// The checker of mapping, written without map()'s helpers.
#include <fmt/format.h>

#include "base/error.hpp"
#include "map/design.hpp"

namespace map {

void check(const Design& design) {
  const auto wrong = [](const std::string& pe, const std::string& what) {
    base::fail(base::Code::kInternal, "mapping is wrong: " + what, "PE " + pe);
  };
  for (const Pe& pe : design.pes) {
    for (std::size_t i = 0; i < pe.inputs.size(); ++i) {
      int arrival = design.bus(pe.inputs[i].bus).phase;
      if (pe.delays[i].valid()) {
        const Delay& delay = design.delays[pe.delays[i].index()];
        if (delay.lanes != pe.inputs[i]) wrong(pe.name, "a delay carries other lanes");
        arrival += delay.ticks;
      }
      if (arrival != pe.phase)
        wrong(pe.name, fmt::format("input {} arrives at tick {}", i, arrival));
    }
    if (pe.above.valid() && design.pes[pe.above.index()].phase + 1 != pe.phase)
      wrong(pe.name, "the sum from above is out of step");
    const core::CoreOp& op = design.program.ops[pe.op.index()];
    if (op.is_first() == pe.above.valid()) wrong(pe.name, "its cascade is cut");
    const int answer = pe.phase + (design.neuron == config::Neuron::kExact ? design.window + 1 : 1);
    if (op.is_last() && design.bus(op.output).phase != answer)
      wrong(pe.name, fmt::format("answers at tick {}, not with its bus", answer));
  }
}

}  // namespace map
