#include "pnr/check_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace pnr {

namespace {

class Comparing {
 public:
  Comparing(const Implementation& done, const Extracted& extracted, base::Diagnostics& diagnostics)
      : done_(done), extracted_(extracted), diagnostics_(diagnostics) {
    const Netlist& found = extracted.netlist;
    for (const SignalId id : found.signals.ids()) by_name_[found.signals[id]] = id;
    for (const LutId id : found.luts.ids()) luts_[found.luts[id].output] = id;
    for (const FlipFlopId id : found.flip_flops.ids())
      flip_flops_[found.flip_flops[id].output] = id;
  }

  void run() {
    for (const std::string& what : extracted_.faults) fault(what);
    name_signals();
    for (std::size_t tile = 0; tile < done_.packing.tiles.size(); ++tile)
      for (std::size_t k = 0; k < done_.packing.tiles[tile].size(); ++k)
        check_element(done_.packing.tiles[tile][k], done_.placement[tile], static_cast<int>(k));
    check_outputs();
    check_hard_blocks();
    check_count();
  }

 private:
  void fault(const std::string& what, const std::string& where = {}) {
    diagnostics_.add(base::Code::kRoutingInvalid, what, where);
  }

  // Where each signal of the circuit comes from.
  void name_signals() {
    std::size_t block = 0;
    for (const std::vector<Element>& tile : done_.packing.tiles) {
      const Site& site = done_.placement[block++];
      for (std::size_t k = 0; k < tile.size(); ++k) {
        const auto number = static_cast<int>(k);
        if (tile[k].lut.valid())
          places_[done_.netlist.luts[tile[k].lut].output] = lut_at(site, number);
        if (tile[k].flip_flop.valid())
          places_[done_.netlist.flip_flops[tile[k].flip_flop].output] = flip_flop_at(site, number);
      }
    }
    for (const SignalId input : done_.netlist.inputs)
      places_[input] = input_at(done_.placement[block++]);
    first_output_ = block;
    block += done_.netlist.outputs.size();
    for (const HardBlock& one : done_.netlist.hard) {
      for (std::size_t pin = 0; pin < one.outputs.size(); ++pin)
        if (one.outputs[pin].valid())
          places_[one.outputs[pin]] = hard_output_at(done_.placement[block], static_cast<int>(pin));
      ++block;
    }
  }

  void check_element(const Element& element, const Site& site, int number) {
    const std::string name = lut_at(site, number);
    Lut wanted;
    if (element.lut.valid())
      wanted = done_.netlist.luts[element.lut];
    else
      wanted = {{done_.netlist.flip_flops[element.flip_flop].input}, {}, {false, true}};
    check_function(wanted, name);
    if (!element.flip_flop.valid()) return;
    const FlipFlop& one = done_.netlist.flip_flops[element.flip_flop];
    const auto found = by_name_.find(flip_flop_at(site, number));
    if (found == by_name_.end() || !flip_flops_.contains(found->second))
      return fault("there is no flip-flop", name);
    if (extracted_.netlist.flip_flops[flip_flops_.at(found->second)].initial != one.initial)
      fault("a flip-flop begins with another value", name);
  }

  // Whether the LUT at `name` is `wanted` for all values of what that reads.
  void check_function(const Lut& wanted, const std::string& name) {
    Lut found{{}, {}, {false}};  // what is off is 0
    if (const auto at = by_name_.find(name); at != by_name_.end())
      found = extracted_.netlist.luts[luts_.at(at->second)];
    std::vector<std::string> names;
    for (const SignalId input : wanted.inputs)
      if (std::ranges::find(names, places_.at(input)) == names.end())
        names.push_back(places_.at(input));
    for (const SignalId input : found.inputs)
      if (std::ranges::find(names, extracted_.netlist.signals[input]) == names.end())
        return fault("a LUT reads another signal", name);
    for (unsigned values = 0; values < 1U << names.size(); ++values) {
      const auto bit = [&](const std::string& source) -> unsigned {
        if (!by_name_.contains(source)) return 0;  // off
        return values >> (std::ranges::find(names, source) - names.begin()) & 1;
      };
      std::size_t wanted_row = 0, found_row = 0;
      for (std::size_t k = 0; k < wanted.inputs.size(); ++k)
        wanted_row |= std::size_t{bit(places_.at(wanted.inputs[k]))} << k;
      for (std::size_t k = 0; k < found.inputs.size(); ++k)
        found_row |= std::size_t{bit(extracted_.netlist.signals[found.inputs[k]])} << k;
      if (wanted.truth[wanted_row] != found.truth[found_row])
        return fault("a LUT computes something else", name);
    }
  }

