#include "units/leaves.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"

namespace units::leaves {

using verilog::in;
using verilog::IntExpr;
using verilog::out;
using verilog::param;
using verilog::Port;
using verilog::Signature;

namespace {

std::vector<Port> with_clock(std::vector<Port> ports) {
  ports.insert(ports.begin(), {in("clk_i"), in("rst_ni")});
  return ports;
}

std::vector<Port> with_load_bus(std::vector<Port> ports) {
  ports.insert(ports.end(), {in("load_we_i"), in("load_addr_i", 22), in("load_data_i", 32)});
  return with_clock(std::move(ports));
}

std::string neuron_name(config::Neuron neuron, config::Train train, bool folded) {
  switch (neuron) {
    case config::Neuron::kSigned:
      return "signed";
    case config::Neuron::kPaired:
      return "paired";
    case config::Neuron::kExact:
      break;
  }
  if (folded) return "exact_folded";
  return train == config::Train::kBinary ? "exact_binary" : "exact_rate";
}

// Leaves below a crossbar, those of its simulation model included.
std::vector<std::string> crossbar_needs(config::Crossbar kind) {
  switch (kind) {
    case config::Crossbar::kParallel:
      return {"fpsa_column_sum", "fpsa_gated_adder", "fpsa_load_register", "fpsa_xbar_lanes"};
    case config::Crossbar::kSerial:
      return {"fpsa_first_one"};
    case config::Crossbar::kMacro:
      break;
  }
  return {"fpsa_xbar_lanes"};
}

// Leaves below an array of neurons.
std::vector<std::string> neuron_needs(const std::string& name) {
  if (name == "exact_folded")
    return {"fpsa_exact_binary_step", "fpsa_exact_rate_step", "fpsa_load_memory",
            "fpsa_step_decoder", "fpsa_window_tracker"};
  std::vector<std::string> needs{"fpsa_load_bank", "fpsa_load_register", "fpsa_window_tracker",
                                 "fpsa_neuron_" + name};
  if (name == "paired") needs.push_back("fpsa_neuron_half");
  if (name == "paired" || name == "signed") needs.push_back("fpsa_bias_share");
  if (name == "exact_rate") needs.push_back("fpsa_exact_rate_step");
  if (name == "exact_binary") needs.push_back("fpsa_step_decoder");
  return needs;
}

}  // namespace

Signature crossbar(config::Crossbar kind) {
  const std::string name = config::to_string(kind);
  Signature leaf{.name = "fpsa_xbar_" + name,
                 .parameters = {{"Rows", 256},
                                {"Cols", 256},
                                {"WeightBits", 8},
                                {"Signed", 1},
                                {"SumBits", param("WeightBits") + clog2(param("Rows"))},
                                {"WeightFile", ""}},
                 .ports = with_load_bus({in("tick_i"), in("spike_i", param("Rows")), out("ready_o"),
                                         out("sum_o", param("Cols") * param("SumBits"))})};
  leaf.needs = crossbar_needs(kind);
  if (kind == config::Crossbar::kMacro)
    leaf.parameters.insert(leaf.parameters.begin() + 3, {"FracBits", 0});
  if (kind == config::Crossbar::kSerial) leaf.parameters.push_back({"Passes", 1});
  return leaf;
}

Signature neurons(config::Neuron neuron, config::Train train, bool folded) {
  const std::string name = neuron_name(neuron, train, folded);
  const IntExpr sums =
      neuron == config::Neuron::kPaired ? IntExpr(2) * param("Cols") : param("Cols");
  Signature leaf{.name = "fpsa_neurons_" + name,
                 .parameters = {{"Cols", folded ? 64 : 256},
                                {"ActBits", 6},
                                {"SumBits", 16},
                                {"AccBits", 23},
                                {"ThetaBits", 16},
                                {"OffsetFile", ""},
                                {"ThresholdFile", ""}},
                 .ports = with_load_bus({in("tick_i"), in("win_i"), out("ready_o"),
                                         in("sum_valid_i"), in("sum_i", sums * param("SumBits")),
                                         out("win_o"), out("spike_o", param("Cols"))}),
                 .needs = neuron_needs(name)};
  if (folded) leaf.parameters.insert(leaf.parameters.end(), {{"Lanes", 1}, {"Train", 0}});
  if (neuron == config::Neuron::kExact)
    leaf.parameters.insert(leaf.parameters.end(), {{"Tops", 0}, {"HalfEven", 0}, {"TopFile", ""}});
  return leaf;
}

namespace {

const std::vector<verilog::Parameter> kCascadeParameters{
    {"Cols", 256}, {"OwnBits", 16}, {"SumBits", 17}, {"Signed", 1}};

std::vector<Port> cascade_ports() {
  return {in("sum_i", param("Cols") * param("SumBits")),
          in("own_i", param("Cols") * param("OwnBits")),
          out("sum_o", param("Cols") * param("SumBits"))};
}

// Values in an AXI4-Stream beat, each padded to bytes.
IntExpr beat_bits() { return param("BeatLanes") * (IntExpr(8) * ceil_div(param("ActBits"), 8)); }

std::vector<verilog::Parameter> smb_parameters(int depth) {
  return {{"Lanes", 16}, {"ActBits", 6}, {"Train", 0}, {"Depth", depth}, {"BeatLanes", 4}};
}

// Both sides of a memory block, on buses of these widths.
std::vector<Port> smb_ports(const IntExpr& write, const IntExpr& read) {
  return with_clock({in("write_tick_i"), in("write_win_i"), in("write_live_i"), in("write_first_i"),
                     in("write_done_i"), in("write_base_i", param("AddrBits")),
                     in("write_spike_i", write), out("write_end_o"), out("written_o"),
                     in("read_tick_i"), in("read_win_i"), in("read_live_i"),
                     in("read_base_i", param("AddrBits")), out("read_end_o"), out("read_win_o"),
                     out("read_live_o"), out("read_spike_o", read)});
}

// A bus of trains (0, 1) has a wire a lane, one of words (2) ActBits.
IntExpr coded_width(const std::string& train) {
  return param("Lanes") * (1 + (param("ActBits") - 1) * max(param(train) - 1, 0));
}

// A line walk whose sides differ in `coding`, and what lies below it.
Signature line_walk(std::string name, std::vector<verilog::Parameter> coding,
                    std::vector<std::string> needs) {
  Signature leaf;
  leaf.name = std::move(name);
  leaf.parameters = {{"Lanes", 16}, {"ActBits", 6}};
  const auto add = [&leaf](std::vector<verilog::Parameter> parameters) {
    leaf.parameters.insert(leaf.parameters.end(), parameters.begin(), parameters.end());
  };
  add(std::move(coding));
  const IntExpr parts = 1 + param("Deal") * (param("RepeatRows") * param("RepeatCols") - 1);
  add({{"WriteBits", param("ActBits")},
       {"ReadBits", param("ActBits")},
       {"Height", 5},
       {"Width", 5},
       {"Rows", 3},
       {"KernelRows", 3},
       {"KernelCols", 3},
       {"StrideRows", 1},
       {"StrideCols", 1},
       {"DilationRows", 1},
       {"DilationCols", 1},
       {"PadTop", 1},
       {"PadBottom", 1},
       {"PadLeft", 1},
       {"PadRight", 1},
       {"Neighbours", 1},
       {"Beside", 1},
       {"RepeatRows", 1},
       {"RepeatCols", 1},
       {"CropTop", 0},
       {"CropBottom", 0},
       {"CropLeft", 0},
       {"CropRight", 0},
       {"Ahead", 0},
       {"Deal", 0},
       {"AmountBits", clog2(param("Rows") * ceil_div(param("Width"), param("Beside")) + 1)},
       {"Taps", param("Neighbours") * param("KernelRows") * param("KernelCols")},
       {"WriteLanes", param("Beside") * parts * param("Lanes")},
       {"ReadLanes", param("Taps") * param("Lanes")}});
  leaf.ports =
      with_clock({in("write_tick_i"), in("write_win_i"), in("write_live_i"),
                  in("write_spike_i", param("WriteLanes")), out("written_o"), in("read_tick_i"),
                  in("read_win_i"), in("read_live_i"), out("need_o", param("AmountBits")),
                  out("frees_o", param("AmountBits")), out("read_win_o"), out("read_live_o"),
                  out("meets_o", param("Taps")), out("read_spike_o", param("ReadLanes"))});
  leaf.needs = std::move(needs);
  for (const char* below : {"fpsa_line_amounts", "fpsa_line_axis", "fpsa_line_banks",
                            "fpsa_line_walk", "fpsa_smb_memory", "fpsa_window_tracker"})
    leaf.needs.push_back(below);
  return leaf;
}

}  // namespace

Signature cascade_adder() {
  return {.name = "fpsa_cascade_adder",
          .parameters = kCascadeParameters,
          .ports = cascade_ports(),
          .needs = {"fpsa_lane_adder", "fpsa_lane_widen"}};
}

Signature cascade_stage() {
  std::vector<Port> ports = cascade_ports();
  ports.insert(ports.begin(), {in("clk_i"), in("tick_i")});
  std::vector<verilog::Parameter> parameters = kCascadeParameters;
  parameters.push_back({"First", 0});
  return {.name = "fpsa_cascade_stage",
          .parameters = std::move(parameters),
          .ports = std::move(ports),
          .needs = {"fpsa_cascade_adder", "fpsa_lane_adder", "fpsa_lane_widen"}};
}

Signature tick_delay() {
  return {.name = "fpsa_tick_delay",
          .parameters = {{"Width", 1}, {"Ticks", 1}},
          .ports = with_clock(
              {in("tick_i"), in("data_i", param("Width")), out("data_o", param("Width"))})};
}

Signature memory_delay() {
  return {.name = "fpsa_memory_delay",
          .parameters = {{"Width", 1}, {"Ticks", 2}},
          .ports = with_clock(
              {in("tick_i"), in("data_i", param("Width")), out("data_o", param("Width"))}),
          .needs = {"fpsa_smb_memory"}};
}

Signature window_delay() {
  return {
      .name = "fpsa_window_delay",
      .parameters = {{"Period", 6}, {"Ticks", 7}},
      .ports = with_clock({in("tick_i"), in("win_i"), in("live_i"), out("win_o"), out("live_o")}),
      .needs = {"fpsa_tick_delay", "fpsa_window_tracker"}};
}

Signature sequencer() {
  return {.name = "fpsa_sequencer",
          .parameters = {{"Units", 1}, {"Period", 6}, {"Drain", 14}},
          .ports =
              with_clock({in("ready_i", param("Units")), out("tick_o"), out("win_o"), out("live_o"),
                          in("sample_valid_i"), out("sample_pop_o"), out("busy_o")})};
}

Signature encoder() {
  return {.name = "fpsa_smb_encoder",
          .parameters = smb_parameters(1),
          .ports = with_clock({in("s_valid_i"), out("s_ready_o"), in("s_data_i", beat_bits()),
                               in("s_last_i"), in("tick_i"), in("win_i"), in("live_i"),
                               out("sample_valid_o"), out("win_o"), out("live_o"),
                               out("spike_o", param("Lanes")), out("frame_error_o"),
                               out("range_error_o")}),
          .needs = {"fpsa_encoder_beat", "fpsa_frame_check", "fpsa_lane_clip", "fpsa_ring",
                    "fpsa_train_encoder"}};
}

Signature decoder() {
  return {.name = "fpsa_smb_decoder",
          .parameters = smb_parameters(2),
          .ports = with_clock({in("tick_i"), out("ready_o"), in("win_i"), in("live_i"),
                               in("spike_i", param("Lanes")), out("m_valid_o"), in("m_ready_i"),
                               out("m_data_o", beat_bits()), out("m_last_o"), out("captured_o")}),
          .needs = {"fpsa_window_tracker", "fpsa_train_decoder", "fpsa_ring"}};
}

Signature token_split() {
  return {.name = "fpsa_token_split",
          .parameters = {{"Tokens", 4}, {"Beats", 2}, {"DataBits", 8}},
          .ports = with_clock({in("s_valid_i"), out("s_ready_o"), in("s_data_i", param("DataBits")),
                               in("s_last_i"), out("m_valid_o"), in("m_ready_i"),
                               out("m_data_o", param("DataBits")), out("m_last_o"),
                               out("frame_error_o")}),
          .needs = {"fpsa_token_join"}};
}

Signature token_join() {
  return {.name = "fpsa_token_join",
          .parameters = {{"Tokens", 4}},
          .ports = with_clock({in("s_valid_i"), in("s_ready_i"), in("s_last_i"), out("m_last_o")})};
}

Signature map_part() {
  return {.name = "fpsa_map_part",
          .parameters = {{"Height", 4}, {"Width", 4}, {"Rows", 2}, {"Cols", 2}},
          .ports = with_clock({in("fire_i"), out("fire_o"), in("room_i"), out("room_o"),
                               in("tick_i"), in("win_i"), in("live_i"), out("live_o")})};
}

Signature join() {
  return {.name = "fpsa_join",
          .parameters = {{"Inputs", 2}},
          .ports = {in("ready_i", param("Inputs")), out("all_o")}};
}

Signature channel() {
  return {
      .name = "fpsa_channel",
      .parameters = {{"Depth", 2}, {"Most", 1}, {"AmountBits", clog2(param("Most") + 1)}},
      .ports = with_clock({in("reserve_i", param("AmountBits")), out("room_o"), in("fire_i"),
                           in("write_i", param("AmountBits")), in("need_i", param("AmountBits")),
                           out("valid_o"), in("free_i", param("AmountBits"))})};
}

Signature walk() {
  return {.name = "fpsa_walk",
          .parameters = {{"Words", 4}, {"Step", 1}, {"AddrBits", max(1, clog2(param("Words")))}},
          .ports = with_clock({in("step_i"), out("base_o", param("AddrBits"))})};
}

Signature smb_planes() {
  return {.name = "fpsa_smb_planes",
          .parameters = {{"Lanes", 16},
                         {"Depth", 4},
                         {"ActBits", 6},
                         {"WriteBits", param("ActBits")},
                         {"ReadBits", param("ActBits")},
                         {"Mode", 0},
                         {"AddrBits", max(1, clog2(param("Depth") * param("ActBits")))}},
          .ports = smb_ports(param("Lanes"), param("Lanes")),
          .needs = {"fpsa_plane_max", "fpsa_plane_walk", "fpsa_smb_memory", "fpsa_window_tracker"}};
}
Signature smb_values() {
  return {.name = "fpsa_smb_values",
          .parameters = {{"Lanes", 16},
                         {"Depth", 4},
                         {"ActBits", 6},
                         {"WriteTrain", 1},
                         {"ReadTrain", 1},
                         {"WriteBits", param("ActBits")},
                         {"ReadBits", param("ActBits")},
                         {"Mode", 0},
                         {"AddrBits", max(1, clog2(param("Depth")))},
                         {"WriteWidth", coded_width("WriteTrain")},
                         {"ReadWidth", coded_width("ReadTrain")}},
          .ports = smb_ports(param("WriteWidth"), param("ReadWidth")),
          .needs = {"fpsa_merge", "fpsa_smb_memory", "fpsa_train_decoder", "fpsa_train_player",
                    "fpsa_window_tracker"}};
}

Signature line_planes() { return line_walk("fpsa_line_planes", {}, {"fpsa_plane_walk"}); }

Signature line_values() {
  return line_walk("fpsa_line_values", {{"WriteTrain", 1}, {"ReadTrain", 1}},
                   {"fpsa_train_decoder", "fpsa_train_player"});
}

Signature plane_most() {
  return {
      .name = "fpsa_plane_most",
      .parameters = {{"Lanes", 16}, {"Inputs", 9}, {"Least", 0}, {"Train", 0}},
      .ports = {in("clk_i"), in("tick_i"), in("win_i"), in("meets_i", param("Inputs")),
                in("spike_i", param("Inputs") * param("Lanes")), out("spike_o", param("Lanes"))}};
}

Signature table() {
  return {.name = "fpsa_table",
          .parameters = {{"Channels", 16},
                         {"Train", 0},
                         {"WindowBits", 6},
                         {"InBits", 6},
                         {"OutBits", 6},
                         {"SignedIn", 0},
                         {"SignedOut", 0},
                         {"InLanes", param("Channels") * (1 + param("SignedIn"))},
                         {"OutLanes", param("Channels") * (1 + param("SignedOut"))},
                         {"IndexBits", param("InBits") + param("SignedIn")},
                         {"ValueBits", param("OutBits") + param("SignedOut")}},
          .ports = with_clock({in("tick_i"), in("win_i"), in("spike_i", param("InLanes")),
                               out("spike_o", param("OutLanes")),
                               out("index_o", param("Channels") * param("IndexBits")),
                               in("value_i", param("Channels") * param("ValueBits"))}),
          .needs = {"fpsa_train_decoder", "fpsa_train_player", "fpsa_window_tracker"}};
}

Signature lookups() {
  return {.name = "fpsa_lookups",
          .parameters = {{"Lanes", 16},
                         {"IndexBits", 6},
                         {"ValueBits", 6},
                         {"Truth", std::string(192, '0')}},
          .ports = {in("index_i", param("Lanes") * param("IndexBits")),
                    out("value_o", param("Lanes") * param("ValueBits"))},
          .needs = {"fpsa_lookup"}};
}

Signature ceiling_counter() {
  return {
      .name = "fpsa_ceiling_counter",
      .parameters = {{"Lanes", 16},
                     {"ActBits", 6},
                     {"Train", 0},
                     {"CountBits", clog2(param("Lanes") + 1)}},
      .ports = with_clock({in("tick_i"), in("win_i"), in("live_i"), in("spike_i", param("Lanes")),
                           out("valid_o"), out("count_o", param("CountBits"))}),
      .needs = {"fpsa_window_tracker", "fpsa_sum_pipe", "fpsa_sum_tree"}};
}

Signature sum_pipe() {
  return {.name = "fpsa_sum_pipe",
          .parameters = {{"Inputs", 4}, {"InBits", 8}, {"OutBits", 10}},
          .ports = with_clock({in("valid_i"), in("terms_i", param("Inputs") * param("InBits")),
                               out("valid_o"), out("sum_o", param("OutBits"))}),
          .needs = {"fpsa_sum_tree"}};
}

Signature busy_hold() {
  return {.name = "fpsa_busy_hold",
          .parameters = {{"Cycles", 15}, {"Islands", 1}},
          .ports = with_clock({in("busy_i", param("Islands")), out("busy_o")})};
}

Signature reset_sync() {
  return {.name = "fpsa_reset_sync", .parameters = {}, .ports = with_clock({out("rst_no")})};
}

Signature load_rank() {
  return {
      .name = "fpsa_load_rank",
      .parameters = {},
      .ports = with_load_bus({out("load_we_o"), out("load_addr_o", 22), out("load_data_o", 32)})};
}

Signature scan_pins() {
  return {.name = "fpsa_scan_pins",
          .parameters = {{"Inputs", 1}, {"Outputs", 1}},
          .ports = {in("clk_i"), in("scan_i"), in("capture_i"), out("scan_o"),
                    out("drive_o", param("Inputs")), in("observe_i", param("Outputs"))}};
}

std::vector<Signature> all() {
  using config::Crossbar;
  using config::Neuron;
  using config::Train;
  std::vector<Signature> leaves{crossbar(Crossbar::kParallel),
                                crossbar(Crossbar::kSerial),
                                crossbar(Crossbar::kMacro),
                                neurons(Neuron::kExact, Train::kBinary, false),
                                neurons(Neuron::kExact, Train::kRate, false),
                                neurons(Neuron::kExact, Train::kBinary, true),
                                neurons(Neuron::kSigned, Train::kRate, false),
                                neurons(Neuron::kPaired, Train::kRate, false),
                                cascade_adder(),
                                cascade_stage(),
                                tick_delay(),
                                memory_delay(),
                                window_delay(),
                                sequencer(),
                                encoder(),
                                decoder(),
                                token_split(),
                                token_join(),
                                map_part(),
                                join(),
                                channel(),
                                walk(),
                                smb_planes(),
                                smb_values(),
                                line_planes(),
                                line_values(),
                                plane_most(),
                                table(),
                                lookups(),
                                ceiling_counter(),
                                sum_pipe(),
                                busy_hold(),
                                reset_sync(),
                                csr(),
                                frame(),
                                bitstream_loader(),
                                config_port(),
                                load_rank(),
                                scan_pins(),
                                route_mux(),
                                lut(),
                                pads(),
                                smb_memory()};
  std::ranges::move(word_leaves(), std::back_inserter(leaves));
  return leaves;
}

}  // namespace units::leaves
