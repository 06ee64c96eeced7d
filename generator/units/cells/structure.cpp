#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "units/cells/cells.hpp"
#include "units/leaves.hpp"
#include "units/recurrent/balance.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

using verilog::Expr;
using verilog::Module;
using verilog::Net;

// Tokens that wait before the layer, and behind it beside the one that is read.
constexpr int kBefore = 2;
constexpr int kBehind = 1;

int code_of(const SmbSide& side) { return side.code == BusCode::kRate ? 1 : 0; }
int lane_bits(int bits) { return 8 * static_cast<int>(base::ceil_div(bits, 8)); }

std::vector<std::string> header(const CellsConfig& config) {
  return {
      fmt::format("Recurrent cells: {} features in, {} out, {} steps a sequence{}.", config.inputs,
                  config.cells, config.steps, config.last_alone ? ", the last answer alone" : ""),
      "Writer: " + side_text(config.write) + ".", "Reader: " + side_text(config.read) + ".",
      fmt::format("Codes of {} bits to words of {} and to codes of {}.", config.in_bits,
                  config.layer.rule.bits, config.out_bits)};
}

// Builds the unit around its layer.
class Builder {
 public:
  Builder(const CellsConfig& config, const Module& layer)
      : config_(config), layer_(layer), module_(module_name(config), header(config)) {
    ports();
    module_.comment("Steps");
    for (const char* name :
         {"captured", "step_valid", "step_ready", "step_last", "answer_valid", "answer_ready",
          "answer_last", "sequence_last", "taken", "freed", "given_valid", "given_ready"})
      module_.wire(name);
    way_in();
    layer_instance();
    way_out();
  }

  Module take() { return std::move(module_); }

 private:
  int halves() const { return config_.signed_input ? 2 : 1; }
  int block() const { return config_.layer.block; }
  int in_lanes() const { return config_.layer.inputs * block() * halves(); }
  int out_lanes() const { return config_.layer.outputs * block() * 2; }
  Net net(const std::string& name) const { return *module_.find(name); }

  void ports() {
    module_.comment("Clock");
    module_.input("clk_i");
    module_.input("rst_ni");
    module_.comment("Writer");
    module_.output("write_room_o");
    for (const char* name : {"write_fire_i", "write_tick_i", "write_win_i", "write_live_i"})
      module_.input(name);
    module_.input("write_spike_i", config_.inputs * halves());
    module_.comment("Reader");
    module_.output("read_valid_o");
    for (const char* name : {"read_tick_i", "read_win_i", "read_live_i"}) module_.input(name);
    module_.output("read_win_o");
    module_.output("read_live_o");
    module_.output("read_spike_o", config_.cells * 2);
    module_.comment("Load bus");
    module_.input("load_we_i");
    module_.input("load_addr_i", 22);
    module_.input("load_data_i", 32);
  }

  verilog::Instance& clocked(const verilog::Signature& leaf, const std::string& name) {
    return module_.instance(leaf, name).port("clk_i", net("clk_i")).port("rst_ni", net("rst_ni"));
  }

  // Lanes block by block, of each first all x+, then all x-, as a beat has them; silence fills the
  // last block up.
  Expr dealt_in() const {
    std::vector<Expr> lanes;
    for (int at = in_lanes(); at-- > 0;) {
      const int beat = at / (block() * halves());
      const int within = at % (block() * halves());
      const int feature = beat * block() + within % block();
      lanes.push_back(
          feature < config_.inputs
              ? net("write_spike_i").slice(within / block() * config_.inputs + feature, 1)
              : verilog::constant(1, 0));
    }
    return verilog::concat(lanes);
  }

