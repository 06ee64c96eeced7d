#include "emit/circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "emit/hard_module.hpp"
#include "fabric/grid.hpp"
#include "fabric/layout.hpp"
#include "units/leaves.hpp"

namespace emit {

namespace {

using pnr::SignalId;
using verilog::Expr;
using verilog::Net;

// The entries of a truth table, repeated until they are `entries`.
Expr table_of(const std::vector<bool>& truth, int entries) {
  constexpr int kPart = 32;
  std::vector<Expr> parts;
  for (int first = 0; first < entries; first += kPart) {
    const int width = std::min(kPart, entries - first);
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i)
      if (truth[static_cast<std::size_t>(first + i) % truth.size()]) value |= std::uint64_t{1} << i;
    parts.insert(parts.begin(), verilog::constant(width, value));
  }
  return verilog::concat(parts);
}

std::map<std::string, int> pads_by_output(const fabric::Architecture& architecture) {
  std::map<std::string, int> pads;
  for (int y = 0; y <= architecture.rows + 1; ++y)
    for (int x = 0; x <= architecture.columns + 1; ++x) {
      if (fabric::tile_at(architecture, x, y) != fabric::Tile::kIo) continue;
      for (int slot = 0; slot < architecture.io_slots; ++slot)
        pads[pnr::output_at({x, y, slot})] = fabric::pad(architecture, x, y, slot);
    }
  return pads;
}

class Circuit {
 public:
  Circuit(const pnr::Extracted& found, const fabric::Architecture& architecture,
          const std::vector<HardModule>& hard)
      : read_by_pads_(found.read),
        found_(found.netlist),
        all_(architecture),
        hard_(hard),
        module_("fpsa_circuit", header()),
        clock_(module_.input("clk_i")),
        active_(module_.input("active_i")),
        wires_(found_.signals.size()),
        is_read_(found_.signals.size(), false),
        is_shown_(found_.signals.size(), false) {
    for (const pnr::FlipFlopId id : found_.flip_flops.ids())
      behind_[found_.flip_flops[id].input] = id;
    for (const SignalId output : found_.outputs) is_shown_[output.index()] = true;
  }

  verilog::Module run() {
    const int pads = fabric::pads(all_);
    const Net in = module_.input("pad_i", pads), out = module_.output("pad_o", pads);
    const Net enters = module_.wire("enters", pads);
    // pnr::extract() has all pads as inputs, in the order of their numbers
    for (std::size_t pad = 0; pad < found_.inputs.size(); ++pad)
      wires_[found_.inputs[pad].index()] = enters.bit(static_cast<int>(pad));
    declare();
    module_.instance(units::leaves::pads(), "u_pads")
        .parameter("Slots", pads)
        .port("active_i", active_)
        .port("pad_i", in)
        .port("enters_o", enters)
        .port("leaves_i", leaves())
        .port("pad_o", out);
    for (const pnr::Lut& lut : found_.luts)
      if (!is_shown_[lut.output.index()]) add_lut(lut);
    for (const pnr::HardBlock& block : found_.hard) add_hard(block);
    discard_unread();
    return std::move(module_);
  }

 private:
  std::vector<std::string> header() const {
    return {fmt::format("A configured fabric of {} x {} tiles: {} LUTs, {} flip-flops, {} hard "
                        "tiles.",
                        all_.columns, all_.rows, found_.luts.size() - found_.outputs.size(),
                        found_.flip_flops.size(), found_.hard.size()),
            "lut0_x1_y2 is LUT 0 of tile (1, 2), ff0_x1_y2 its flip-flop, hard_x1_y2_out0 output 0 "
            "of a",
            "hard tile."};
  }

  void declare() {
    for (const pnr::Lut& lut : found_.luts)
      if (!is_shown_[lut.output.index()]) declare(driven_by(lut));
    for (const pnr::HardBlock& block : found_.hard)
      for (std::size_t pin = 0; pin < block.outputs.size(); ++pin)
        declare(block.outputs[pin], tile_of(block).width(false, static_cast<int>(pin)));
  }
  void declare(SignalId signal, int width = 1) {
    wires_[signal.index()] = module_.wire(found_.signals[signal], width);
  }

