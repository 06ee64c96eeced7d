#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "units/circulant/circulant.hpp"
#include "units/leaves.hpp"

namespace units {

namespace {

using verilog::Expr;
using verilog::Instance;
using verilog::Module;
using verilog::Net;

int pairs_of(const CirculantConfig& config) {
  return static_cast<int>(base::ceil_div(config.block, 2));
}

int words_of_pair(const CirculantConfig& config) { return std::min(config.block, 2); }

// Weights of a pair of words in a lane's memory.
int depth_of(const CirculantConfig& config) { return passes(config) * config.cols; }

int weight_addr_bits(const CirculantConfig& config) {
  return std::max(1, base::clog2(static_cast<std::uint64_t>(depth_of(config))));
}

// Of a load address: {lane, pair, {place, half}}.
int index_bits(const CirculantConfig& config) { return weight_addr_bits(config) + 1; }
int lane_bits(const CirculantConfig& config) {
  return index_bits(config) + base::clog2(static_cast<std::uint64_t>(pairs_of(config)));
}

// Results that are reserved or wait. A pass reserves its results when it begins; the last one
// leaves memory when the pass, the sums' way out and the stages behind it are over. Meanwhile
// others begin.
int buffer_depth(const CirculantConfig& config, int stages) {
  constexpr int kAround = 10;  // registers between reads and the finish, and behind it
  return config.lanes *
         static_cast<int>(2 + base::ceil_div(kAround + stages + config.lanes, config.cols));
}

// A part of rtl/ with the clock and no tick of its own.
Instance& delayed(Module& module, const std::string& name, const Net& clk, const Net& rst_n,
                  const Expr& from, const Expr& to, int clocks) {
  return module.instance(leaves::tick_delay(), name)
      .parameter("Width", to.width())
      .parameter("Ticks", clocks)
      .port("clk_i", clk)
      .port("rst_ni", rst_n)
      .port("tick_i", verilog::constant(1, 1))
      .port("data_i", from)
      .port("data_o", to);
}

Instance& held(Module& module, const std::string& name, const Net& clk, const Expr& from,
               const Expr& to) {
  return module.instance(leaves::word_register(), name)
      .parameter("Width", to.width())
      .port("clk_i", clk)
      .port("step_i", verilog::constant(1, 1))
      .port("words_i", from)
      .port("words_o", to);
}

// One row of blocks at a time: its weights, and the sums of their products with the spectra that
// pass by.
class LanePrinter {
 public:
  LanePrinter(const CirculantConfig& config, Module& module)
      : config_(config), module_(module), word_(bin_bits(config)), sum_(sum_bits(config)) {}

  void print() {
    clk_ = module_.input("clk_i");
    const Net rst_n = module_.input("rst_ni");
    module_.comment("Load bus, and whether its address is the lane's");
    const Net we = module_.input("load_we_i");
    const Net addr = module_.input("load_addr_i", 22);
    data_ = module_.input("load_data_i", 32);
    module_.comment("What comes from the lane before, and goes on a cycle later");
    const Net block = module_.input("block_i", config_.block * word_);
    const Net flags = module_.input("flags_i", 3);  // last, first, read
    place_ = module_.input("weight_addr_i", weight_addr_bits(config_));
    const Net block_out = module_.output("block_o", block.width);
    const Net flags_out = module_.output("flags_o", 3);
    const Net place_out = module_.output("weight_addr_o", place_->width);
    module_.comment("Sums of a row of blocks");
    const Net valid = module_.output("valid_o");
    read_ = flags.bit(0);
    live_ = flags_out.bit(0);
    first_ = flags_out.bit(1);
    held(module_, "u_block", *clk_, block, block_out);
    held(module_, "u_weight_addr", *clk_, *place_, place_out);
    delayed(module_, "u_flags", *clk_, rst_n, flags, flags_out, 1);
    delayed(module_, "u_valid", *clk_, rst_n, flags_out.bit(2), valid, 3);
    for (int pair = 0; pair < pairs_of(config_); ++pair) add_pair(pair, we, addr, block_out);
    std::ranges::reverse(sums_);
    const Expr all = verilog::concat(sums_);
    module_.assign(module_.output("sums_o", all.width()), all);
  }

