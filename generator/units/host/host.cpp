#include "units/host/host.hpp"

#include "base/bits.hpp"
#include "units/host/frames.hpp"
#include "units/leaves.hpp"

namespace units {

namespace {

constexpr int kVersion = 0x00000100;
constexpr int kEncoderDepth = 1;
constexpr int kDecoderDepth = 2;
constexpr int kEncoderLatency = 1;

int code_of(config::Train train) { return train == config::Train::kRate ? 1 : 0; }

Parameters edge_parameters(const StreamEdge& edge, int depth) {
  return {{"Lanes", edge.lanes},
          {"ActBits", edge.activation_bits},
          {"Train", code_of(edge.train)},
          {"Depth", depth},
          {"BeatLanes", edge.beat_lanes}};
}

}  // namespace

UnitPtr encoder(const StreamEdge& edge) {
  return leaf_unit("encoder", leaves::encoder(), edge_parameters(edge, kEncoderDepth),
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"tick_i", Protocol::kTick},
                    {"s_valid_i", Protocol::kWords},
                    {"s_ready_o", Protocol::kWords},
                    {"s_data_i", Protocol::kWords, edge.beat_lanes},
                    {"s_last_i", Protocol::kWords},
                    {"win_i", Protocol::kMark},
                    {"live_i", Protocol::kMark},
                    {"sample_valid_o", Protocol::kStatus},
                    {"win_o", Protocol::kMark},
                    {"live_o", Protocol::kMark},
                    {"spike_o", Protocol::kTrain},
                    {"frame_error_o", Protocol::kStatus},
                    {"range_error_o", Protocol::kStatus}},
                   kEncoderLatency);
}

UnitPtr decoder(const StreamEdge& edge) {
  return leaf_unit("decoder", leaves::decoder(), edge_parameters(edge, kDecoderDepth),
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"tick_i", Protocol::kTick},
                    {"ready_o", Protocol::kReady},
                    {"win_i", Protocol::kMark},
                    {"live_i", Protocol::kMark},
                    {"spike_i", Protocol::kTrain},
                    {"m_valid_o", Protocol::kWords},
                    {"m_ready_i", Protocol::kWords},
                    {"m_data_o", Protocol::kWords, edge.beat_lanes},
                    {"m_last_o", Protocol::kWords},
                    {"captured_o", Protocol::kStatus}});
}

UnitPtr token_split(const StreamEdge& edge, int tokens) {
  return leaf_unit("token_split", leaves::token_split(),
                   {{"Tokens", tokens},
                    {"Beats", beats_of(edge)},
                    {"DataBits", edge.beat_lanes * lane_bits(edge)}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"s_valid_i", Protocol::kWords},
                    {"s_ready_o", Protocol::kWords},
                    {"s_data_i", Protocol::kWords, edge.beat_lanes},
                    {"s_last_i", Protocol::kWords},
                    {"m_valid_o", Protocol::kWords},
                    {"m_ready_i", Protocol::kWords},
                    {"m_data_o", Protocol::kWords, edge.beat_lanes},
                    {"m_last_o", Protocol::kWords},
                    {"frame_error_o", Protocol::kStatus}});
}

UnitPtr token_join(int tokens) {
  return leaf_unit("token_join", leaves::token_join(), {{"Tokens", tokens}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"s_valid_i", Protocol::kWords},
                    {"s_ready_i", Protocol::kWords},
                    {"s_last_i", Protocol::kWords},
                    {"m_last_o", Protocol::kWords}});
}

UnitPtr ceiling_counter(int lanes, int activation_bits, config::Train train) {
  return leaf_unit("counter", leaves::ceiling_counter(),
                   {{"Lanes", lanes}, {"ActBits", activation_bits}, {"Train", code_of(train)}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"tick_i", Protocol::kTick},
                    {"win_i", Protocol::kMark},
                    {"live_i", Protocol::kMark},
                    {"spike_i", Protocol::kTrain},
                    {"valid_o", Protocol::kStatus},
                    {"count_o", Protocol::kStatus}});
}

UnitPtr sum_pipe(int inputs, int bits) {
  const int sum_bits = bits + base::clog2(static_cast<std::uint64_t>(inputs));
  return leaf_unit("sum", leaves::sum_pipe(),
                   {{"Inputs", inputs}, {"InBits", bits}, {"OutBits", sum_bits}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"valid_i", Protocol::kStatus},
                    {"terms_i", Protocol::kStatus, inputs},
                    {"valid_o", Protocol::kStatus},
                    {"sum_o", Protocol::kStatus}});
}

UnitPtr reset_sync() {
  return leaf_unit(
      "reset", leaves::reset_sync(), {},
      {{"clk_i", Protocol::kClock}, {"rst_ni", Protocol::kClock}, {"rst_no", Protocol::kClock}});
}

UnitPtr busy_hold(int islands) {
  return leaf_unit("busy", leaves::busy_hold(),
                   islands == 1 ? Parameters{} : Parameters{{"Islands", islands}},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"busy_i", Protocol::kStatus},
                    {"busy_o", Protocol::kStatus}});
}

UnitPtr csr(const Registers& registers) {
  std::vector<LeafPort> ports{{"clk_i", Protocol::kClock}, {"rst_ni", Protocol::kClock}};
  for (const char* name : {"s_awvalid_i", "s_awaddr_i", "s_awprot_i", "s_wvalid_i", "s_wdata_i",
                           "s_wstrb_i", "s_bready_i", "s_arvalid_i", "s_araddr_i", "s_arprot_i",
                           "s_rready_i", "s_awready_o", "s_wready_o", "s_bvalid_o", "s_bresp_o",
                           "s_arready_o", "s_rvalid_o", "s_rdata_o", "s_rresp_o"})
    ports.push_back({name, Protocol::kAxil});
  for (const char* name :
       {"busy_i", "window_i", "captured_i", "ceilings_i", "frame_error_i", "range_error_i"})
    ports.push_back({name, Protocol::kStatus});
  ports.push_back({"ready_o", Protocol::kReady});
  for (const char* name : {"load_we_o", "load_addr_o", "load_data_o"})
    ports.push_back({name, Protocol::kLoad});
  return leaf_unit("csr", leaves::csr(),
                   {{"Version", kVersion},
                    {"SpecHash", static_cast<std::int32_t>(registers.spec_hash)},
                    {"InLanes", registers.in_lanes},
                    {"OutLanes", registers.out_lanes},
                    {"Units", registers.units},
                    {"CeilingBits", registers.ceiling_bits}},
                   ports);
}

UnitPtr load_rank() {
  return leaf_unit("load", leaves::load_rank(), {},
                   {{"clk_i", Protocol::kClock},
                    {"rst_ni", Protocol::kClock},
                    {"load_we_i", Protocol::kLoad},
                    {"load_addr_i", Protocol::kLoad},
                    {"load_data_i", Protocol::kLoad},
                    {"load_we_o", Protocol::kLoad},
                    {"load_addr_o", Protocol::kLoad},
                    {"load_data_o", Protocol::kLoad}});
}

}  // namespace units
