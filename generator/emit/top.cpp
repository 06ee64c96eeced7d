#include "emit/top.hpp"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "units/leaves.hpp"

namespace emit {

namespace leaves = units::leaves;
using verilog::Expr;
using verilog::Instance;
using verilog::Net;

namespace {

constexpr int kEncoderDepth = 1;
constexpr int kDecoderDepth = 2;
constexpr int kAxilAddressBits = 12;
constexpr int kVersion = 0x00000100;

int train_code(const map::Design& design) { return design.train == config::Train::kRate ? 1 : 0; }

std::vector<std::string> header(const map::Design& design, const TopOptions& options) {
  std::vector<std::string> lines{
      fmt::format("Network {}: {} PEs, {} train of {} ticks a window.", design.name,
                  design.pes.size(), config::to_string(design.train), design.window),
      fmt::format("Latency {} ticks; a sample enters every window. Spec {:08x}.", design.latency(),
                  options.spec_hash)};
  for (const map::TimedBus& bus : design.buses)
    lines.push_back(fmt::format("  Bus {}: {} lanes{}, at tick {}", bus.stem, bus.bus.lanes,
                                bus.bus.format.is_signed ? " (x+ then x-)" : "", bus.phase));
  return lines;
}

// Marks of the windows that begin at one phase.
struct Marks {
  Net win;
  Net live;
};

// Builds the top module; each method adds one part of it.
class TopBuilder {
 public:
  TopBuilder(const map::Design& design, const TopOptions& options)
      : design_(design), options_(options), top_(options.name, header(design, options)) {
    host_ports();
    shared_nets();
    sequencer();
    encoder();
    for (std::size_t i = 0; i < design_.delays.size(); ++i) delay(i);
    for (std::size_t i = 0; i < design_.pes.size(); ++i) pe(i);
    decoder();
    counters();
    csr();
  }

  Rtl take() {
    for (const auto& [phase, marks] : marks_) drop_unread(phase, marks);
    verilog::Design netlist(options_.name);
    for (verilog::Module& module : pe_modules_) netlist.add(std::move(module));
    netlist.add(std::move(top_));
    verify(netlist);
    Rtl rtl{legalize(netlist), {}, {}};
    const verilog::Module& legal = *rtl.design.find(rtl.design.top());
    for (std::size_t b = 0; b < design_.buses.size(); ++b) {
      const Marks& marks = marks_.at(design_.buses[b].phase);
      rtl.probes.push_back({design_.buses[b].bus.name, design_.buses[b].bus.lanes,
                            legal.net(buses_[b].id).name, legal.net(marks.win.id).name,
                            legal.net(marks.live.id).name});
    }
    rtl.tick = legal.net(tick_->id).name;
    return rtl;
  }

 private:
  Net net(const std::string& name) const { return *top_.find(name); }
  int lane_bytes() const { return static_cast<int>(base::ceil_div(bits(), 8)); }
  int bits() const { return design_.program.activation_bits; }

  void host_ports() {
    const int data = options_.beat_lanes * lane_bytes() * 8;
    top_.comment("Clock");
    top_.input("clk_i");
    top_.input("rst_ni");
    top_.comment("Values in: AXI4-Stream");
    top_.input("s_axis_tvalid");
    top_.output("s_axis_tready");
    top_.input("s_axis_tdata", data);
    top_.input("s_axis_tlast");
    top_.comment("Values out: AXI4-Stream");
    top_.output("m_axis_tvalid");
    top_.input("m_axis_tready");
    top_.output("m_axis_tdata", data);
    top_.output("m_axis_tlast");
    top_.comment("Configuration: AXI4-Lite");
    for (const auto& [name, width] : axil_inputs()) top_.input(name, width);
    for (const auto& [name, width] : axil_outputs()) top_.output(name, width);
  }

  static std::vector<std::pair<std::string, int>> axil_inputs() {
    return {{"s_axil_awvalid", 1},
            {"s_axil_awaddr", kAxilAddressBits},
            {"s_axil_awprot", 3},
            {"s_axil_wvalid", 1},
            {"s_axil_wdata", 32},
            {"s_axil_wstrb", 4},
            {"s_axil_bready", 1},
            {"s_axil_arvalid", 1},
            {"s_axil_araddr", kAxilAddressBits},
            {"s_axil_arprot", 3},
            {"s_axil_rready", 1}};
  }
  static std::vector<std::pair<std::string, int>> axil_outputs() {
    return {{"s_axil_awready", 1}, {"s_axil_wready", 1}, {"s_axil_bvalid", 1}, {"s_axil_bresp", 2},
            {"s_axil_arready", 1}, {"s_axil_rvalid", 1}, {"s_axil_rdata", 32}, {"s_axil_rresp", 2}};
  }

