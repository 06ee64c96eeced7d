#include "emit/fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "emit/hard_module.hpp"
#include "emit/places.hpp"
#include "fabric/bitstream.hpp"
#include "fabric/layout.hpp"
#include "units/leaves.hpp"

namespace emit {

namespace {

using fabric::NodeId;
using fabric::NodeKind;
using verilog::Expr;
using verilog::Net;

constexpr int kAddressBits = 16, kWordBits = 32;

struct Bus {
  Net clock, active, clear, frame, word, write, data;
};

Bus configuration_bus(verilog::Module& module) {
  return {module.input("clk_i"),
          module.input("active_i"),
          module.input("clear_i"),
          module.input("frame_i", kAddressBits),
          module.input("word_i", kAddressBits),
          module.input("write_i"),
          module.input("data_i", kWordBits)};
}

void connect(verilog::Instance& instance, const Bus& bus) {
  instance.port("clk_i", bus.clock)
      .port("clear_i", bus.clear)
      .port("frame_i", bus.frame)
      .port("word_i", bus.word)
      .port("write_i", bus.write)
      .port("data_i", bus.data);
}

std::string header_line(const Shape& shape, const fabric::Architecture& all) {
  switch (shape.tile) {
    case fabric::Tile::kLogic:
      return fmt::format("Logic tile of {} LUTs of {} inputs, with the wires that begin here.",
                         all.luts, all.lut_inputs);
    case fabric::Tile::kIo:
      return fmt::format("{} pads, with the wires that begin here.", all.io_slots);
    case fabric::Tile::kHard:
      return fmt::format("Tile {}, with the wires that begin here.",
                         all.hard[static_cast<std::size_t>(shape.hard)].name);
    case fabric::Tile::kEmpty:
      break;
  }
  return "A corner: the wires that begin here.";
}

// Module of one shape, told from the first place that has it: all of them have their bits alike.
class TileBuilder {
 public:
  TileBuilder(const Place& place, int x, int y, const fabric::Layout& layout,
              const fabric::Architecture& all, const HardModule* hard, const std::string& name)
      : place_(place),
        shape_(place.shape),
        x_(x),
        y_(y),
        layout_(layout),
        all_(all),
        hard_(hard),
        module_(name, {header_line(shape_, all)}),
        bus_(configuration_bus(module_)) {}

  verilog::Module run() {
    const Net address = module_.input("address_i", kAddressBits);
    const Net read_in = module_.input("read_i", kWordBits);
    const Net read_out = module_.output("read_o", kWordBits);
    if (shape_.inputs() > 0) wires_ = module_.input("wire_i", shape_.inputs());
    if (shape_.outputs() > 0) leaving_ = module_.output("wire_o", shape_.outputs());
    if (shape_.tile == fabric::Tile::kIo) declare_pads();
    if (shape_.takes_link) link_in_ = module_.input("link_i", hard_tile().link_width());
    nodes_ = module_.wire("node", static_cast<int>(shape_.nodes.size()));
    config_ = module_.wire("bits", bits());
    verilog::Instance& frame = module_.instance(units::leaves::frame(), "u_frame");
    frame.parameter("Bits", bits())
        .port("address_i", address)
        .port("read_i", read_in)
        .port("read_o", read_out)
        .port("bits_o", *config_);
    connect(frame, bus_);
    for (std::size_t node = 0; node < shape_.nodes.size(); ++node) add_node(node);
    if (shape_.tile == fabric::Tile::kLogic) add_luts();
    if (shape_.tile == fabric::Tile::kIo) add_pads();
    if (shape_.tile == fabric::Tile::kHard) add_hard();
    add_leaving();
    return std::move(module_);
  }

 private:
  int bits() const { return layout_.bits(y_ * (all_.columns + 2) + x_); }

  Expr field(const fabric::Field& field) const { return config_->slice(field.first, field.bits); }

