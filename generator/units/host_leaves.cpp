// Signatures of the leaves that a host writes and reads over AXI4-Lite, and of what they load.
#include "units/leaves.hpp"

namespace units::leaves {

using verilog::in;
using verilog::out;
using verilog::param;
using verilog::Port;
using verilog::Signature;

namespace {

std::vector<Port> with_clock(std::vector<Port> ports) {
  ports.insert(ports.begin(), {in("clk_i"), in("rst_ni")});
  return ports;
}

std::vector<Port> with_axi_lite(const std::vector<Port>& ports) {
  std::vector<Port> all{
      in("s_awvalid_i"),  out("s_awready_o"),   in("s_awaddr_i", 12), in("s_awprot_i", 3),
      in("s_wvalid_i"),   out("s_wready_o"),    in("s_wdata_i", 32),  in("s_wstrb_i", 4),
      out("s_bvalid_o"),  in("s_bready_i"),     out("s_bresp_o", 2),  in("s_arvalid_i"),
      out("s_arready_o"), in("s_araddr_i", 12), in("s_arprot_i", 3),  out("s_rvalid_o"),
      in("s_rready_i"),   out("s_rdata_o", 32), out("s_rresp_o", 2)};
  all.insert(all.end(), ports.begin(), ports.end());
  return with_clock(std::move(all));
}

}  // namespace

Signature csr() {
  return {
      .name = "fpsa_axil_csr",
      .parameters = {{"Units", 1},
                     {"Version", 1},
                     {"SpecHash", 0},
                     {"InLanes", 1},
                     {"OutLanes", 1},
                     {"CeilingBits", 16}},
      .ports = with_axi_lite({in("busy_i"), in("window_i"), in("captured_i"),
                              in("ceilings_i", param("CeilingBits")), in("frame_error_i"),
                              in("range_error_i"), out("ready_o"), out("load_we_o", param("Units")),
                              out("load_addr_o", 22), out("load_data_o", 32)}),
      .needs = {"fpsa_axil_slave", "fpsa_event_counter"}};
}

Signature frame() {
  return {.name = "fpsa_frame",
          .parameters = {{"Bits", 32}},
          .ports = {in("clk_i"), in("clear_i"), in("address_i", 16), in("frame_i", 16),
                    in("word_i", 16), in("write_i"), in("data_i", 32), in("read_i", 32),
                    out("read_o", 32), out("bits_o", param("Bits"))},
          .needs = {"fpsa_load_register"}};
}

Signature bitstream_loader() {
  return {.name = "fpsa_bitstream_loader",
          .parameters = {{"Frames", 1}},
          .ports = with_clock({in("fingerprint_i", 32), in("start_i"), in("valid_i"),
                               out("ready_o"), in("word_i", 32), out("clear_o"), out("write_o"),
                               out("frame_o", 16), out("index_o", 16), out("data_o", 32),
                               out("active_o"), out("busy_o"), out("error_o", 4)})};
}

Signature config_port() {
  return {.name = "fpsa_config_port",
          .parameters = {{"Frames", 1}},
          .ports = with_axi_lite({in("fingerprint_i", 32), out("clear_o"), out("write_o"),
                                  out("frame_o", 16), out("word_o", 16), out("data_o", 32),
                                  in("read_i", 32), out("active_o")}),
          .needs = {"fpsa_axil_slave", "fpsa_bitstream_loader"}};
}

}  // namespace units::leaves