  // As a unit sees it; the host has a load_we a unit.
  static std::vector<std::pair<std::string, int>> load_bus() {
    return {{"load_we", 1}, {"load_addr", 22}, {"load_data", 32}};
  }

  void shared_nets() {
    const int units = static_cast<int>(design_.pes.size());
    top_.comment("Tick");
    tick_ = top_.wire("tick");
    top_.wire("network_busy");
    top_.wire("busy");
    top_.wire("sample_valid");
    top_.wire("pe_ready", units);
    top_.wire("out_ready");
    top_.wire("load_ready");
    top_.comment("Load bus");
    top_.wire("load_we", units);
    top_.wire("load_addr", 22);
    top_.wire("load_data", 32);
    top_.comment("Spike buses");
    for (const map::TimedBus& bus : design_.buses)
      buses_.push_back(top_.wire(bus.stem + "_spike", bus.bus.lanes));
  }

  Instance& clocked(Instance& instance) {
    return instance.port("clk_i", net("clk_i")).port("rst_ni", net("rst_ni"));
  }

  Instance& ticked(Instance& instance) { return clocked(instance).port("tick_i", *tick_); }

  void sequencer() {
    start_ = Marks{top_.wire("start_win"), top_.wire("start_live")};
    clocked(top_.instance(leaves::sequencer(), "u_sequencer"))
        .parameter("Units", static_cast<std::int64_t>(design_.pes.size()) + 2)
        .parameter("Period", design_.window)
        .parameter("Drain", design_.latency())
        .port("ready_i", verilog::concat({net("load_ready"), net("out_ready"), net("pe_ready")}))
        .port("tick_o", *tick_)
        .port("win_o", start_->win)
        .port("live_o", start_->live)
        .port("sample_valid_i", net("sample_valid"))
        .port("sample_pop_o", top_.wire("window_start"))
        .port("busy_o", net("network_busy"));
    clocked(top_.instance(leaves::busy_hold(), "u_busy"))
        .port("busy_i", net("network_busy"))
        .port("busy_o", net("busy"));
  }

  void encoder() {
    const Marks marks = declare_marks(design_.buses.front().phase);
    top_.wire("frame_error");
    top_.wire("range_error");
    ticked(smb(leaves::encoder(), "u_encoder", design_.buses.front(), kEncoderDepth))
        .port("s_valid_i", net("s_axis_tvalid"))
        .port("s_ready_o", net("s_axis_tready"))
        .port("s_data_i", net("s_axis_tdata"))
        .port("s_last_i", net("s_axis_tlast"))
        .port("win_i", start_->win)
        .port("live_i", start_->live)
        .port("sample_valid_o", net("sample_valid"))
        .port("win_o", marks.win)
        .port("live_o", marks.live)
        .port("spike_o", buses_.front())
        .port("frame_error_o", net("frame_error"))
        .port("range_error_o", net("range_error"));
  }

  Instance& smb(const verilog::Signature& leaf, const std::string& name, const map::TimedBus& bus,
                int depth) {
    return top_.instance(leaf, name)
        .parameter("Lanes", bus.bus.lanes)
        .parameter("ActBits", bits())
        .parameter("Train", train_code(design_))
        .parameter("Depth", depth)
        .parameter("BeatLanes", options_.beat_lanes);
  }

  Marks declare_marks(int phase) {
    const Marks marks{top_.wire(fmt::format("win_t{}", phase)),
                      top_.wire(fmt::format("live_t{}", phase))};
    marks_.emplace(phase, marks);
    return marks;
  }

  // The marks of a phase, delayed from those of the encoder; made when first asked for.
  Marks marks(int phase) {
    if (const auto found = marks_.find(phase); found != marks_.end()) return found->second;
    const Marks from = marks_.at(design_.buses.front().phase);
    const Marks to = declare_marks(phase);
    ticked(top_.instance(leaves::window_delay(), fmt::format("u_window_t{}", phase)))
        .parameter("Period", design_.window)
        .parameter("Ticks", phase - design_.buses.front().phase)
        .port("win_i", from.win)
        .port("live_i", from.live)
        .port("win_o", to.win)
        .port("live_o", to.live);
    return to;
  }

  Expr lanes_of(const core::LaneRange& range) const {
    return buses_[range.bus.index()].slice(range.first, range.count);
  }