  void declare_pads() {
    pads_in_ = module_.input("pad_i", all_.io_slots);
    pads_out_ = module_.output("pad_o", all_.io_slots);
  }

  Expr source(const Source& source) const {
    return source.is_local ? nodes_->bit(source.index) : wires_->bit(source.index);
  }

  // The multiplexer before a wire or an input.
  void add_node(std::size_t number) {
    const Shape::Node& node = shape_.nodes[number];
    if (node.kind == NodeKind::kOutput) return;
    const Expr target = nodes_->bit(static_cast<int>(number));
    if (shape_.takes_link && number + 1 == shape_.inputs_end())
      return module_.assign(target, field(layout_.multiplexer(place_.nodes[number])));
    if (node.sources.empty()) return module_.assign(target, verilog::constant(1, 0));
    std::vector<Expr> sources;
    for (auto it = node.sources.rbegin(); it != node.sources.rend(); ++it)
      sources.push_back(source(*it));
    module_.instance(units::leaves::route_mux(), fmt::format("u_{}", name_of(number)))
        .parameter("Inputs", static_cast<std::int64_t>(node.sources.size()))
        .port("in_i", verilog::concat(sources))
        .port("select_i", field(layout_.multiplexer(place_.nodes[number])))
        .port("out_o", target);
  }

  std::string name_of(std::size_t number) const {
    const NodeKind kind = shape_.nodes[number].kind;
    int before = 0;
    for (std::size_t i = 0; i < number; ++i) before += shape_.nodes[i].kind == kind;
    const char* word = kind == NodeKind::kInput ? "input" : "wire";
    if (kind == NodeKind::kHorizontal) word = "horizontal";
    if (kind == NodeKind::kVertical) word = "vertical";
    return fmt::format("{}{}", word, before);
  }

  // The tile's own nodes of a kind, the first of them lowest.
  Expr all_of(NodeKind kind) const {
    std::vector<Expr> parts;
    for (std::size_t i = shape_.nodes.size(); i-- > 0;)
      if (shape_.nodes[i].kind == kind) parts.push_back(nodes_->bit(static_cast<int>(i)));
    return verilog::concat(parts);
  }

  void add_luts() {
    const Expr outputs = all_of(NodeKind::kOutput);
    const Expr sources = verilog::concat({outputs, all_of(NodeKind::kInput)});
    for (int lut = 0; lut < all_.luts; ++lut) {
      module_.instance(units::leaves::lut(), fmt::format("u_lut{}", lut))
          .parameter("Inputs", all_.lut_inputs)
          .parameter("Sources", all_.clb_inputs + all_.luts)
          .port("clk_i", bus_.clock)
          .port("active_i", bus_.active)
          .port("config_i", lut_configuration(lut))
          .port("source_i", sources)
          .port("out_o", outputs.bit(lut));
    }
  }

  // In the order in which fpsa_lut takes it.
  Expr lut_configuration(int lut) const {
    std::vector<Expr> parts = {field(layout_.flip_flop(x_, y_, lut))};
    for (int input = all_.lut_inputs; input-- > 0;)
      parts.push_back(field(layout_.choice(x_, y_, lut, input)));
    parts.push_back(field(layout_.table(x_, y_, lut)));
    return verilog::concat(parts);
  }

  void add_pads() {
    module_.instance(units::leaves::pads(), "u_pads")
        .parameter("Slots", all_.io_slots)
        .port("active_i", bus_.active)
        .port("pad_i", *pads_in_)
        .port("enters_o", all_of(NodeKind::kOutput))
        .port("leaves_i", all_of(NodeKind::kInput))
        .port("pad_o", *pads_out_);
  }

  const fabric::HardTile& hard_tile() const {
    return all_.hard[static_cast<std::size_t>(shape_.hard)];
  }