 private:
  void add_pair(int pair, const Net& we, const Net& addr, const Net& block) {
    const Net own = module_.wire(fmt::format("load_we{}", pair));
    const Net index = module_.wire(fmt::format("load_index{}", pair), 20);
    module_.instance(leaves::load_slot(), fmt::format("u_slot{}", pair))
        .parameter("Slot", pair)
        .parameter("IndexBits", index_bits(config_))
        .port("load_we_i", we)
        .port("load_addr_i", addr)
        .port("we_o", own)
        .port("index_o", index);
    const int bits = config_.rule.weight_bits;
    const int words = words_of_pair(config_);
    const Net weight = module_.wire(fmt::format("weight{}", pair), words * bits);
    module_.instance(leaves::load_memory(), fmt::format("u_weights{}", pair))
        .parameter("Cols", depth_of(config_))
        .parameter("Width", words * bits)
        .port("clk_i", *clk_)
        .port("we_i", own)
        .port("index_i", index)
        .port("data_i", *data_)
        .port("read_i", *read_)
        .port("column_i", *place_)
        .port("value_o", weight);
    const Expr x = block.slice(pair * words * word_, words * word_);
    if (pair == 0) {
      for (int i = 0; i < words; ++i)
        add_sum(bin_name("", static_cast<std::size_t>(i), static_cast<std::size_t>(config_.block)),
                x.slice(i * word_, word_), weight.slice(i * bits, bits), sum_);
      return;
    }
    add_complex(pair, x.slice(0, word_), x.slice(word_, word_), weight.slice(0, bits),
                weight.slice(bits, bits));
  }

  void add_complex(int bin, const Expr& x_re, const Expr& x_im, const Expr& w_re,
                   const Expr& w_im) {
    const std::string name = std::to_string(bin);
    add_sum(name + "_rr", x_re, w_re, sum_);
    add_sum(name + "_ii", x_im, w_im, sum_);
    if (config_.three) {
      const Net x = sum_of("x" + name + "_all", x_re, x_im);
      const Net w = sum_of("w" + name + "_all", w_re, w_im);
      add_sum(name + "_all", x, w, sum_ + 2);
    } else {
      add_sum(name + "_ir", x_re, w_im, sum_);
      add_sum(name + "_ri", x_im, w_re, sum_);
    }
  }

  Net sum_of(const std::string& name, const Expr& a, const Expr& b) {
    const Net sum = module_.wire(name, a.width() + 1);
    module_.instance(leaves::word_sum(), "u_" + name)
        .parameter("ABits", a.width())
        .parameter("BBits", b.width())
        .parameter("OutBits", sum.width)
        .port("a_i", a)
        .port("b_i", b)
        .port("sum_o", sum);
    return sum;
  }

  void add_sum(const std::string& name, const Expr& x, const Expr& w, int bits) {
    const Net sum = module_.wire("sum" + name, bits);
    module_.instance(leaves::word_mac(), "u_mac" + name)
        .parameter("XBits", x.width())
        .parameter("WBits", w.width())
        .parameter("SumBits", bits)
        .port("clk_i", *clk_)
        .port("live_i", *live_)
        .port("first_i", *first_)
        .port("x_i", x)
        .port("w_i", w)
        .port("sum_o", sum);
    sums_.push_back(sum);
  }

  const CirculantConfig& config_;
  Module& module_;
  int word_;
  int sum_;
  std::optional<Net> clk_, data_, place_;
  std::optional<Expr> read_, live_, first_;
  std::vector<Expr> sums_;
};

// The engine around its lanes.
class EnginePrinter {
 public:
  EnginePrinter(const CirculantConfig& config, const Module* transform, const Module& lane,
                const Module& finish, int depth, Module& module)
      : config_(config),
        transform_(transform),
        lane_(lane),
        finish_(finish),
        depth_(depth),
        module_(module) {}

