#include "pnr/netlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pnr {
namespace {

// The LUT that drives each signal, if one does.
base::IdVector<SignalId, LutId> drivers_of(const Netlist& netlist) {
  base::IdVector<SignalId, LutId> drivers(netlist.signals.size());
  for (const LutId id : netlist.luts.ids()) drivers[netlist.luts[id].output] = id;
  return drivers;
}

[[noreturn]] void fail_loop(const Netlist& netlist, const std::vector<LutId>& loop) {
  constexpr std::size_t kShown = 8;
  std::string names;
  for (std::size_t i = 0; i < std::min(loop.size(), kShown); ++i)
    names += (i ? " -> " : "") + netlist.signals[netlist.luts[loop[i]].output];
  if (loop.size() > kShown) names += " -> ...";
  base::fail(base::Code::kBadGraph, fmt::format("{} LUTs form a loop", loop.size()),
             base::printable(names), "break it with a flip-flop");
}

// Depth first, without recursion: a chain may be as long as the netlist.
class Ordering {
 public:
  explicit Ordering(const Netlist& netlist)
      : netlist_(netlist), drivers_(drivers_of(netlist)), states_(netlist.luts.size()) {}

  std::vector<LutId> run() {
    for (const LutId id : netlist_.luts.ids()) visit(id);
    return std::move(order_);
  }

 private:
  enum class State : char { kNew, kOpen, kDone };
  struct Step {
    LutId lut;
    std::size_t input = 0;  // the next to look at
  };

  void visit(LutId root) {
    open(root);
    while (!path_.empty()) {
      Step& step = path_.back();
      const Lut& lut = netlist_.luts[step.lut];
      if (step.input == lut.inputs.size())
        close();
      else if (const LutId driver = drivers_[lut.inputs[step.input++]]; driver.valid())
        open(driver);
    }
  }

  void open(LutId id) {
    if (states_[id] == State::kOpen) found_loop(id);
    if (states_[id] != State::kNew) return;
    states_[id] = State::kOpen;
    path_.push_back({id});
  }

  void close() {
    states_[path_.back().lut] = State::kDone;
    order_.push_back(path_.back().lut);
    path_.pop_back();
  }

  [[noreturn]] void found_loop(LutId again) const {
    auto from = std::ranges::find(path_, again, &Step::lut);
    std::vector<LutId> loop;
    for (; from != path_.end(); ++from) loop.push_back(from->lut);
    std::ranges::reverse(loop);  // in the order in which signals run
    fail_loop(netlist_, loop);
  }

  const Netlist& netlist_;
  base::IdVector<SignalId, LutId> drivers_;
  base::IdVector<LutId, State> states_;
  std::vector<Step> path_;
  std::vector<LutId> order_;
};

// Signals that some output hangs on.
base::IdVector<SignalId, bool> live_signals(const Netlist& netlist) {
  const base::IdVector<SignalId, LutId> luts = drivers_of(netlist);
  base::IdVector<SignalId, FlipFlopId> flip_flops(netlist.signals.size());
  for (const FlipFlopId id : netlist.flip_flops.ids())
    flip_flops[netlist.flip_flops[id].output] = id;
  base::IdVector<SignalId, bool> live(netlist.signals.size(), false);
  std::vector<SignalId> open = netlist.outputs;
  for (const HardBlock& one : netlist.hard) {
    open.insert(open.end(), one.inputs.begin(), one.inputs.end());
    open.push_back(one.clock);
  }
  while (!open.empty()) {
    const SignalId id = open.back();
    open.pop_back();
    if (!id.valid() || live[id]) continue;
    live[id] = true;
    if (luts[id].valid())
      open.insert(open.end(), netlist.luts[luts[id]].inputs.begin(),
                  netlist.luts[luts[id]].inputs.end());
    if (!flip_flops[id].valid()) continue;
    open.push_back(netlist.flip_flops[flip_flops[id]].input);
    open.push_back(netlist.flip_flops[flip_flops[id]].clock);
  }
  return live;
}

void leave_zeros_open(Netlist& netlist) {
  base::IdVector<SignalId, bool> is_zero(netlist.signals.size(), false);
  for (const Lut& lut : netlist.luts)
    is_zero[lut.output] = std::ranges::find(lut.truth, true) == lut.truth.end();
  for (HardBlock& one : netlist.hard)
    for (SignalId& input : one.inputs)
      if (input.valid() && is_zero[input]) input = SignalId();
}

}  // namespace

std::vector<LutId> ordered(const Netlist& netlist) { return Ordering(netlist).run(); }

Netlist swept(const Netlist& netlist) {
  Netlist kept = netlist;
  leave_zeros_open(kept);
  const base::IdVector<SignalId, bool> live = live_signals(kept);
  kept.luts.clear();
  kept.flip_flops.clear();
  for (const Lut& lut : netlist.luts)
    if (live[lut.output]) kept.luts.push_back(lut);
  for (const FlipFlop& flip_flop : netlist.flip_flops)
    if (live[flip_flop.output]) kept.flip_flops.push_back(flip_flop);
  return kept;
}

Netlist with_clock(Netlist netlist) {
  const auto unnamed = [](const FlipFlop& one) { return !one.clock.valid(); };
  if (std::ranges::none_of(netlist.flip_flops, unnamed)) return netlist;
  std::string name = "clock";
  while (std::ranges::find(netlist.signals, name) != netlist.signals.end()) name += "_";
  const SignalId clock = netlist.signals.push_back(name);
  netlist.inputs.push_back(clock);
  for (FlipFlop& one : netlist.flip_flops)
    if (unnamed(one)) one.clock = clock;
  return netlist;
}

Evaluator::Evaluator(const Netlist& netlist)
    : netlist_(netlist), order_(ordered(netlist)), values_(netlist.signals.size(), false) {
  for (const FlipFlop& one : netlist.flip_flops) values_[one.output] = one.initial;
}

std::vector<bool> Evaluator::outputs(const std::vector<bool>& inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) values_[netlist_.inputs[i]] = inputs[i];
  settle();
  std::vector<bool> outputs;
  for (const SignalId id : netlist_.outputs) outputs.push_back(values_[id]);
  return outputs;
}

void Evaluator::settle() {
  for (const LutId id : order_) {
    const Lut& lut = netlist_.luts[id];
    std::size_t row = 0;
    for (std::size_t k = 0; k < lut.inputs.size(); ++k)
      row |= std::size_t{values_[lut.inputs[k]]} << k;
    values_[lut.output] = lut.truth[row];
  }
}

void Evaluator::clock() {
  edge(false);
  settle();
  edge(true);
}

void Evaluator::edge(bool falling) {
  std::vector<std::pair<SignalId, bool>> next;
  for (const FlipFlop& one : netlist_.flip_flops)
    if (one.falling == falling) next.emplace_back(one.output, values_[one.input]);
  for (const auto& [output, value] : next) values_[output] = value;
}

}  // namespace pnr