  // Its ports in the order of their pins.
  void add_hard() {
    std::vector<Expr> inputs = each_of(NodeKind::kInput), outputs = each_of(NodeKind::kOutput);
    if (const int width = hard_tile().link_width(); width > 0) {
      inputs.back() = link_taken(width, inputs.back());
      outputs.push_back(module_.output("link_o", width));
    }
    connect_pins(hard_->add_to(module_, "u_hard"), hard_tile(), bus_.clock, inputs, outputs);
  }

  // What comes of the tile above, if `on`.
  Expr link_taken(int width, const Expr& on) {
    const Net taken = module_.wire("link", width);
    module_.instance(units::leaves::pads(), "u_link")
        .parameter("Slots", width)
        .port("active_i", on)
        .port("pad_i", link_in_ ? Expr(*link_in_) : verilog::constant(width, 0))
        .port("enters_o", taken)
        .port("leaves_i", verilog::constant(width, 0));
    return taken;
  }

  // The tile's own nodes of a kind, one by one.
  std::vector<Expr> each_of(NodeKind kind) const {
    std::vector<Expr> wires;
    for (std::size_t i = 0; i < shape_.nodes.size(); ++i)
      if (shape_.nodes[i].kind == kind) wires.push_back(nodes_->bit(static_cast<int>(i)));
    return wires;
  }

  void add_leaving() {
    int next = 0;
    std::vector<Expr> unread;
    std::vector<bool> read(shape_.nodes.size(), false);
    for (const Shape::Node& node : shape_.nodes)
      for (const Source& one : node.sources)
        if (one.is_local) read[static_cast<std::size_t>(one.index)] = true;
    for (std::size_t i = 0; i < shape_.nodes.size(); ++i) {
      const Shape::Node& node = shape_.nodes[i];
      const Expr bit = nodes_->bit(static_cast<int>(i));
      if (node.leaves)
        module_.assign(leaving_->bit(next++), bit);
      else if (!read[i] && is_wire(node.kind))
        unread.push_back(bit);
      else if (!read[i] && node.kind == NodeKind::kOutput && shape_.tile != fabric::Tile::kLogic)
        unread.push_back(bit);
    }
    if (!unread.empty()) module_.discard("ends", verilog::concat(unread));
    if (shape_.tile == fabric::Tile::kEmpty || shape_.tile == fabric::Tile::kHard)
      module_.discard("active", bus_.active);
  }

  static bool is_wire(NodeKind kind) { return kind >= NodeKind::kHorizontal; }

  const Place& place_;
  const Shape& shape_;
  int x_, y_;
  const fabric::Layout& layout_;
  const fabric::Architecture& all_;
  const HardModule* hard_;  // of a hard tile
  verilog::Module module_;
  Bus bus_;
  std::optional<Net> wires_, leaving_, pads_in_, pads_out_, link_in_, nodes_, config_;
};

class FabricBuilder {
 public:
  FabricBuilder(const fabric::Graph& graph, const std::vector<units::UnitPtr>& hard)
      : graph_(graph),
        all_(graph.architecture()),
        places_(graph),
        layout_(graph),
        design_("fpsa_fabric_top") {
    require_addresses();
    hard_ = add_hard_modules(design_, hard);
  }

  verilog::Design run() {
    verilog::Module top("fpsa_fabric", header());
    const Bus bus = configuration_bus(top);
    const Net pads_in = top.input("pad_i", fabric::pads(all_));
    const Net pads_out = top.output("pad_o", fabric::pads(all_));
    const Net read_out = top.output("read_o", kWordBits);
    declare_wires(top);
    Expr chain = verilog::constant(kWordBits, 0);
    each_place([&](int x, int y) {
      verilog::Instance& tile = top.instance(module_of(x, y), fmt::format("u_x{}_y{}", x, y));
      connect(tile, bus);
      tile.port("active_i", bus.active);
      tile.port("address_i", verilog::constant(kAddressBits, address(x, y)));
      tile.port("read_i", chain);
      const Net next = top.wire(fmt::format("read_x{}_y{}", x, y), kWordBits);
      tile.port("read_o", next);
      chain = next;
      connect_wires(tile, x, y);
      connect_links(tile, x, y);
      if (fabric::tile_at(all_, x, y) != fabric::Tile::kIo) return;
      const int pad = fabric::pad(all_, x, y, 0);
      tile.port("pad_i", pads_in.slice(pad, all_.io_slots));
      tile.port("pad_o", pads_out.slice(pad, all_.io_slots));
    });
    top.assign(read_out, chain);
    design_.add(std::move(top));
    design_.add(top_around(*design_.find("fpsa_fabric")));
    return std::move(design_);
  }