  void print() {
    declare_ports();
    add_transform();
    add_walk();
    add_lanes();
    add_finish();
  }

 private:
  void declare_ports() {
    clk_ = module_.input("clk_i");
    rst_n_ = module_.input("rst_ni");
    module_.comment("Load bus");
    we_ = module_.input("load_we_i");
    addr_ = module_.input("load_addr_i", 22);
    data_ = module_.input("load_data_i", 32);
    module_.comment("Blocks of vectors");
    in_valid_ = module_.input("valid_i");
    in_ready_ = module_.output("ready_o");
    in_ = module_.input("data_i", config_.block * config_.rule.bits);
    module_.comment("Blocks of products");
    out_valid_ = module_.output("valid_o");
    out_ready_ = module_.input("ready_i");
  }

  // Blocks to spectra; a single word is its own.
  void add_transform() {
    if (transform_ == nullptr) {
      spectrum_ = *in_;
      spectrum_valid_ = *in_valid_;
      spectrum_ready_ = *in_ready_;
      return;
    }
    spectrum_ = module_.wire("spectrum", config_.block * bin_bits(config_));
    spectrum_valid_ = module_.wire("spectrum_valid");
    spectrum_ready_ = module_.wire("spectrum_ready");
    module_.instance(*transform_, "u_transform")
        .port("clk_i", *clk_)
        .port("rst_ni", *rst_n_)
        .port("valid_i", *in_valid_)
        .port("ready_o", *in_ready_)
        .port("data_i", *in_)
        .port("valid_o", *spectrum_valid_)
        .port("ready_i", *spectrum_ready_)
        .port("data_o", *spectrum_);
  }

  void add_walk() {
    const int block_bits = base::clog2(static_cast<std::uint64_t>(2 * config_.cols));
    const int rest = config_.rows - (passes(config_) - 1) * config_.lanes;
    const Net write = module_.wire("write");
    const Net write_addr = module_.wire("write_addr", block_bits);
    const Net read_addr = module_.wire("read_addr", block_bits);
    const Net flags = module_.wire("walk_flags", 3);
    const Net place = module_.wire("walk_weight_addr", weight_addr_bits(config_));
    freed_ = module_.wire("freed");
    module_.instance(leaves::circulant_walk(), "u_walk")
        .parameter("Cols", config_.cols)
        .parameter("Passes", passes(config_))
        .parameter("Lanes", config_.lanes)
        .parameter("Rest", rest)
        .parameter("Depth", depth_)
        .port("clk_i", *clk_)
        .port("rst_ni", *rst_n_)
        .port("valid_i", *spectrum_valid_)
        .port("ready_o", *spectrum_ready_)
        .port("write_o", write)
        .port("write_addr_o", write_addr)
        .port("read_o", flags.bit(0))
        .port("first_o", flags.bit(1))
        .port("last_o", flags.bit(2))
        .port("read_addr_o", read_addr)
        .port("weight_addr_o", place)
        .port("freed_i", *freed_);
    const Net block = module_.wire("block0", spectrum_->width());
    module_.instance(leaves::smb_memory(), "u_spectra")
        .parameter("Width", block.width)
        .parameter("Words", 2 * config_.cols)
        .port("clk_i", *clk_)
        .port("write_i", write)
        .port("write_addr_i", write_addr)
        .port("value_i", *spectrum_)
        .port("read_i", flags.bit(0))
        .port("read_addr_i", read_addr)
        .port("value_o", block);
    const Net lane_flags = module_.wire("flags0", 3);
    const Net lane_place = module_.wire("weight_addr0", place.width);
    delayed(module_, "u_flags", *clk_, *rst_n_, flags, lane_flags, 1);
    held(module_, "u_weight_addr", *clk_, place, lane_place);
  }

