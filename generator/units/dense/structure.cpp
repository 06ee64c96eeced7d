#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "units/dense/dense.hpp"
#include "units/leaves.hpp"
#include "units/recurrent/parts.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

using verilog::Expr;
using verilog::Instance;
using verilog::Module;
using verilog::Net;

// Bits of an index into a memory of biases: a row of blocks, and a half of its word.
int bias_index_bits(const DenseConfig& config) {
  return std::max(1, base::clog2(static_cast<std::uint64_t>(config.product.rows))) + 1;
}

std::vector<std::string> header_of(const DenseConfig& config) {
  const CirculantConfig& product = config.product;
  return {fmt::format("Dense layer: {} words in, {} out, in blocks of {}.",
                      product.cols * product.block, product.rows * product.block, product.block),
          fmt::format("Words of {} bits in, of {} with their biases out.", product.rule.bits,
                      answer_bits(config))};
}

class Printer {
 public:
  Printer(const DenseConfig& config, const Module& engine)
      : config_(config), engine_(engine), module_(module_name(config), header_of(config)) {
    ports();
    engine_instance();
    fetch();
    sums();
  }

  Module take() { return std::move(module_); }

 private:
  int block() const { return config_.product.block; }
  Net net(const std::string& name) const { return *module_.find(name); }

  void ports() {
    module_.input("clk_i");
    module_.input("rst_ni");
    module_.comment("Load bus");
    module_.input("load_we_i");
    module_.input("load_addr_i", 22);
    module_.input("load_data_i", 32);
    module_.comment("Vectors that come, block by block");
    module_.input("valid_i");
    module_.output("ready_o");
    module_.input("data_i", block() * config_.product.rule.bits);
    module_.comment("Vectors that go");
    module_.output("valid_o");
    module_.input("ready_i");
    module_.output("data_o", block() * answer_bits(config_));
    module_.comment("Words that were clipped, since reset");
    module_.output("clipped_gates_o", 32);
  }

  Instance& clocked(Instance& instance) {
    return instance.port("clk_i", net("clk_i")).port("rst_ni", net("rst_ni"));
  }

  // A part of the load bus: its write enable, and the index.
  std::pair<Net, Net> slot(const std::string& name, int number, int index_bits, const Expr& we,
                           const Expr& addr) {
    const std::pair made{module_.wire(name + "_we"), module_.wire(name + "_index", 20)};
    module_.instance(leaves::load_slot(), "u_" + name + "_slot")
        .parameter("Slot", number)
        .parameter("IndexBits", index_bits)
        .port("load_we_i", we)
        .port("load_addr_i", addr)
        .port("we_o", made.first)
        .port("index_o", made.second);
    return made;
  }

  void engine_instance() {
    const auto [we, index] =
        slot("product", kGates, kPartBits, net("load_we_i"), net("load_addr_i"));
    module_.wire("product_valid");
    module_.wire("product_ready");
    const Net data = module_.wire("product_data", engine_.find("data_o")->width);
    Instance& engine = clocked(module_.instance(engine_, "u_product"))
                           .port("load_we_i", we)
                           .port("load_addr_i", verilog::concat({verilog::constant(2, 0), index}))
                           .port("load_data_i", net("load_data_i"))
                           .port("valid_i", net("valid_i"))
                           .port("ready_o", net("ready_o"))
                           .port("data_i", net("data_i"))
                           .port("valid_o", net("product_valid"))
                           .port("ready_i", net("product_ready"))
                           .port("data_o", data);
    const std::optional<Net> clipped = engine_.find("clipped_o");
    if (!clipped) return module_.assign(net("clipped_gates_o"), verilog::constant(32, 0));
    const Net flags = module_.wire("product_clipped", clipped->width);
    engine.port("clipped_o", flags);
    clocked(module_.instance(leaves::clip_counter(), "u_product_clipped"))
        .parameter("Flags", 1)
        .parameter("Bits", flags.width)
        .port("valid_i", net("product_valid"))
        .port("ready_i", net("product_ready"))
        .port("flags_i", flags)
        .port("count_o", net("clipped_gates_o"));
  }