 private:
  // Places without a multiplexer have no module.
  template <class Visit>
  void each_place(const Visit& visit) const {
    for (int y = 0; y <= all_.rows + 1; ++y)
      for (int x = 0; x <= all_.columns + 1; ++x)
        if (!places_.at(x, y).nodes.empty()) visit(x, y);
  }

  int frames() const { return (all_.columns + 2) * (all_.rows + 2); }

  void require_addresses() const {
    if (frames() > 1 << kAddressBits)
      base::fail(base::Code::kDoesNotFit,
                 fmt::format("the fabric has {} places, and frames have {} numbers", frames(),
                             1 << kAddressBits),
                 "columns, rows", "a fabric of at most 254 x 254 tiles");
  }

  verilog::Module top_around(const verilog::Module& array) const {
    verilog::Module top("fpsa_fabric_top", header());
    verilog::Instance& port = top.instance(units::leaves::config_port(), "u_config");
    verilog::Instance& fabric = top.instance(array, "u_fabric");
    port.parameter("Frames", frames());
    for (const verilog::Port& one : units::leaves::config_port().ports) {
      if (one.name.rfind("s_", 0) != 0 && one.name != "clk_i" && one.name != "rst_ni") continue;
      const auto width = static_cast<int>(one.width.evaluate({}));
      const Net net = one.direction == verilog::Direction::kInput ? top.input(one.name, width)
                                                                  : top.output(one.name, width);
      port.port(one.name, net);
      if (one.name == "clk_i") fabric.port(one.name, net);
    }
    port.port("fingerprint_i", verilog::constant(kWordBits, fabric::fingerprint(all_)));
    const auto join = [&](const char* driver, const char* reader, int width) {
      const Net net = top.wire(std::string(reader, std::string(reader).size() - 2), width);
      port.port(driver, net);
      fabric.port(reader, net);
    };
    join("clear_o", "clear_i", 1);
    join("write_o", "write_i", 1);
    join("frame_o", "frame_i", kAddressBits);
    join("word_o", "word_i", kAddressBits);
    join("data_o", "data_i", kWordBits);
    const Net read = top.wire("read", kWordBits);
    fabric.port("read_o", read);
    port.port("read_i", read);
    const Net active = top.output("active_o");
    port.port("active_o", active);
    fabric.port("active_i", active);
    fabric.port("pad_i", top.input("pad_i", fabric::pads(all_)));
    fabric.port("pad_o", top.output("pad_o", fabric::pads(all_)));
    return top;
  }

  std::vector<std::string> header() const {
    return {fmt::format("Fabric of {} x {} logic tiles, {} tracks a channel, wires of {} tiles.",
                        all_.columns, all_.rows, all_.channel_width, all_.segment_length),
            fmt::format("{} LUTs of {} inputs a tile, {} pads in all.", all_.luts, all_.lut_inputs,
                        fabric::pads(all_))};
  }

  std::uint64_t address(int x, int y) const {
    return static_cast<std::uint64_t>(y) * (static_cast<std::uint64_t>(all_.columns) + 2) +
           static_cast<std::uint64_t>(x);
  }

