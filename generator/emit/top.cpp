#include "emit/top.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "map/replay.hpp"

namespace emit {

namespace {

// "6", or "4 to 8" where islands differ.
std::string window_text(const map::Design& design) {
  const auto [least, most] = std::ranges::minmax(design.islands, {}, &map::Island::window);
  return least.window == most.window ? std::to_string(most.window)
                                     : fmt::format("{} to {}", least.window, most.window);
}

std::vector<std::string> header(const map::Design& design) {
  std::vector<std::string> lines{
      fmt::format("Network {}: {} PEs, {} train of {} ticks a window.", design.name,
                  design.pes.size(), config::to_string(design.islands.front().train),
                  window_text(design)),
      fmt::format("Latency {} ticks; a {} enters every window. Spec {:08x}.",
                  map::latency(map::token_flow(design)),
                  map::input_frame(design).tokens > 1 ? "position" : "sample",
                  design.host.spec_hash)};
  if (design.islands.size() > 1)
    lines.push_back(fmt::format("{} islands, {} channels between them.", design.islands.size(),
                                design.channels.size()));
  for (std::size_t b = 0; b < design.streams.size(); ++b) {
    const map::Link& spikes = design.spikes(core::StreamId{b});
    const bool is_signed = design.program->streams[core::StreamId{b}].format.is_signed;
    lines.push_back(fmt::format("  Bus {}: {} lanes{}, at tick {}", design.streams[b].stem,
                                spikes.lanes, is_signed ? " (x+ then x-)" : "", spikes.phase));
  }
  return lines;
}

class Printer {
 public:
  explicit Printer(const map::Design& design)
      : design_(design), netlist_("fpsa_top"), top_("fpsa_top", header(design)) {
    for (const map::Link& link : design.links) declare(link);
    for (const map::Instance& instance : design.instances) print(instance);
    for (std::size_t l = 0; l < nets_.size(); ++l)
      if (design.links[l].kind != verilog::NetKind::kOutput &&
          std::ranges::find(read_[l], false) != read_[l].end())
        top_.discard(design.links[l].name, nets_[l]);
  }

  Rtl take() {
    netlist_.add(std::move(top_));
    verify(netlist_);
    Rtl rtl{legalize(netlist_), {}};
    const verilog::Module& legal = *rtl.design.find(rtl.design.top());
    const auto name = [&](map::LinkId link) { return legal.net(net(link).id).name; };
    for (std::size_t b = 0; b < design_.streams.size(); ++b) {
      if (design_.program->streams[core::StreamId{b}].is_copy()) continue;
      const map::Stream& stream = design_.streams[b];
      const map::Island& island = design_.island_of(core::StreamId{b});
      const core::Stream& carried = design_.program->streams[core::StreamId{b}];
      rtl.probes.push_back({carried.name, carried.lanes, name(stream.spikes), name(stream.win),
                            name(stream.live), name(island.tick), island.window, island.train,
                            carried.tokens});
    }
    return rtl;
  }

 private:
  const verilog::Net& net(map::LinkId link) const { return nets_[link.index()]; }

  void declare(const map::Link& link) {
    read_.emplace_back(static_cast<std::size_t>(link.width()), false);
    if (!link.heading.empty()) top_.comment(link.heading);
    switch (link.kind) {
      case verilog::NetKind::kInput:
        nets_.push_back(top_.input(link.name, link.width()));
        break;
      case verilog::NetKind::kOutput:
        nets_.push_back(top_.output(link.name, link.width()));
        break;
      case verilog::NetKind::kWire:
        nets_.push_back(top_.wire(link.name, link.width()));
        break;
    }
  }

  void print(const map::Instance& instance) {
    verilog::Instance& printed = add(*instance.unit, "u_" + instance.name);
    for (const auto& [name, value] : instance.unit->parameters())
      std::visit([&, &name = name](const auto& set) { printed.parameter(name, set); }, value);
    const std::vector<units::Port>& ports = instance.unit->ports();
    for (std::size_t p = 0; p < ports.size(); ++p) {
      if (instance.pins[p].empty()) continue;
      printed.port(ports[p].name, expression(instance.pins[p]));
      if (!ports[p].is_input()) continue;
      for (const map::Wires& wires : instance.pins[p])
        if (wires.link.valid())
          std::fill_n(read_[wires.link.index()].begin() + wires.first, wires.count, true);
    }
  }

  verilog::Instance& add(const units::Unit& unit, const std::string& name) {
    if (const verilog::Module* module = module_of(unit)) return top_.instance(*module, name);
    return top_.instance(unit.signature(), name);
  }

  // Equal units are one module, and so are tiles that a cascade uses differently.
  const verilog::Module* module_of(const units::Unit& unit) {
    if (const auto known = modules_.find(&unit); known != modules_.end()) return known->second;
    for (verilog::Module& below : unit.below())
      if (!netlist_.find(below.name())) netlist_.add(std::move(below));
    std::optional<verilog::Module> module = unit.structure();
    const verilog::Module* added = nullptr;
    if (module) {
      added = netlist_.find(module->name());
      if (!added || !is_tile(unit)) added = &netlist_.add(std::move(*module));
    }
    return modules_[&unit] = added;
  }

  static bool is_tile(const units::Unit& unit) {
    const auto* pe = dynamic_cast<const units::PeUnit*>(&unit);
    return pe && pe->config().is_tile;
  }

  // A pin's lowest wires come last in a concatenation.
  verilog::Expr expression(const map::Pin& pin) const {
    std::vector<verilog::Expr> parts;
    for (std::size_t i = pin.size(); i-- > 0;) {
      const auto& [link, first, count] = pin[i];
      parts.push_back(link.valid() ? net(link).slice(first, count)
                                   : verilog::constant(count, static_cast<std::uint64_t>(first)));
    }
    return verilog::concat(parts);
  }

  const map::Design& design_;
  verilog::Design netlist_;
  verilog::Module top_;
  std::vector<verilog::Net> nets_;                                // by link
  std::vector<std::vector<bool>> read_;                           // by link and wire
  std::map<const units::Unit*, const verilog::Module*> modules_;  // null: a leaf
};

}  // namespace

Rtl hardwired(const map::Design& design) { return Printer(design).take(); }

}  // namespace emit