  // A block of the product in a register, while the biases of its row are read.
  void fetch() {
    const Net read = module_.wire("fetch_read");
    const Net row = module_.wire("fetch_row", bias_index_bits(config_) - 1);
    clocked(module_.instance(leaves::cell_fetch(), "u_fetch"))
        .parameter("Steps", config_.product.rows)
        .port("valid_i", net("product_valid"))
        .port("ready_o", net("product_ready"))
        .port("tag_valid_i", verilog::constant(1, 1))
        .port("tag_fresh_i", verilog::constant(1, 0))
        .port("tag_pop_o", module_.wire("unused_tag_pop"))
        .port("read_o", read)
        .port("addr_o", row)
        .port("valid_o", net("valid_o"))
        .port("ready_i", net("ready_i"))
        .port("fresh_o", module_.wire("unused_fresh"));
    const Expr words = widened_each(net("product_data"), block(), config_.product.rule.out_bits);
    module_.instance(leaves::word_register(), "u_sums")
        .parameter("Width", words.width())
        .port("clk_i", net("clk_i"))
        .port("step_i", read)
        .port("words_i", words)
        .port("words_o", module_.wire("sums", words.width()));
  }

  void sums() {
    const int bits = bias_bits(config_);
    const auto [part_we, part] =
        slot("biases", kParameters, kPartBits, net("load_we_i"), net("load_addr_i"));
    std::vector<Expr> answers;
    for (int i = 0; i < block(); ++i) {
      const std::string name = "bias" + std::to_string(i);
      const auto [we, index] = slot(name, i, bias_index_bits(config_), part_we,
                                    verilog::concat({verilog::constant(2, 0), part}));
      const Net bias = module_.wire(name, bits);
      module_.instance(leaves::load_memory(), "u_" + name)
          .parameter("Cols", config_.product.rows)
          .parameter("Width", bits)
          .port("clk_i", net("clk_i"))
          .port("we_i", we)
          .port("index_i", index)
          .port("data_i", net("load_data_i"))
          .port("read_i", net("fetch_read"))
          .port("column_i", net("fetch_row"))
          .port("value_o", bias);
      const Net answer = module_.wire("answer" + std::to_string(i), answer_bits(config_));
      module_.instance(leaves::word_sum(), "u_answer" + std::to_string(i))
          .parameter("ABits", bits)
          .parameter("BBits", bits)
          .parameter("OutBits", answer.width)
          .parameter("Subtract", 0)
          .port("a_i", net("sums").slice(i * bits, bits))
          .port("b_i", bias)
          .port("sum_o", answer);
      answers.insert(answers.begin(), answer);
    }
    module_.assign(net("data_o"), verilog::concat(answers));
  }

  const DenseConfig& config_;
  const Module& engine_;
  Module module_;
};

}  // namespace

int bias_bits(const DenseConfig& config) { return config.product.rule.out_bits; }
int answer_bits(const DenseConfig& config) { return bias_bits(config) + 1; }

std::vector<CirculantLoad> load_words(const DenseConfig& config,
                                      const quant::CellWeights& weights) {
  std::vector<CirculantLoad> words = load_words(config.product, weights.gates);
  for (CirculantLoad& word : words) word.address |= std::uint32_t{kGates} << kPartBits;
  const int block = config.product.block;
  for (int i = 0; i < config.product.rows * block; ++i)
    words.push_back({std::uint32_t{kParameters} << kPartBits |
                         static_cast<std::uint32_t>(i % block) << bias_index_bits(config) |
                         static_cast<std::uint32_t>(2 * (i / block)),
                     static_cast<std::uint32_t>(weights.parameters[static_cast<std::size_t>(i)])});
  return words;
}

std::string module_name(const DenseConfig& config) {
  return verilog::legal_name("fpsa_dense_" + module_name(config.product),
                             verilog::NameKind::kModule);
}

std::vector<Module> structure(const DenseConfig& config) {
  std::vector<Module> modules = structure(config.product);
  Module layer = Printer(config, modules.back()).take();
  modules.push_back(std::move(layer));
  return modules;
}

}  // namespace units