  const verilog::Module& module_of(int x, int y) {
    const Place& place = places_.at(x, y);
    const Shape& shape = place.shape;
    const auto [it, is_new] = modules_.try_emplace(shape, nullptr);
    if (is_new) {
      const bool is_hard = shape.tile == fabric::Tile::kHard;
      const char* word = is_hard                              ? "hard"
                         : shape.tile == fabric::Tile::kLogic ? "logic"
                         : shape.tile == fabric::Tile::kIo    ? "pads"
                                                              : "corner";
      it->second =
          &design_.add(TileBuilder(place, x, y, layout_, all_,
                                   is_hard ? &hard_[static_cast<std::size_t>(shape.hard)] : nullptr,
                                   fmt::format("fpsa_{}{}", word, counts_[shape.tile]++))
                           .run());
    }
    return *it->second;
  }

  int link_width(int column) const {
    return all_.hard[static_cast<std::size_t>(fabric::hard_in(all_, column))].link_width();
  }

  // What leaves each place, and where a node lies in it.
  void declare_wires(verilog::Module& top) {
    bits_.resize(graph_.size());
    each_place([&](int x, int y) {
      const Place& place = places_.at(x, y);
      if (y > 0 && places_.at(x, y - 1).shape.takes_link)
        links_.emplace(std::pair(x, y), top.wire(fmt::format("link_x{}_y{}", x, y), link_width(x)));
      if (place.shape.outputs() == 0) return;
      const Net net = top.wire(fmt::format("wire_x{}_y{}", x, y), place.shape.outputs());
      nets_.emplace(std::pair(x, y), net);
      int next = 0;
      for (std::size_t i = 0; i < place.nodes.size(); ++i)
        if (place.shape.nodes[i].leaves) bits_[place.nodes[i].index()] = net.bit(next++);
    });
  }

  void connect_wires(verilog::Instance& tile, int x, int y) const {
    const Place& place = places_.at(x, y);
    if (!place.outside.empty()) {
      std::vector<Expr> sources;
      for (auto it = place.outside.rbegin(); it != place.outside.rend(); ++it)
        sources.push_back(*bits_[it->index()]);
      tile.port("wire_i", verilog::concat(sources));
    }
    if (const auto net = nets_.find({x, y}); net != nets_.end()) tile.port("wire_o", net->second);
  }

  // From the tile above, and to the one below.
  void connect_links(verilog::Instance& tile, int x, int y) const {
    if (const auto above = links_.find({x, y + 1}); above != links_.end())
      tile.port("link_i", above->second);
    if (const auto own = links_.find({x, y}); own != links_.end()) tile.port("link_o", own->second);
  }

  const fabric::Graph& graph_;
  const fabric::Architecture& all_;
  Places places_;
  fabric::Layout layout_;
  verilog::Design design_;
  std::vector<HardModule> hard_;
  std::map<Shape, const verilog::Module*> modules_;
  std::map<fabric::Tile, int> counts_;
  std::map<std::pair<int, int>, Net> nets_;
  std::map<std::pair<int, int>, Net> links_;  // by the tile that drives them
  std::vector<std::optional<Expr>> bits_;     // by node
};

}  // namespace

verilog::Design fabric_rtl(const fabric::Graph& graph, const std::vector<units::UnitPtr>& hard) {
  return FabricBuilder(graph, hard).run();
}

verilog::Design tile_rtl(const fabric::Graph& graph, int x, int y,
                         const std::vector<units::UnitPtr>& hard) {
  const Places places(graph);
  const fabric::Layout layout(graph);
  verilog::Design design("fpsa_tile");
  const std::vector<HardModule> modules = add_hard_modules(design, hard);
  const Place& place = places.at(x, y);
  const HardModule* content =
      place.shape.hard < 0 ? nullptr : &modules[static_cast<std::size_t>(place.shape.hard)];
  design.add(TileBuilder(place, x, y, layout, graph.architecture(), content, design.top()).run());
  return design;
}

}  // namespace emit
