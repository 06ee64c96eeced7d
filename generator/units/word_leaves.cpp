// Signatures of the leaves of datapaths: signed words and the registers between their stages.
#include "units/leaves.hpp"

namespace units::leaves {

using verilog::in;
using verilog::out;
using verilog::param;
using verilog::Signature;

Signature word_sum() {
  return {.name = "fpsa_word_sum",
          .parameters = {{"ABits", 16}, {"BBits", 16}, {"OutBits", 17}, {"Subtract", 0}},
          .ports = {in("a_i", param("ABits")), in("b_i", param("BBits")),
                    out("sum_o", param("OutBits"))}};
}

Signature word_scale() {
  return {.name = "fpsa_word_scale",
          .parameters =
              {{"InBits", 16}, {"OutBits", 31}, {"Plus", 32768}, {"Minus", 9598}, {"Product", 0}},
          .ports = {in("word_i", param("InBits")), out("word_o", param("OutBits"))}};
}

Signature word_round() {
  return {.name = "fpsa_word_round",
          .parameters = {{"InBits", 32}, {"OutBits", 17}, {"Shift", 15}, {"Rounding", 1}},
          .ports = {in("word_i", param("InBits")), out("word_o", param("OutBits"))}};
}

Signature word_clip() {
  return {
      .name = "fpsa_word_clip",
      .parameters = {{"InBits", 20}, {"OutBits", 16}},
      .ports = {in("word_i", param("InBits")), out("word_o", param("OutBits")), out("clipped_o")}};
}

Signature word_register() {
  return {.name = "fpsa_word_register",
          .parameters = {{"Width", 64}},
          .ports = {in("clk_i"), in("step_i"), in("words_i", param("Width")),
                    out("words_o", param("Width"))}};
}

Signature pipe() {
  return {.name = "fpsa_pipe",
          .parameters = {{"Stages", 4}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"), out("step_o"),
                    out("valid_o"), in("ready_i")}};
}

}  // namespace units::leaves