  const fabric::HardTile& tile_of(const pnr::HardBlock& block) const {
    return all_.hard[static_cast<std::size_t>(block.kind)];
  }

  const pnr::FlipFlop* flip_flop_of(const pnr::Lut& lut) const {
    const auto found = behind_.find(lut.output);
    return found == behind_.end() ? nullptr : &found_.flip_flops[found->second];
  }

  SignalId driven_by(const pnr::Lut& lut) const {
    const pnr::FlipFlop* flip_flop = flip_flop_of(lut);
    return flip_flop ? flip_flop->output : lut.output;
  }

  // What drives a signal of so many wires; 0 without one.
  Expr read(SignalId signal, int width = 1) {
    if (!signal.valid()) return verilog::constant(width, 0);
    is_read_[signal.index()] = true;
    return *wires_[signal.index()];
  }

  Expr leaves() {
    const std::map<std::string, int> pads = pads_by_output(all_);
    std::vector<Expr> parts(pads.size(), verilog::constant(1, 0));
    for (std::size_t i = 0; i < found_.outputs.size(); ++i) {
      const int pad = pads.at(found_.signals[found_.outputs[i]]);
      parts[parts.size() - 1 - static_cast<std::size_t>(pad)] = read(read_by_pads_[i]);
    }
    return verilog::concat(parts);
  }

  // In the order in which fpsa_lut takes its configuration.
  void add_lut(const pnr::Lut& lut) {
    const int inputs = static_cast<int>(lut.inputs.size());
    const int sources = std::max(inputs, 1), width = std::max(inputs, 2);
    const pnr::FlipFlop* flip_flop = flip_flop_of(lut);
    const std::uint64_t initial = flip_flop && flip_flop->initial ? 2 : 0;
    std::vector<Expr> config = {verilog::constant(2, initial + (flip_flop ? 1 : 0))};
    for (int input = width; input-- > 0;)
      config.push_back(
          verilog::constant(fabric::select_bits(sources),
                            static_cast<std::uint64_t>(input < inputs ? input + 1 : 0)));
    config.push_back(table_of(lut.truth, 1 << width));
    std::vector<Expr> reads;
    for (auto it = lut.inputs.rbegin(); it != lut.inputs.rend(); ++it) reads.push_back(read(*it));
    if (reads.empty()) reads.push_back(read(SignalId()));
    const SignalId output = driven_by(lut);
    module_.instance(units::leaves::lut(), "u_" + found_.signals[output])
        .parameter("Inputs", width)
        .parameter("Sources", sources)
        .port("clk_i", clock_)
        .port("active_i", active_)
        .port("config_i", verilog::concat(config))
        .port("source_i", verilog::concat(reads))
        .port("out_o", *wires_[output.index()]);
  }

  // What a hard tile reads is 0 until the fabric is configured, which holds its reset.
  void add_hard(const pnr::HardBlock& block) {
    const fabric::HardTile& tile = tile_of(block);
    std::vector<Expr> reads, inputs, outputs;
    int width = 0;
    for (std::size_t pin = 0; pin < block.inputs.size(); ++pin) {
      const int wires = tile.width(true, static_cast<int>(pin));
      reads.insert(reads.begin(), read(block.inputs[pin], wires));
      width += wires;
    }
    const Net wires = module_.wire(block.name + "_in", width);
    module_.instance(units::leaves::pads(), "u_" + block.name + "_in")
        .parameter("Slots", width)
        .port("active_i", active_)
        .port("pad_i", verilog::concat(reads))
        .port("enters_o", wires)
        .port("leaves_i", verilog::constant(width, 0));
    int first = 0;
    for (std::size_t pin = 0; pin < block.inputs.size(); ++pin) {
      inputs.push_back(wires.slice(first, tile.width(true, static_cast<int>(pin))));
      first += inputs.back().width();
    }
    for (const SignalId output : block.outputs) outputs.push_back(*wires_[output.index()]);
    connect_pins(hard_[static_cast<std::size_t>(block.kind)].add_to(module_, "u_" + block.name),
                 tile, clock_, inputs, outputs);
  }