  void add_lanes() {
    std::vector<Expr> valid, sums;
    const int width = static_cast<int>(sum_width());
    for (int i = 0; i < config_.lanes; ++i) {
      const auto at = [i](const char* name, int step) { return name + std::to_string(i + step); };
      const Net we = module_.wire(at("lane_we", 0));
      const Net index = module_.wire(at("lane_index", 0), 20);
      module_.instance(leaves::load_slot(), at("u_lane_slot", 0))
          .parameter("Slot", i)
          .parameter("IndexBits", lane_bits(config_))
          .port("load_we_i", *we_)
          .port("load_addr_i", *addr_)
          .port("we_o", we)
          .port("index_o", index);
      const Net lane_valid = module_.wire(at("lane_valid", 0));
      const Net lane_sums = module_.wire(at("lane_sums", 0), width);
      Instance& lane = module_.instance(lane_, at("u_lane", 0))
                           .port("clk_i", *clk_)
                           .port("rst_ni", *rst_n_)
                           .port("load_we_i", we)
                           .port("load_addr_i", verilog::concat({verilog::constant(2, 0), index}))
                           .port("load_data_i", *data_)
                           .port("valid_o", lane_valid)
                           .port("sums_o", lane_sums);
      for (const char* name : {"block", "flags", "weight_addr"}) {
        lane.port(std::string(name) + "_i", *module_.find(at(name, 0)));
        if (i + 1 < config_.lanes)
          lane.port(std::string(name) + "_o",
                    module_.wire(at(name, 1), module_.find(at(name, 0))->width));
      }
      valid.insert(valid.begin(), lane_valid);
      sums.insert(sums.begin(), lane_sums);
    }
    sums_valid_ = module_.wire("sums_valid");
    sums_ = module_.wire("sums", width);
    module_.instance(leaves::one_hot(), "u_sums")
        .parameter("Inputs", config_.lanes)
        .parameter("Width", width)
        .port("valid_i", verilog::concat(valid))
        .port("words_i", verilog::concat(sums))
        .port("valid_o", *sums_valid_)
        .port("word_o", *sums_);
  }

  std::int64_t sum_width() const {
    for (const verilog::NetDeclaration& net : lane_.nets())
      if (net.name == "sums_o") return net.width;
    return 0;
  }

  void add_finish() {
    const Net kept = module_.wire("sums_kept");
    module_.instance(leaves::pass_first(), "u_kept")
        .parameter("Keep", config_.rows)
        .parameter("Group", passes(config_) * config_.lanes)
        .port("clk_i", *clk_)
        .port("rst_ni", *rst_n_)
        .port("event_i", *sums_valid_)
        .port("event_o", kept);
    const auto port = [this](const char* name) { return finish_.find(name); };
    const Net result = module_.wire("result", port("data_o")->width);
    const Net result_valid = module_.wire("result_valid");
    Instance& finish = module_.instance(finish_, "u_finish")
                           .port("clk_i", *clk_)
                           .port("rst_ni", *rst_n_)
                           .port("valid_i", kept)
                           .port("data_i", *sums_)
                           .port("valid_o", result_valid)
                           .port("ready_i", verilog::constant(1, 1))
                           .port("data_o", result);
    std::vector<Expr> pushed{result};
    const Net out = module_.output("data_o", result.width);
    std::vector<Expr> popped{out};
    if (const std::optional<Net> flags = port("clipped_o")) {
      const int bits = base::clog2(static_cast<std::uint64_t>(flags->width) + 1);
      const Net clipped = module_.wire("result_flags", flags->width);
      const Net count = module_.wire("result_clipped", bits);
      finish.port("clipped_o", clipped);
      module_.instance(leaves::sum_tree(), "u_clipped")
          .parameter("Inputs", flags->width)
          .parameter("InBits", 1)
          .parameter("OutBits", bits)
          .port("terms_i", clipped)
          .port("sum_o", count);
      pushed.insert(pushed.begin(), count);
      popped.insert(popped.begin(), module_.output("clipped_o", bits));
    }
    const Expr in = verilog::concat(pushed);
    module_.instance(leaves::stream_buffer(), "u_results")
        .parameter("Width", in.width())
        .parameter("Depth", depth_)
        .port("clk_i", *clk_)
        .port("rst_ni", *rst_n_)
        .port("push_i", result_valid)
        .port("data_i", in)
        .port("freed_o", *freed_)
        .port("valid_o", *out_valid_)
        .port("ready_i", *out_ready_)
        .port("data_o", verilog::concat(popped));
  }