  void delay(std::size_t index) {
    const map::Delay& delay = design_.delays[index];
    const std::string name =
        fmt::format("{}_{}to{}_late{}", design_.bus(delay.lanes.bus).stem, delay.lanes.first,
                    delay.lanes.first + delay.lanes.count - 1, delay.ticks);
    delays_.push_back(top_.wire(name, delay.lanes.count));
    ticked(top_.instance(leaves::tick_delay(), "u_" + name))
        .parameter("Width", delay.lanes.count)
        .parameter("Ticks", delay.ticks)
        .port("data_i", lanes_of(delay.lanes))
        .port("data_o", delays_.back());
  }

  // Row 0 is the lowest bit, so the first range comes last in the concatenation.
  Expr rows_of(const map::Pe& pe) const {
    std::vector<Expr> parts;
    for (std::size_t i = pe.inputs.size(); i-- > 0;)
      parts.push_back(pe.delays[i].valid() ? Expr(delays_[pe.delays[i].index()])
                                           : lanes_of(pe.inputs[i]));
    return verilog::concat(parts);
  }

  const verilog::Module& module_of(std::size_t index) {
    const map::Pe& pe = design_.pes[index];
    if (options_.preset_memories) {
      pe_modules_.push_back(units::structure(pe.config, preset_files(design_, map::PeId{index}),
                                             "fpsa_pe_" + pe.name));
      return pe_modules_.back();
    }
    for (std::size_t i = 0; i < configs_.size(); ++i)
      if (configs_[i] == pe.config) return pe_modules_[i];
    configs_.push_back(pe.config);
    pe_modules_.push_back(units::structure(pe.config));
    return pe_modules_.back();
  }

  // The load bus of a unit, behind its own rank of registers.
  void load_port(Instance& unit, const std::string& name, int index) {
    Instance& rank = clocked(top_.instance(leaves::load_rank(), "u_load_" + name))
                         .port("load_we_i", net("load_we").bit(index))
                         .port("load_addr_i", net("load_addr"))
                         .port("load_data_i", net("load_data"));
    for (const auto& [signal, width] : load_bus()) {
      const Net at_unit = top_.wire(name + "_" + signal, width);
      rank.port(signal + "_o", at_unit);
      unit.port(signal + "_i", at_unit);
    }
  }

  void pe(std::size_t index) {
    const map::Pe& pe = design_.pes[index];
    const int unit = static_cast<int>(index);
    Instance& instance = ticked(top_.instance(module_of(index), "u_pe_" + pe.name))
                             .port("ready_o", net("pe_ready").bit(unit))
                             .port("spike_i", rows_of(pe));
    load_port(instance, pe.name, unit);
    if (pe.above.valid()) instance.port("sum_i", sums_.at(pe.above));
    if (!pe.config.has_neurons) {
      const int width = pe.config.crossbar_cols() * units::link_bits(pe.config);
      const Net sums = top_.wire(pe.name + "_sum", width);
      sums_.emplace(map::PeId{index}, sums);
      instance.port("sum_o", sums);
      return;
    }
    const core::CoreOp& op = design_.program.ops[pe.op.index()];
    const Marks at = marks(pe.phase);
    read_win_.insert(pe.phase);
    instance.port("win_i", at.win)
        .port("spike_o", buses_[op.output.index()].slice(op.first_lane, op.cols()));
  }

  void decoder() {
    const Marks at = marks(design_.output().phase);
    read_win_.insert(design_.output().phase);
    read_live_.insert(design_.output().phase);
    ticked(smb(leaves::decoder(), "u_decoder", design_.output(), kDecoderDepth))
        .port("ready_o", net("out_ready"))
        .port("win_i", at.win)
        .port("live_i", at.live)
        .port("spike_i", buses_.back())
        .port("m_valid_o", net("m_axis_tvalid"))
        .port("m_ready_i", net("m_axis_tready"))
        .port("m_data_o", net("m_axis_tdata"))
        .port("m_last_o", net("m_axis_tlast"))
        .port("captured_o", top_.wire("captured"));
  }