  void check_outputs() {
    const Netlist& found = extracted_.netlist;
    std::map<std::string, std::string> shown;
    for (std::size_t i = 0; i < found.outputs.size(); ++i)
      shown[found.signals[found.outputs[i]]] =
          extracted_.read[i].valid() ? found.signals[extracted_.read[i]] : "";
    for (std::size_t i = 0; i < done_.netlist.outputs.size(); ++i) {
      const std::string name = output_at(done_.placement[first_output_ + i]);
      const SignalId signal = done_.netlist.outputs[i];
      const std::string& place = places_.at(signal);
      const auto at = shown.find(name);
      if (at == shown.end() || at->second != (by_name_.contains(place) ? place : ""))
        fault("a pad does not show its output",
              name + " " + base::printable(done_.netlist.signals[signal]));
    }
  }

  // Hard blocks pin by pin: each reads what drives it, and nothing where it is open.
  void check_hard_blocks() {
    std::map<std::string, const HardBlock*> found;
    for (const HardBlock& one : extracted_.netlist.hard) found[one.name] = &one;
    std::size_t block = first_output_ + done_.netlist.outputs.size();
    for (const HardBlock& wanted : done_.netlist.hard) {
      const std::string name = hard_at(done_.placement[block++]);
      const bool is_off = std::ranges::none_of(wanted.inputs, &SignalId::valid);
      if (const auto at = found.find(name); at != found.end())
        check_hard(wanted, *at->second, name);
      else if (!is_off)
        fault("a hard tile is off", name + " " + base::printable(wanted.name));
    }
  }

  void check_hard(const HardBlock& wanted, const HardBlock& found, const std::string& name) {
    if (found.kind != wanted.kind) return fault("a hard tile is of another kind", name);
    for (std::size_t pin = 0; pin < wanted.inputs.size(); ++pin) {
      const SignalId signal = wanted.inputs[pin];
      std::string place;  // as the fabric has it: what is off is 0
      if (signal.valid() && by_name_.contains(places_.at(signal))) place = places_.at(signal);
      const SignalId read = found.inputs[pin];
      if (place != (read.valid() ? extracted_.netlist.signals[read] : ""))
        fault(fmt::format("input {} of a hard tile reads another signal", pin), name);
    }
  }

  void check_count() {
    const auto expect = [this](std::size_t found, std::size_t wanted, const char* what) {
      if (found > wanted) fault(fmt::format("{} {}, and the circuit has {}", found, what, wanted));
    };
    expect(extracted_.netlist.outputs.size(), done_.netlist.outputs.size(), "pads show something");
    expect(extracted_.netlist.flip_flops.size(), done_.netlist.flip_flops.size(), "flip-flops");
    std::size_t elements = done_.netlist.outputs.size();
    for (const std::vector<Element>& tile : done_.packing.tiles) elements += tile.size();
    expect(extracted_.netlist.hard.size(), done_.netlist.hard.size(), "hard tiles are on");
    expect(extracted_.netlist.luts.size(), elements, "LUTs and pads are on");
  }

  const Implementation& done_;
  const Extracted& extracted_;
  base::Diagnostics& diagnostics_;
  std::map<std::string, SignalId> by_name_;    // of the fabric
  std::map<SignalId, LutId> luts_;             // by output
  std::map<SignalId, FlipFlopId> flip_flops_;  // by output
  std::map<SignalId, std::string> places_;     // of the circuit's signals
  std::size_t first_output_ = 0;               // block
};

}  // namespace

void check_configuration(const Implementation& done, const Extracted& extracted,
                         base::Diagnostics& diagnostics) {
  Comparing(done, extracted, diagnostics).run();
}

}  // namespace pnr