  const CirculantConfig& config_;
  const Module* transform_;
  const Module& lane_;
  const Module& finish_;
  int depth_;  // of the buffer of results
  Module& module_;
  std::optional<Net> clk_, rst_n_, we_, addr_, data_, in_valid_, in_ready_, in_, out_valid_,
      out_ready_, freed_, sums_, sums_valid_;
  std::optional<Expr> spectrum_, spectrum_valid_, spectrum_ready_;
};

std::vector<std::string> header(const CirculantConfig& config) {
  const quant::CirculantRule& rule = config.rule;
  return {
      fmt::format("Product of a matrix of {} x {} circulant blocks of {} with vectors.",
                  config.rows, config.cols, config.block),
      fmt::format("In: {} bits. Weights: packed spectra, {} bits. Sums: {} bits, divided by 2^{}, "
                  "clipped to {}. Out: {} bits.",
                  rule.bits, rule.weight_bits, sum_bits(config), rule.sum_shift, rule.bin_bits,
                  rule.out_bits),
      fmt::format("{} rows of blocks at a time, {} multipliers, {} clocks a product.", config.lanes,
                  multipliers(config), interval(config))};
}

}  // namespace

int load_bits(const CirculantConfig& config) {
  return lane_bits(config) + base::clog2(static_cast<std::uint64_t>(config.lanes));
}

std::vector<CirculantLoad> load_words(const CirculantConfig& config,
                                      const quant::SpectralWeights& weights) {
  std::vector<CirculantLoad> words;
  const int of_pair = words_of_pair(config);
  const int bits = config.rule.weight_bits;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (int row = 0; row < config.rows; ++row)
    for (int col = 0; col < config.cols; ++col)
      for (int pair = 0; pair < pairs_of(config); ++pair) {
        const auto spectrum = weights.spectrum(row, col);
        std::uint64_t value = 0;
        for (int i = of_pair - 1; i >= 0; --i)
          value =
              value << bits |
              (static_cast<std::uint64_t>(spectrum[static_cast<std::size_t>(pair * of_pair + i)]) &
               mask);
        const int place = row / config.lanes * config.cols + col;
        const std::uint32_t address = static_cast<std::uint32_t>(row % config.lanes)
                                          << lane_bits(config) |
                                      static_cast<std::uint32_t>(pair) << index_bits(config) |
                                      static_cast<std::uint32_t>(2 * place);
        words.push_back({address, static_cast<std::uint32_t>(value)});
        if (of_pair * bits > 32)
          words.push_back({address + 1, static_cast<std::uint32_t>(value >> 32)});
      }
  return words;
}

std::vector<Module> structure(const CirculantConfig& config) {
  check(config);
  const std::string name = module_name(config);
  std::vector<Module> modules;
  if (config.block > 1) modules.push_back(FftUnit::module(forward_config(config)));
  const Datapath path = finish(config);
  const Stages stages = stages_of(path, config.levels);
  modules.push_back(structure(path, stages, config.multiplier, name + "_finish",
                              {"From sums of products to a block of results."}));
  Module lane(name + "_lane", {"A row of blocks at a time: its weights, and sums of products."});
  LanePrinter(config, lane).print();
  modules.push_back(std::move(lane));
  Module engine(name, header(config));
  EnginePrinter(config, config.block > 1 ? &modules.front() : nullptr, modules.back(),
                modules[modules.size() - 2], buffer_depth(config, stages.count), engine)
      .print();
  modules.push_back(std::move(engine));
  return modules;
}

}  // namespace units