  // Outputs at the ceiling 2^n - 1, counted a layer and added up.
  void counters() {
    int widest = 1;
    for (std::size_t b = 1; b < buses_.size(); ++b)
      widest = std::max(widest, base::clog2(static_cast<std::uint64_t>(buses_[b].width) + 1));
    std::vector<Expr> counts;
    for (std::size_t b = 1; b < buses_.size(); ++b)
      counts.insert(counts.begin(), ceiling_count(b, widest));
    const int inputs = static_cast<int>(counts.size());
    const int width = widest + base::clog2(static_cast<std::uint64_t>(inputs));
    clocked(top_.instance(leaves::sum_pipe(), "u_ceilings"))
        .parameter("Inputs", inputs)
        .parameter("InBits", widest)
        .parameter("OutBits", width)
        .port("valid_i", verilog::constant(1, 1))
        .port("terms_i", verilog::concat(counts))
        .port("sum_o", top_.wire("ceilings", width));
  }

  Expr ceiling_count(std::size_t bus, int width) {
    const int phase = design_.buses[bus].phase;
    const Marks at = marks(phase);
    read_win_.insert(phase);
    read_live_.insert(phase);
    const std::string& name = design_.buses[bus].stem;
    const int own = base::clog2(static_cast<std::uint64_t>(buses_[bus].width) + 1);
    const Net count = top_.wire(name + "_ceilings", own);
    ticked(top_.instance(leaves::ceiling_counter(), "u_" + name + "_ceilings"))
        .parameter("Lanes", buses_[bus].width)
        .parameter("ActBits", bits())
        .parameter("Train", train_code(design_))
        .port("win_i", at.win)
        .port("live_i", at.live)
        .port("spike_i", buses_[bus])
        .port("count_o", count);
    if (own == width) return count;
    return verilog::concat({verilog::constant(width - own, 0), count});
  }

  void csr() {
    Instance& csr = clocked(top_.instance(leaves::csr(), "u_csr"));
    const int units = static_cast<int>(design_.pes.size());
    csr.parameter("Version", kVersion)
        .parameter("SpecHash", static_cast<std::int32_t>(options_.spec_hash))
        .parameter("InLanes", design_.buses.front().bus.lanes)
        .parameter("OutLanes", design_.output().bus.lanes)
        .parameter("Units", units)
        .parameter("CeilingBits", net("ceilings").width);
    // s_axil_awvalid of the top is s_awvalid_i of the leaf.
    const auto leaf_port = [](const std::string& name) { return "s_" + name.substr(7); };
    for (const auto& [name, width] : axil_inputs()) csr.port(leaf_port(name) + "_i", net(name));
    for (const auto& [name, width] : axil_outputs()) csr.port(leaf_port(name) + "_o", net(name));
    csr.port("busy_i", net("busy"))
        .port("window_i", net("window_start"))
        .port("captured_i", net("captured"))
        .port("ceilings_i", net("ceilings"))
        .port("frame_error_i", net("frame_error"))
        .port("range_error_i", net("range_error"))
        .port("ready_o", net("load_ready"))
        .port("load_we_o", net("load_we"))
        .port("load_addr_o", net("load_addr"))
        .port("load_data_o", net("load_data"));
  }

  // Marks are made in pairs; what nobody reads is said so.
  void drop_unread(int phase, const Marks& marks) {
    const bool delayed_from = phase == design_.buses.front().phase && marks_.size() > 1;
    if (!read_win_.contains(phase) && !delayed_from)
      top_.discard(fmt::format("win_t{}", phase), marks.win);
    if (!read_live_.contains(phase) && !delayed_from)
      top_.discard(fmt::format("live_t{}", phase), marks.live);
  }

  const map::Design& design_;
  const TopOptions& options_;
  verilog::Module top_;
  std::optional<Net> tick_;
  std::optional<Marks> start_;
  std::map<int, Marks> marks_;  // by phase
  std::set<int> read_win_;
  std::set<int> read_live_;
  std::vector<Net> buses_;
  std::vector<Net> delays_;
  std::map<map::PeId, Net> sums_;
  std::vector<units::PeConfig> configs_;
  std::deque<verilog::Module> pe_modules_;
};

}  // namespace

std::string memory_path(const map::Design& design, map::PeId pe) {
  const std::size_t digits = std::max<std::size_t>(2, std::to_string(design.pes.size() - 1).size());
  return fmt::format("mem/{:0{}}_{}", pe.index(), digits, design.pes[pe.index()].name);
}

units::PresetFiles preset_files(const map::Design& design, map::PeId pe) {
  const std::string path = memory_path(design, pe);
  units::PresetFiles files{path + "_weights.mem", {}, {}};
  if (!design.pes[pe.index()].config.has_neurons) return files;
  files.offsets = path + "_offsets.mem";
  files.thresholds = path + "_thresholds.mem";
  return files;
}

Rtl build(const map::Design& design, const TopOptions& options) {
  return TopBuilder(design, options).take();
}

}  // namespace emit
