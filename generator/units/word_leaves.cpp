// Signatures of the leaves of datapaths: signed words and the registers between their stages.
#include "units/leaves.hpp"

namespace units::leaves {

using verilog::in;
using verilog::IntExpr;
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

Signature word_product() {
  return {.name = "fpsa_word_product",
          .parameters = {{"ABits", 16}, {"BBits", 16}, {"OutBits", 32}},
          .ports = {in("a_i", param("ABits")), in("b_i", param("BBits")),
                    out("product_o", param("OutBits"))}};
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

Signature pair_words() {
  return {
      .name = "fpsa_pair_words",
      .parameters = {{"Lanes", 4}, {"LaneBits", 8}, {"Signed", 1}, {"Shift", 7}, {"WordBits", 16}},
      .ports = {in("data_i", (param("Signed") + 1) * param("Lanes") * param("LaneBits")),
                out("words_o", param("Lanes") * param("WordBits"))}};
}

Signature word_pairs() {
  return {.name = "fpsa_word_pairs",
          .parameters = {{"Lanes", 4},
                         {"WordBits", 16},
                         {"Shift", 8},
                         {"CodeBits", 6},
                         {"LaneBits", 8},
                         {"Signed", 1}},
          .ports = {in("words_i", param("Lanes") * param("WordBits")),
                    out("data_o", (param("Signed") + 1) * param("Lanes") * param("LaneBits"))},
          .needs = {"fpsa_word_round"}};
}

Signature last_token() {
  return {.name = "fpsa_last_token",
          .parameters = {{"Tokens", 4}},
          .ports = {in("clk_i"), in("rst_ni"), in("s_valid_i"), out("s_ready_o"), in("s_last_i"),
                    out("m_valid_o"), in("m_ready_i")}};
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

Signature word_mac() {
  return {.name = "fpsa_word_mac",
          .parameters = {{"XBits", 20}, {"WBits", 16}, {"SumBits", 42}},
          .ports = {in("clk_i"), in("live_i"), in("first_i"), in("x_i", param("XBits")),
                    in("w_i", param("WBits")), out("sum_o", param("SumBits"))}};
}

Signature one_hot() {
  return {.name = "fpsa_one_hot",
          .parameters = {{"Inputs", 4}, {"Width", 64}},
          .ports = {in("valid_i", param("Inputs")), in("words_i", param("Inputs") * param("Width")),
                    out("valid_o"), out("word_o", param("Width"))}};
}

Signature pass_first() {
  return {.name = "fpsa_pass_first",
          .parameters = {{"Keep", 3}, {"Group", 4}},
          .ports = {in("clk_i"), in("rst_ni"), in("event_i"), out("event_o")}};
}

Signature load_slot() {
  return {.name = "fpsa_load_slot",
          .parameters = {{"Slot", 0}, {"IndexBits", 12}},
          .ports = {in("load_we_i"), in("load_addr_i", 22), out("we_o"), out("index_o", 20)}};
}

Signature load_memory() {
  return {.name = "fpsa_load_memory",
          .parameters = {{"Cols", 256},
                         {"Width", 16},
                         {"File", ""},
                         {"ColBits", max(1, clog2(param("Cols")))}},
          .ports = {in("clk_i"), in("we_i"), in("index_i", 20), in("data_i", 32), in("read_i"),
                    in("column_i", param("ColBits")), out("value_o", param("Width"))}};
}

Signature stream_buffer() {
  return {.name = "fpsa_stream_buffer",
          .parameters = {{"Width", 64}, {"Depth", 8}},
          .ports = {in("clk_i"), in("rst_ni"), in("push_i"), in("data_i", param("Width")),
                    out("freed_o"), out("valid_o"), in("ready_i"), out("data_o", param("Width"))},
          .needs = {"fpsa_ring", "fpsa_smb_memory"}};
}

Signature sum_tree() {
  return {
      .name = "fpsa_sum_tree",
      .parameters = {{"Inputs", 4}, {"InBits", 8}, {"OutBits", 10}},
      .ports = {in("terms_i", param("Inputs") * param("InBits")), out("sum_o", param("OutBits"))}};
}

Signature recurrent_join() {
  const IntExpr width = param("Width");
  return {.name = "fpsa_recurrent_join",
          .parameters = {{"Width", 64}, {"InBlocks", 2}, {"BackBlocks", 2}, {"Streams", 2}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"), in("last_i"),
                    in("data_i", width), in("back_valid_i"), out("back_ready_o"),
                    in("back_data_i", width), out("valid_o"), in("ready_i"), out("data_o", width),
                    out("tag_push_o"), out("tag_fresh_o"), out("tag_last_o")}};
}

Signature recurrent_fork() {
  return {.name = "fpsa_recurrent_fork",
          .parameters = {{"Blocks", 2}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"), out("valid_o"),
                    in("ready_i"), out("last_o"), out("back_push_o"), in("tag_valid_i"),
                    in("tag_last_i"), out("tag_pop_o")}};
}

Signature block_split() {
  return {.name = "fpsa_block_split",
          .parameters = {{"Width", 16}, {"Block", 8}, {"Gates", 4}, {"Elements", 1}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"),
                    in("block_i", param("Block") * param("Width")), out("valid_o"), in("ready_i"),
                    out("words_o", param("Elements") * param("Gates") * param("Width"))}};
}

Signature block_gather() {
  return {.name = "fpsa_block_gather",
          .parameters = {{"Width", 16}, {"Block", 8}, {"Elements", 1}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"),
                    in("words_i", param("Elements") * param("Width")), out("valid_o"),
                    in("ready_i"), out("block_o", param("Block") * param("Width"))}};
}

Signature cell_fetch() {
  return {
      .name = "fpsa_cell_fetch",
      .parameters = {{"Steps", 8}, {"AddrBits", max(1, clog2(param("Steps")))}},
      .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"), in("tag_valid_i"),
                in("tag_fresh_i"), out("tag_pop_o"), out("read_o"),
                out("addr_o", param("AddrBits")), out("valid_o"), in("ready_i"), out("fresh_o")}};
}

Signature word_gate() {
  return {.name = "fpsa_word_gate",
          .parameters = {{"Width", 16}},
          .ports = {in("zero_i"), in("word_i", param("Width")), out("word_o", param("Width"))}};
}

Signature clip_counter() {
  return {.name = "fpsa_clip_counter",
          .parameters = {{"Flags", 8}, {"Bits", 4}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), in("ready_i"),
                    in("flags_i", param("Flags") * param("Bits")), out("count_o", 32)},
          .needs = {"fpsa_sum_tree"}};
}

Signature circulant_walk() {
  return {.name = "fpsa_circulant_walk",
          .parameters = {{"Cols", 4},
                         {"Passes", 2},
                         {"Lanes", 2},
                         {"Rest", 2},
                         {"Depth", 4},
                         {"BlockBits", clog2(2 * param("Cols"))},
                         {"WeightBits", max(1, clog2(param("Passes") * param("Cols")))}},
          .ports = {in("clk_i"), in("rst_ni"), in("valid_i"), out("ready_o"), out("write_o"),
                    out("write_addr_o", param("BlockBits")), out("read_o"), out("first_o"),
                    out("last_o"), out("read_addr_o", param("BlockBits")),
                    out("weight_addr_o", param("WeightBits")), in("freed_i")}};
}

std::vector<Signature> word_leaves() {
  return {word_sum(),    word_scale(),    word_product(),   word_round(),     word_clip(),
          pair_words(),  last_token(),    word_pairs(),     word_register(),  pipe(),
          word_mac(),    one_hot(),       pass_first(),     load_slot(),      load_memory(),
          sum_tree(),    stream_buffer(), circulant_walk(), recurrent_join(), recurrent_fork(),
          block_split(), block_gather(),  cell_fetch(),     word_gate(),      clip_counter()};
}

}  // namespace units::leaves
