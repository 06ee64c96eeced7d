#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "units/datapath/datapath.hpp"
#include "units/leaves.hpp"

namespace units {

namespace {

using verilog::Expr;
using verilog::Net;

// Of a constant the canonical signed digits (Reitwiesner 1960): no two neighbours are set, which
// are the fewest.
struct Digits {
  std::int64_t plus = 0;
  std::int64_t minus = 0;
};

Digits signed_digits(std::int64_t value) {
  // 3x has, where it differs from x, a digit: of the sign that x has there.
  const std::uint64_t size = static_cast<std::uint64_t>(value < 0 ? -value : value);
  const std::uint64_t triple = size + (size << 1);
  const auto up = static_cast<std::int64_t>((triple & ~size) >> 1);
  const auto down = static_cast<std::int64_t>((size & ~triple) >> 1);
  return value < 0 ? Digits{down, up} : Digits{up, down};
}

// What rtl/fpsa_lookup.v calls Truth: of indices as unsigned numbers, so negative ones come last.
std::string truth_of(const Word& word) {
  const std::size_t size = word.table.size();
  const auto bit_at = [&word, size](std::size_t index, int bit) {
    return word.table[(index + size / 2) % size] >> bit & 1;
  };
  std::string digits;
  for (int bit = word.bits - 1; bit >= 0; --bit)
    for (std::size_t i = size; i >= 2; i -= 2)
      digits += static_cast<char>('0' + 2 * bit_at(i - 1, bit) + bit_at(i - 2, bit));
  return digits;
}

class Printer {
 public:
  Printer(const Datapath& datapath, const Stages& stages, Multiplier multiplier,
          verilog::Module& module)
      : datapath_(datapath),
        stages_(stages),
        multiplier_(multiplier),
        module_(module),
        last_(datapath.words().size()),
        at_(datapath.words().size()) {}

  void print() {
    declare_ports();
    find_last_stages();
    for (int stage = 0; stage < stages_.count; ++stage) {
      for (const WordId id : datapath_.words().ids())
        if (stages_.of[id] == stage) compute(id);
      store(stage);
    }
    connect_outputs();
  }

 private:
  void declare_ports() {
    clk_ = module_.input("clk_i");
    const Net rst_n = module_.input("rst_ni");
    const Net valid = module_.input("valid_i");
    const Net ready = module_.output("ready_o");
    int width = 0;
    for (const WordId id : datapath_.inputs()) width += datapath_[id].bits;
    const Net data = module_.input("data_i", width);
    int lo = 0;
    for (const WordId id : datapath_.inputs()) {
      at_[id] = data.slice(lo, datapath_[id].bits);
      lo += datapath_[id].bits;
    }
    const Net valid_out = module_.output("valid_o");
    const Net ready_in = module_.input("ready_i");
    step_ = module_.wire("step");
    module_.instance(leaves::pipe(), "u_pipe")
        .parameter("Stages", stages_.count)
        .port("clk_i", *clk_)
        .port("rst_ni", rst_n)
        .port("valid_i", valid)
        .port("ready_o", ready)
        .port("step_o", *step_)
        .port("valid_o", valid_out)
        .port("ready_i", ready_in);
  }

  // The stage in which each word is needed last; outputs and flags behind the last one.
  void find_last_stages() {
    for (const WordId id : datapath_.words().ids()) {
      const Word& word = datapath_[id];
      for (const WordId operand : {word.a, word.b})
        if (operand.valid() && word.op != WordOp::kClipped)
          last_[operand] = std::max(last_[operand], stages_.of[id]);
      if (word.op == WordOp::kClipped) last_[id] = stages_.count;
    }
    for (const WordId id : datapath_.outputs()) last_[id] = stages_.count;
  }