  void way_in() {
    const int bits = lane_bits(config_.write.bits);
    const int beat = block() * halves();
    const Net data = module_.wire("step_data", beat * bits);
    const Expr one = verilog::constant(1, 1);
    clocked(leaves::channel(), "u_channel")
        .parameter("Depth", kBefore)
        .port("reserve_i", one)
        .port("room_o", net("write_room_o"))
        .port("fire_i", net("write_fire_i"))
        .port("write_i", net("captured"))
        .port("need_i", one)
        .port("valid_o", module_.wire("unused_held"))
        .port("free_i", net("freed"));
    // No tick has to wait: there is room for what has begun.
    clocked(leaves::decoder(), "u_steps")
        .parameter("Lanes", in_lanes())
        .parameter("ActBits", config_.write.bits)
        .parameter("Train", code_of(config_.write))
        .parameter("Depth", kBefore)
        .parameter("BeatLanes", beat)
        .port("tick_i", net("write_tick_i"))
        .port("ready_o", module_.wire("unused_ready"))
        .port("win_i", net("write_win_i"))
        .port("live_i", net("write_live_i"))
        .port("spike_i", dealt_in())
        .port("m_valid_o", net("step_valid"))
        .port("m_ready_i", net("step_ready"))
        .port("m_data_o", data)
        .port("m_last_o", net("step_last"))
        .port("captured_o", net("captured"));
    module_.instance(leaves::join(), "u_taken")
        .parameter("Inputs", 3)
        .port("ready_i", verilog::concat({net("step_valid"), net("step_ready"), net("step_last")}))
        .port("all_o", net("taken"));
    // A token is counted as written a cycle after it can be taken.
    clocked(leaves::tick_delay(), "u_freed")
        .parameter("Width", 1)
        .parameter("Ticks", 1)
        .port("tick_i", one)
        .port("data_i", net("taken"))
        .port("data_o", net("freed"));
    module_.instance(leaves::pair_words(), "u_words")
        .parameter("Lanes", block())
        .parameter("LaneBits", bits)
        .parameter("Signed", halves() - 1)
        .parameter("Shift", config_.in_shift)
        .parameter("WordBits", config_.layer.rule.bits)
        .port("data_i", data)
        .port("words_o", module_.wire("step_words", block() * config_.layer.rule.bits));
    clocked(leaves::token_join(), "u_sequence")
        .parameter("Tokens", config_.steps)
        .port("s_valid_i", net("step_valid"))
        .port("s_ready_i", net("step_ready"))
        .port("s_last_i", net("step_last"))
        .port("m_last_o", net("sequence_last"));
  }

  void layer_instance() {
    verilog::Instance& layer = module_.instance(layer_, "u_layer");
    for (const char* name : {"clk_i", "rst_ni", "load_we_i", "load_addr_i", "load_data_i"})
      layer.port(name, net(name));
    const Net words = module_.wire("answer_words", block() * config_.layer.rule.bits);
    layer.port("valid_i", net("step_valid"))
        .port("ready_o", net("step_ready"))
        .port("last_i", net("sequence_last"))
        .port("data_i", net("step_words"))
        .port("valid_o", net("answer_valid"))
        .port("ready_i", net("answer_ready"))
        .port("last_o", module_.wire("unused_sequence"))
        .port("data_o", words);
    for (const char* part : {"gates", "cell", "projection"})
      layer.port(fmt::format("clipped_{}_o", part),
                 module_.wire(fmt::format("unused_clipped_{}", part), 32));
  }