  void discard_unread() {
    std::vector<Expr> unread;
    for (const SignalId signal : found_.signals.ids())
      if (!is_read_[signal.index()] && wires_[signal.index()])
        unread.push_back(*wires_[signal.index()]);
    if (!unread.empty()) module_.discard("unread", verilog::concat(unread));
  }

  const std::vector<SignalId>& read_by_pads_;
  const pnr::Netlist& found_;
  const fabric::Architecture& all_;
  const std::vector<HardModule>& hard_;
  verilog::Module module_;
  Net clock_, active_;
  std::vector<std::optional<Expr>> wires_;      // by signal
  std::vector<bool> is_read_, is_shown_;        // by signal; shown: at a pad
  std::map<SignalId, pnr::FlipFlopId> behind_;  // by the LUT's output
};

// A module with the ports of `top` whose pads are driven and read: `enters` gives what enters at a
// pad that a port's wire has.
class Ports {
 public:
  Ports(const verilog::Module& top, const PortPads& pads, int count)
      : pads_(pads), module_(top.name(), top.header()), enters_(static_cast<std::size_t>(count)) {
    for (const verilog::NetDeclaration& net : top.nets())
      if (net.kind == verilog::NetKind::kInput)
        inputs_.push_back(module_.input(net.name, net.width));
      else if (net.kind == verilog::NetKind::kOutput)
        outputs_.push_back(module_.output(net.name, net.width));
    leaves_ = module_.wire("leaves", count);
  }

  verilog::Module& module() { return module_; }
  Net leaves() const { return *leaves_; }

  // `instead`: what enters in place of a port's wire.
  Expr pads(const std::map<std::string, Net>& instead = {}) {
    std::vector<Expr> unread;
    for (const Net& net : inputs_)
      for (int wire = 0; wire < net.width; ++wire) {
        const std::string name = name_of(net, wire);
        const auto other = instead.find(name);
        enter(name, other == instead.end() ? net.bit(wire) : Expr(other->second), unread);
      }
    if (!unread.empty()) module_.discard("inputs", verilog::concat(unread));
    std::vector<Expr> parts;
    for (auto it = enters_.rbegin(); it != enters_.rend(); ++it)
      parts.push_back(it->value_or(verilog::constant(1, 0)));
    return verilog::concat(parts);
  }

  void show() {
    std::set<int> shown;
    for (const Net& net : outputs_) {
      std::vector<Expr> parts;
      for (int wire = net.width; wire-- > 0;) {
        const int pad = pad_of(name_of(net, wire));
        shown.insert(pad);
        parts.push_back(leaves_->bit(pad));
      }
      module_.assign(net, verilog::concat(parts));
    }
    std::vector<Expr> quiet;
    for (int pad = 0; pad < static_cast<int>(enters_.size()); ++pad)
      if (!shown.contains(pad)) quiet.push_back(leaves_->bit(pad));
    if (!quiet.empty()) module_.discard("pads", verilog::concat(quiet));
  }

 private:
  std::string name_of(const Net& net, int wire) const {
    return fabric::wire_name(module_.net(net.id).name, net.width, wire);
  }

  int pad_of(const std::string& output) const {
    const auto pad = pads_.find(output);
    if (pad == pads_.end())
      base::fail(base::Code::kNetlistInvalid, "an output has no pad to come from",
                 module_.name() + "." + output, "give every wire of an output a pad");
    return pad->second;
  }

  void enter(const std::string& name, const Expr& wire, std::vector<Expr>& unread) {
    const auto pad = pads_.find(name);
    if (pad != pads_.end())
      enters_[static_cast<std::size_t>(pad->second)] = wire;
    else
      unread.push_back(wire);
  }

  const PortPads& pads_;
  verilog::Module module_;
  std::vector<Net> inputs_, outputs_;
  std::optional<Net> leaves_;
  std::vector<std::optional<Expr>> enters_;  // by pad
};

}  // namespace

