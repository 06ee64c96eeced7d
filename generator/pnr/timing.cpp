#include "pnr/timing.hpp"

#include <algorithm>

namespace pnr {

TimingGraph::TimingGraph(const Netlist& netlist, const Packing& packing,
                         const fabric::Architecture& architecture)
    : netlist_(netlist), delays_(architecture.delays), sources_(netlist.signals.size()) {
  add_sources(packing);
  add_elements(packing);
}

void TimingGraph::add_sources(const Packing& packing) {
  int block = 0;
  for (const std::vector<Element>& tile : packing.tiles) {
    for (const Element& one : tile) {
      if (one.lut.valid()) sources_[netlist_.luts[one.lut].output] = {block, 0, delays_.output};
      if (one.flip_flop.valid())
        sources_[netlist_.flip_flops[one.flip_flop].output] = {block, delays_.clock_to_q,
                                                               delays_.output};
    }
    ++block;
  }
  for (const SignalId input : netlist_.inputs) sources_[input] = {block++, delays_.input_pad, 0};
  block += static_cast<int>(netlist_.outputs.size());
  for (const HardBlock& one : netlist_.hard) {
    for (const SignalId output : one.outputs)
      if (output.valid()) sources_[output] = {block, delays_.clock_to_q, delays_.output};
    ++block;
  }
  for (std::size_t net = 0; net < packing.signals.size(); ++net) {
    sources_[packing.signals[net]].net = static_cast<int>(net);
    first_sinks_.push_back(connections_);
    connections_ += packing.packed.nets[net].sinks.size();
  }
}

// LUTs in the order in which they settle, then what stands alone behind them.
void TimingGraph::add_elements(const Packing& packing) {
  for (const LutId id : ordered(netlist_)) {
    const Lut& lut = netlist_.luts[id];
    for (const SignalId input : lut.inputs)
      arcs_.push_back(read(input, lut.output, sources_[lut.output].block, delays_.lut, packing));
  }
  int block = 0;
  for (const std::vector<Element>& tile : packing.tiles) {
    for (const Element& one : tile) add_element(one, block, packing);
    ++block;
  }
  block += static_cast<int>(netlist_.inputs.size());
  for (const SignalId output : netlist_.outputs) {
    arcs_.push_back(read(output, output, block++, delays_.output_pad - delays_.local_in, packing));
    arcs_.back().ends = true;
  }
  for (const HardBlock& one : netlist_.hard) add_hard(one, block++, packing);
}

// What a hard block reads ends there; what leaves it begins there.
void TimingGraph::add_hard(const HardBlock& hard, int block, const Packing& packing) {
  for (std::size_t pin = 0; pin < hard.inputs.size(); ++pin) {
    const SignalId input = hard.inputs[pin];
    if (!input.valid()) continue;
    const Terminal sink{block, static_cast<int>(pin)};
    arcs_.push_back({input, input, connection(input, sink, packing),
                     sources_[input].output + delays_.setup, true});
  }
}

int TimingGraph::connection(SignalId signal, const Terminal& sink, const Packing& packing) const {
  const auto net = static_cast<std::size_t>(sources_[signal].net);
  const std::vector<Terminal>& sinks = packing.packed.nets[net].sinks;
  return static_cast<int>(first_sinks_[net]) +
         static_cast<int>(std::ranges::lower_bound(sinks, sink) - sinks.begin());
}

void TimingGraph::add_element(const Element& element, int block, const Packing& packing) {
  if (!element.flip_flop.valid()) return;
  const FlipFlop& one = netlist_.flip_flops[element.flip_flop];
  if (element.lut.valid())
    arcs_.push_back({one.input, one.output, -1, delays_.setup});
  else
    arcs_.push_back(read(one.input, one.output, block, delays_.lut + delays_.setup, packing));
  arcs_.back().ends = true;
}

// `after`: picoseconds from an input of a LUT on.
TimingGraph::Arc TimingGraph::read(SignalId from, SignalId to, int block, int after,
                                   const Packing& packing) const {
  const Source& source = sources_[from];
  if (source.block == block) return {from, to, -1, delays_.local_back + after};
  return {from, to, connection(from, {block, kAnyPin}, packing),
          source.output + delays_.local_in + after};
}

base::IdVector<SignalId, int> TimingGraph::arrivals(std::span<const int> delays) const {
  base::IdVector<SignalId, int> arrivals;
  for (const Source& source : sources_) arrivals.push_back(source.arrival);
  for (const Arc& arc : arcs_)
    if (!arc.ends)
      arrivals[arc.to] = std::max(arrivals[arc.to], arrivals[arc.from] + delay(arc, delays));
  return arrivals;
}

Timing TimingGraph::analyse(std::span<const int> delays) const {
  const base::IdVector<SignalId, int> arrival = arrivals(delays);
  Timing timing;
  for (const Arc& arc : arcs_)
    if (arc.ends) timing.period = std::max(timing.period, arrival[arc.from] + delay(arc, delays));
  timing.criticality.assign(connections_, 0);
  if (timing.period == 0) return timing;

  base::IdVector<SignalId, int> required(netlist_.signals.size(), timing.period);
  for (auto arc = arcs_.rbegin(); arc != arcs_.rend(); ++arc) {
    const int end = arc->ends ? timing.period : required[arc->to];
    const int start = end - delay(*arc, delays);
    required[arc->from] = std::min(required[arc->from], start);
    if (arc->connection < 0) continue;
    float& criticality = timing.criticality[static_cast<std::size_t>(arc->connection)];
    const auto slack = static_cast<float>(start - arrival[arc->from]);
    criticality = std::max(criticality, 1 - slack / static_cast<float>(timing.period));
  }
  return timing;
}

std::vector<PathStep> TimingGraph::longest_path(std::span<const int> delays) const {
  const base::IdVector<SignalId, int> arrival = arrivals(delays);
  std::vector<PathStep> path;
  for (const Arc& arc : arcs_) {
    const int end = arrival[arc.from] + delay(arc, delays);
    if (arc.ends && (path.empty() || end > path[0].arrival))
      path = {{arc.to, end}, {arc.from, arrival[arc.from]}};
  }
  // Backwards: arcs are in the order of paths.
  for (auto arc = arcs_.rbegin(); arc != arcs_.rend() && !path.empty(); ++arc) {
    const PathStep& at = path.back();
    if (!arc->ends && arc->to == at.signal &&
        arrival[arc->from] + delay(*arc, delays) == at.arrival)
      path.push_back({arc->from, arrival[arc->from]});
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace pnr
