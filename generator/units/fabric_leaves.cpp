// Leaves of a fabric.
#include "units/leaves.hpp"

namespace units::leaves {

using verilog::in;
using verilog::out;
using verilog::param;
using verilog::Signature;

Signature route_mux() {
  return {
      .name = "fpsa_route_mux",
      .parameters = {{"Inputs", 4}, {"SelectBits", clog2(param("Inputs") + 1)}},
      .ports = {in("in_i", param("Inputs")), in("select_i", param("SelectBits")), out("out_o")}};
}

Signature lut() {
  return {.name = "fpsa_lut",
          .parameters = {{"Inputs", 6},
                         {"Sources", 50},
                         {"ChoiceBits", clog2(param("Sources") + 1)},
                         {"ConfigBits",
                          pow2(param("Inputs")) + param("Inputs") * param("ChoiceBits") + 2}},
          .ports = {in("clk_i"), in("active_i"), in("config_i", param("ConfigBits")),
                    in("source_i", param("Sources")), out("out_o")},
          .needs = {"fpsa_route_mux"}};
}

Signature pads() {
  return {.name = "fpsa_pads",
          .parameters = {{"Slots", 8}},
          .ports = {in("active_i"), in("pad_i", param("Slots")), out("enters_o", param("Slots")),
                    in("leaves_i", param("Slots")), out("pad_o", param("Slots"))}};
}

Signature smb_memory() {
  return {.name = "fpsa_smb_memory",
          .parameters = {{"Width", 16}, {"Words", 24}, {"AddrBits", max(1, clog2(param("Words")))}},
          .ports = {in("clk_i"), in("write_i"), in("write_addr_i", param("AddrBits")),
                    in("value_i", param("Width")), in("read_i"),
                    in("read_addr_i", param("AddrBits")), out("value_o", param("Width"))}};
}

}  // namespace units::leaves