const verilog::Module& add_circuit(verilog::Design& design, const pnr::Extracted& found,
                                   const fabric::Architecture& architecture,
                                   const std::vector<units::UnitPtr>& hard) {
  const std::vector<HardModule> modules = add_hard_modules(design, hard);
  return design.add(Circuit(found, architecture, modules).run());
}

PortPads port_pads(const pnr::Implementation& done) {
  PortPads pads;
  std::size_t block = done.packing.tiles.size();
  for (const auto* ports : {&done.netlist.inputs, &done.netlist.outputs})
    for (const pnr::SignalId port : *ports) {
      const pnr::Site& site = done.placement[block++];
      pads[done.netlist.signals[port]] = fabric::pad(done.architecture, site.x, site.y, site.slot);
    }
  return pads;
}

verilog::Module behind_ports(const verilog::Module& top, const verilog::Module& inside,
                             const PortPads& pads) {
  Ports ports(top, pads, inside.find("pad_i")->width);
  const Expr enters = ports.pads();
  ports.module()
      .instance(inside, "u_circuit")
      .port("clk_i", *ports.module().find("clk_i"))
      .port("active_i", verilog::constant(1, 1))
      .port("pad_i", enters)
      .port("pad_o", ports.leaves());
  ports.show();
  return std::move(ports.module());
}

std::string fabric_behind_ports(const verilog::Module& top, const verilog::Design& fabric,
                                const PortPads& pads, int words) {
  const verilog::Signature loader = {
      .name = "fpsa_tb_loader",
      .parameters = {{"Words", 1}},
      .ports = {verilog::in("clk_i"), verilog::in("rst_ni"), verilog::out("awvalid_o"),
                verilog::in("awready_i"), verilog::out("awaddr_o", 12), verilog::out("wvalid_o"),
                verilog::in("wready_i"), verilog::out("wdata_o", 32), verilog::in("active_i"),
                verilog::out("rst_no")}};
  const verilog::Module& array = *fabric.find(fabric.top());
  Ports ports(top, pads, array.find("pad_i")->width);
  verilog::Module& module = ports.module();
  const Net clock = *module.find("clk_i"), reset = *module.find("rst_ni");
  const Net held = module.wire("held_rst_n");
  verilog::Instance& bits = module.instance(loader, "u_loader");
  verilog::Instance& inside = module.instance(array, "u_fabric");
  bits.parameter("Words", words).port("clk_i", clock).port("rst_ni", reset).port("rst_no", held);
  inside.port("clk_i", clock)
      .port("rst_ni", reset)
      .port("pad_i", ports.pads({{"rst_ni", held}}))
      .port("pad_o", ports.leaves());
  const auto join = [&](const std::string& of_bits, const std::string& of_array, int width) {
    const Net net = module.wire(of_bits.substr(0, of_bits.rfind('_')), width);
    bits.port(of_bits, net);
    inside.port(of_array, net);
  };
  join("awvalid_o", "s_awvalid_i", 1);
  join("awready_i", "s_awready_o", 1);
  join("awaddr_o", "s_awaddr_i", 12);
  join("wvalid_o", "s_wvalid_i", 1);
  join("wready_i", "s_wready_o", 1);
  join("wdata_o", "s_wdata_i", 32);
  join("active_i", "active_o", 1);
  for (const auto& [port, width, value] : {std::tuple("s_awprot_i", 3, 0),
                                           {"s_wstrb_i", 4, 15},
                                           {"s_bready_i", 1, 1},
                                           {"s_arvalid_i", 1, 0},
                                           {"s_araddr_i", 12, 0},
                                           {"s_arprot_i", 3, 0},
                                           {"s_rready_i", 1, 1}})
    inside.port(port, verilog::constant(width, static_cast<std::uint64_t>(value)));
  ports.show();
  verilog::Design design(top.name());
  for (const verilog::Module& one : fabric.modules()) design.add(one);
  design.add(std::move(module));
  const verilog::Design legal = legalize(design);
  return print(*legal.find(legal.top()), legal);
}

}  // namespace emit