  void compute(WordId id) {
    const Word& word = datapath_[id];
    if (word.op == WordOp::kInput || word.op == WordOp::kClipped) return;
    const Net net = module_.wire(word.name, word.bits);
    at_[id] = net;
    const std::string name = "u_" + word.name;
    const int in_bits = datapath_[word.a].bits;
    switch (word.op) {
      case WordOp::kScale: {
        const Digits digits = signed_digits(word.constant);
        module_.instance(leaves::word_scale(), name)
            .parameter("InBits", in_bits)
            .parameter("OutBits", word.bits)
            .parameter("Plus", digits.plus)
            .parameter("Minus", digits.minus)
            .parameter("Product", multiplier_ == Multiplier::kProduct)
            .port("word_i", *at_[word.a])
            .port("word_o", net);
        break;
      }
      case WordOp::kProduct:
        module_.instance(leaves::word_product(), name)
            .parameter("ABits", in_bits)
            .parameter("BBits", datapath_[word.b].bits)
            .parameter("OutBits", word.bits)
            .port("a_i", *at_[word.a])
            .port("b_i", *at_[word.b])
            .port("product_o", net);
        break;
      case WordOp::kTable: {
        const int shift = static_cast<int>(word.constant);
        module_.instance(leaves::lookups(), name)
            .parameter("Lanes", 1)
            .parameter("IndexBits", in_bits - shift)
            .parameter("ValueBits", word.bits)
            .parameter("Truth", truth_of(word))
            .port("index_i", at_[word.a]->slice(shift, in_bits - shift))
            .port("value_o", net);
        break;
      }
      case WordOp::kRound:
        module_.instance(leaves::word_round(), name)
            .parameter("InBits", in_bits)
            .parameter("OutBits", word.bits)
            .parameter("Shift", word.constant)
            .parameter("Rounding", static_cast<int>(datapath_.rounding()))
            .port("word_i", *at_[word.a])
            .port("word_o", net);
        break;
      case WordOp::kClip: {
        verilog::Instance& clip = module_.instance(leaves::word_clip(), name)
                                      .parameter("InBits", in_bits)
                                      .parameter("OutBits", word.bits)
                                      .port("word_i", *at_[word.a])
                                      .port("word_o", net);
        if (!datapath_.is_counted(id)) break;
        const WordId flag(id.index() + 1);
        const Net clipped = module_.wire(datapath_[flag].name);
        at_[flag] = clipped;
        clip.port("clipped_o", clipped);
        break;
      }
      default:
        module_.instance(leaves::word_sum(), name)
            .parameter("ABits", in_bits)
            .parameter("BBits", datapath_[word.b].bits)
            .parameter("OutBits", word.bits)
            .parameter("Subtract", word.op == WordOp::kDifference)
            .port("a_i", *at_[word.a])
            .port("b_i", *at_[word.b])
            .port("sum_o", net);
    }
  }

  // A register of all words that later stages need.
  void store(int stage) {
    std::vector<Expr> words;
    std::vector<WordId> ids;
    for (const WordId id : datapath_.words().ids())
      if (at_[id] && stages_.of[id] <= stage && last_[id] > stage) {
        words.insert(words.begin(), *at_[id]);
        ids.push_back(id);
      }
    const Expr all = verilog::concat(words);
    const std::string name = fmt::format("stage{}", stage);
    const Net held = module_.wire(name, all.width());
    module_.instance(leaves::word_register(), "u_" + name)
        .parameter("Width", all.width())
        .port("clk_i", *clk_)
        .port("step_i", *step_)
        .port("words_i", all)
        .port("words_o", held);
    int lo = 0;
    for (const WordId id : ids) {
      at_[id] = held.slice(lo, datapath_[id].bits);
      lo += datapath_[id].bits;
    }
  }

  void connect_outputs() {
    const int width = word_bits(datapath_);
    std::vector<Expr> data;
    for (const WordId id : datapath_.outputs()) data.insert(data.begin(), widened(*at_[id], width));
    const Expr all = verilog::concat(data);
    module_.assign(module_.output("data_o", all.width()), all);
    std::vector<Expr> flags;
    for (const WordId id : datapath_.words().ids())
      if (datapath_[id].op == WordOp::kClipped) flags.insert(flags.begin(), *at_[id]);
    if (flags.empty()) return;
    const Expr clipped = verilog::concat(flags);
    module_.assign(module_.output("clipped_o", clipped.width()), clipped);
  }

  const Datapath& datapath_;
  const Stages& stages_;
  Multiplier multiplier_;
  verilog::Module& module_;
  std::optional<Net> clk_;
  std::optional<Net> step_;
  base::IdVector<WordId, int> last_;
  base::IdVector<WordId, std::optional<Expr>> at_;  // where each word is now
};

}  // namespace

verilog::Expr widened(const Expr& word, int width) {
  std::vector<Expr> parts(static_cast<std::size_t>(width - word.width()),
                          word.bit(word.width() - 1));
  parts.push_back(word);
  return verilog::concat(parts);
}

verilog::Module structure(const Datapath& datapath, const Stages& stages, Multiplier multiplier,
                          const std::string& name, const std::vector<std::string>& header) {
  verilog::Module module(name, header);
  Printer(datapath, stages, multiplier, module).print();
  return module;
}

}  // namespace units