  void way_out() {
    const int bits = lane_bits(config_.read.bits);
    const Net data = module_.wire("answer_data", block() * 2 * bits);
    module_.instance(leaves::word_pairs(), "u_codes")
        .parameter("Lanes", block())
        .parameter("WordBits", config_.layer.rule.bits)
        .parameter("Shift", config_.out_shift)
        .parameter("CodeBits", config_.out_bits)
        .parameter("LaneBits", bits)
        .port("words_i", net("answer_words"))
        .port("data_o", data);
    clocked(leaves::last_token(), "u_given")
        .parameter("Tokens", config_.last_alone ? config_.steps : 1)
        .port("s_valid_i", net("answer_valid"))
        .port("s_ready_o", net("answer_ready"))
        .port("s_last_i", net("answer_last"))
        .port("m_valid_o", net("given_valid"))
        .port("m_ready_i", net("given_ready"));
    clocked(leaves::token_join(), "u_answer")
        .parameter("Tokens", config_.layer.outputs)
        .port("s_valid_i", net("answer_valid"))
        .port("s_ready_i", net("answer_ready"))
        .port("s_last_i", verilog::constant(1, 1))
        .port("m_last_o", net("answer_last"));
    const Net spikes = module_.wire("answer_spike", out_lanes());
    clocked(leaves::encoder(), "u_answers")
        .parameter("Lanes", out_lanes())
        .parameter("ActBits", config_.read.bits)
        .parameter("Train", code_of(config_.read))
        .parameter("Depth", kBehind)
        .parameter("BeatLanes", block() * 2)
        .port("s_valid_i", net("given_valid"))
        .port("s_ready_o", net("given_ready"))
        .port("s_data_i", data)
        .port("s_last_i", net("answer_last"))
        .port("tick_i", net("read_tick_i"))
        .port("win_i", net("read_win_i"))
        .port("live_i", net("read_live_i"))
        .port("sample_valid_o", net("read_valid_o"))
        .port("win_o", net("read_win_o"))
        .port("live_o", net("read_live_o"))
        .port("spike_o", spikes)
        .port("frame_error_o", module_.wire("unused_frame_error"))
        .port("range_error_o", module_.wire("unused_range_error"));
    std::vector<Expr> lanes;
    for (int at = 2 * config_.cells; at-- > 0;) {
      const int cell = at % config_.cells;
      const int half = at / config_.cells;
      lanes.push_back(spikes.slice((2 * (cell / block()) + half) * block() + cell % block(), 1));
    }
    module_.assign(net("read_spike_o"), verilog::concat(lanes));
  }

  const CellsConfig& config_;
  const Module& layer_;
  Module module_;
};

}  // namespace

CellsSpeed CellsSpeed::of(const std::string& name) const {
  const auto own = multipliers_of.find(name);
  return {.lanes = lanes,
          .elements = elements,
          .multipliers = own == multipliers_of.end() ? multipliers : own->second};
}

RecurrentConfig layer_config(const quant::CellLayer& cells, const CellsSpeed& speed,
                             const std::string& where) {
  RecurrentConfig config;
  config.rule = cells.rule;
  config.block = cells.block;
  config.inputs = cells.input_blocks();
  config.cells = config.outputs = cells.cell_blocks();
  config.streams = 1;
  if (speed.multipliers > 0) return balanced(config, speed.multipliers, where);
  config.elements = std::min(speed.elements, cells.block);
  const CirculantConfig gates = gates_config(config);
  config.lanes = std::min({speed.lanes, gates.rows, gates.cols});
  config.projection_lanes = std::min(speed.lanes, config.cells);
  const int bits = std::max(load_bits(gates_config(config)),
                            config.rule.has_second() ? load_bits(projection_config(config)) : 0);
  if (bits > 20)
    base::fail(
        base::Code::kDoesNotFit,
        fmt::format("its cells' weights take {} bits of the load address, which has 20", bits),
        where, "set recurrent.block higher, or recurrent.lanes lower");
  return config;
}

std::string module_name(const CellsConfig& config) {
  const std::string all = fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {}", module_name(config.layer), config.inputs, config.cells,
      config.signed_input, config.in_shift, config.out_shift, config.in_bits, config.out_bits,
      config.steps, config.last_alone, side_stem(config.write), side_stem(config.read));
  return verilog::legal_name(fmt::format("fpsa_cells_{}x{}_{}", config.inputs, config.cells,
                                         base::sha256(all).substr(0, 8)),
                             verilog::NameKind::kModule);
}

std::vector<Module> structure(const CellsConfig& config) {
  std::vector<Module> modules = structure(config.layer);
  Module unit = Builder(config, modules.back()).take();
  modules.push_back(std::move(unit));
  return modules;
}

}  // namespace units
