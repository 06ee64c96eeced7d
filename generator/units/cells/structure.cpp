#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/files.hpp"
#include "units/cells/cells.hpp"
#include "units/leaves.hpp"
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
  const std::string what =
      config.is_dense()
          ? fmt::format("Dense layer: {} features of {} steps in, {} out.", config.inputs,
                        config.steps, config.cells)
          : fmt::format("Recurrent cells: {} features in, {} out, {} steps a sequence{}.",
                        config.inputs, config.cells, config.steps,
                        config.last_alone ? ", the last answer alone" : "");
  return {
      what, "Writer: " + side_text(config.write) + ".", "Reader: " + side_text(config.read) + ".",
      fmt::format("Codes of {} bits to words of {}; words of {} to codes of {}.", config.in_bits,
                  config.in_word_bits(), config.out_word_bits(), config.out_bits)};
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
          "answer_last", "taken", "freed", "given_valid", "given_ready"})
      module_.wire(name);
    way_in();
    verilog::Instance& words = layer_instance();
    if (!config.is_dense()) sequences(words);
    way_out();
  }

  Module take() { return std::move(module_); }

 private:
  int halves() const { return config_.signed_input ? 2 : 1; }
  int out_halves() const { return config_.signed_output ? 2 : 1; }
  int block() const { return config_.block(); }
  int in_lanes() const { return config_.step_blocks() * block() * halves(); }
  int out_lanes() const { return config_.answer_blocks() * block() * out_halves(); }
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
    module_.output("read_spike_o", config_.cells * out_halves());
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
        .parameter("WordBits", config_.in_word_bits())
        .port("data_i", data)
        .port("words_o", module_.wire("step_words", block() * config_.in_word_bits()));
  }

  // What cells have beside a dense layer: the ends of sequences, and more that is clipped.
  void sequences(verilog::Instance& layer) {
    const Net last = module_.wire("sequence_last");
    clocked(leaves::token_join(), "u_sequence")
        .parameter("Tokens", config_.steps)
        .port("s_valid_i", net("step_valid"))
        .port("s_ready_i", net("step_ready"))
        .port("s_last_i", net("step_last"))
        .port("m_last_o", last);
    layer.port("last_i", last).port("last_o", module_.wire("unused_sequence"));
    for (const char* part : {"cell", "projection"})
      layer.port(fmt::format("clipped_{}_o", part),
                 module_.wire(fmt::format("unused_clipped_{}", part), 32));
  }

  verilog::Instance& layer_instance() {
    verilog::Instance& layer = module_.instance(layer_, "u_layer");
    for (const char* name : {"clk_i", "rst_ni", "load_we_i", "load_addr_i", "load_data_i"})
      layer.port(name, net(name));
    const Net words = module_.wire("answer_words", block() * config_.out_word_bits());
    return layer.port("valid_i", net("step_valid"))
        .port("ready_o", net("step_ready"))
        .port("data_i", net("step_words"))
        .port("valid_o", net("answer_valid"))
        .port("ready_i", net("answer_ready"))
        .port("data_o", words)
        .port("clipped_gates_o", module_.wire("unused_clipped_gates", 32));
  }

  void way_out() {
    const int bits = lane_bits(config_.read.bits);
    const Net data = module_.wire("answer_data", block() * out_halves() * bits);
    module_.instance(leaves::word_pairs(), "u_codes")
        .parameter("Lanes", block())
        .parameter("WordBits", config_.out_word_bits())
        .parameter("Shift", config_.out_shift)
        .parameter("CodeBits", config_.out_bits)
        .parameter("LaneBits", bits)
        .parameter("Signed", out_halves() - 1)
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
        .parameter("Tokens", config_.answer_blocks())
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
        .parameter("BeatLanes", block() * out_halves())
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
    for (int at = out_halves() * config_.cells; at-- > 0;)
      lanes.push_back(spikes.slice(answer_lane(at % config_.cells, at / config_.cells), 1));
    module_.assign(net("read_spike_o"), verilog::concat(lanes));
    discard_filling(spikes);
  }

  // Where an answer's lane lies: block by block, of each first all x+, then all x-.
  int answer_lane(int cell, int half) const {
    return (out_halves() * (cell / block()) + half) * block() + cell % block();
  }

  // A last block may have words that no column made.
  void discard_filling(const Net& spikes) {
    std::vector<Expr> lanes;
    for (int half = 0; half < out_halves(); ++half)
      for (int cell = config_.cells; cell < config_.answer_blocks() * block(); ++cell)
        lanes.push_back(spikes.slice(answer_lane(cell, half), 1));
    if (!lanes.empty()) module_.discard("filling", verilog::concat(lanes));
  }

  const CellsConfig& config_;
  const Module& layer_;
  Module module_;
};

}  // namespace

std::string module_name(const CellsConfig& config) {
  const std::string layer =
      std::visit([](const auto& one) { return module_name(one); }, config.layer);
  const std::string all =
      fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {}", layer, config.inputs, config.cells,
                  config.signed_input, config.signed_output, config.in_shift, config.out_shift,
                  config.in_bits, config.out_bits, config.steps, config.last_alone,
                  side_stem(config.write), side_stem(config.read));
  return verilog::legal_name(
      fmt::format("fpsa_{}_{}x{}_{}", config.is_dense() ? "circ" : "cells", config.inputs,
                  config.cells, base::sha256(all).substr(0, 8)),
      verilog::NameKind::kModule);
}

std::vector<Module> structure(const CellsConfig& config) {
  std::vector<Module> modules =
      std::visit([](const auto& layer) { return structure(layer); }, config.layer);
  Module unit = Builder(config, modules.back()).take();
  modules.push_back(std::move(unit));
  return modules;
}

}  // namespace units
