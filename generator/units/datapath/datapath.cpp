#include "units/datapath/datapath.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"

namespace units {

namespace {

// What sums of factors in floating point are off by at most, of words below 2^40.
constexpr double kFloatSlack = 1e-3;

// Bits that hold both, signed.
int bits_for(std::int64_t low, std::int64_t high) {
  int bits = 1;
  while (low < -(std::int64_t{1} << (bits - 1)) || high > (std::int64_t{1} << (bits - 1)) - 1)
    ++bits;
  return bits;
}

double rounding_slack(quant::WordRounding rounding) {
  return rounding == quant::WordRounding::kDown ? 1.0 : 0.5;
}

}  // namespace

WordId Datapath::input(std::string name, int bits) {
  if (inputs_.size() != words_.size())
    base::fail(base::Code::kInternal, "an input of a datapath behind other words");
  Word word{.name = std::move(name), .bits = bits};
  word.low = -(std::int64_t{1} << (bits - 1));
  word.high = -word.low - 1;
  inputs_.push_back(source(std::move(word)));
  return inputs_.back();
}

WordId Datapath::source(Word word) {
  word.factors.assign(sources_.size() + 1, 0.0);
  word.factors.back() = 1;
  word.slack = 0;
  sources_.push_back(words_.push_back(std::move(word)));
  return sources_.back();
}

WordId Datapath::sum(std::string name, WordId a, WordId b) {
  return linear({.name = std::move(name), .op = WordOp::kSum, .a = a, .b = b}, 1, 1, 0);
}

WordId Datapath::difference(std::string name, WordId a, WordId b) {
  return linear({.name = std::move(name), .op = WordOp::kDifference, .a = a, .b = b}, 1, -1, 0);
}

WordId Datapath::scaled(std::string name, WordId a, std::int64_t factor) {
  return linear({.name = std::move(name), .op = WordOp::kScale, .a = a, .constant = factor},
                static_cast<double>(factor), 0, 0);
}

WordId Datapath::product(std::string name, WordId a, WordId b) {
  Word word{.name = std::move(name), .op = WordOp::kProduct, .a = a, .b = b};
  const Word& left = words_[a];
  const Word& right = words_[b];
  const auto [low, high] = std::minmax(
      {left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high});
  word.low = low;
  word.high = high;
  word.bits = bits_for(low, high);
  return source(std::move(word));
}

WordId Datapath::table(std::string name, WordId a, int shift,
                       std::span<const std::int32_t> values) {
  const int index_bits = words_[a].bits - shift;
  if (index_bits < 1 || std::size_t{1} << index_bits > values.size())
    base::fail(base::Code::kInternal, "a table of a datapath has no entries for " + name);
  const std::size_t count = std::size_t{1} << index_bits;
  values = values.subspan((values.size() - count) / 2, count);
  Word word{.name = std::move(name), .op = WordOp::kTable, .a = a, .constant = shift};
  word.low = *std::ranges::min_element(values);
  word.high = *std::ranges::max_element(values);
  word.bits = bits_for(word.low, word.high);
  word.table.assign(values.begin(), values.end());
  return source(std::move(word));
}

WordId Datapath::rounded(std::string name, WordId a, int shift) {
  if (shift == 0) return a;
  return linear({.name = std::move(name), .op = WordOp::kRound, .a = a, .constant = shift},
                std::ldexp(1.0, -shift), 0, rounding_slack(rounding_));
}

WordId Datapath::clipped(std::string name, WordId a, int bits, bool counted) {
  if (words_[a].bits <= bits) return a;
  const std::string flag = name + "_clipped";
  const std::int64_t limit = std::int64_t{1} << (bits - 1);
  const WordId clip = source({.name = std::move(name),
                              .op = WordOp::kClip,
                              .a = a,
                              .constant = bits,
                              .bits = bits,
                              .low = std::max(words_[a].low, -limit),
                              .high = std::min(words_[a].high, limit - 1)});
  if (counted) words_.push_back({.name = flag, .op = WordOp::kClipped, .a = clip});
  return clip;
}

bool Datapath::is_counted(WordId clip) const {
  const WordId next(clip.index() + 1);
  return words_.contains(next) && words_[next].op == WordOp::kClipped && words_[next].a == clip;
}

WordId Datapath::linear(Word word, double of_a, double of_b, double slack) {
  word.factors.assign(sources_.size(), 0.0);
  word.slack = slack + std::abs(of_a) * words_[word.a].slack;
  if (of_b != 0) word.slack += std::abs(of_b) * words_[word.b].slack;
  double low = -word.slack - kFloatSlack;
  double high = word.slack + kFloatSlack;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const auto factor = [&](WordId id) {
      return i < words_[id].factors.size() ? words_[id].factors[i] : 0.0;
    };
    double& own = word.factors[i];
    own = of_a * factor(word.a) + (of_b != 0 ? of_b * factor(word.b) : 0.0);
    const auto least = static_cast<double>(words_[sources_[i]].low);
    const auto most = static_cast<double>(words_[sources_[i]].high);
    low += own * (own > 0 ? least : most);
    high += own * (own > 0 ? most : least);
  }
  word.low = static_cast<std::int64_t>(std::ceil(low));
  word.high = static_cast<std::int64_t>(std::floor(high));
  word.bits = bits_for(word.low, word.high);
  return words_.push_back(std::move(word));
}

int word_bits(const Datapath& datapath) {
  int bits = 1;
  for (const WordId id : datapath.outputs()) bits = std::max(bits, datapath[id].bits);
  return bits;
}

std::vector<std::int64_t> evaluate(const Datapath& datapath, std::span<const std::int64_t> inputs,
                                   std::vector<bool>* clips) {
  base::IdVector<WordId, std::int64_t> values(datapath.words().size());
  for (const WordId id : datapath.words().ids()) {
    const Word& word = datapath[id];
    const std::int64_t a = word.a.valid() ? values[word.a] : 0;
    std::int64_t& value = values[id];
    switch (word.op) {
      case WordOp::kInput:
        value = inputs[id.index()];
        break;
      case WordOp::kSum:
        value = a + values[word.b];
        break;
      case WordOp::kDifference:
        value = a - values[word.b];
        break;
      case WordOp::kScale:
        value = a * word.constant;
        break;
      case WordOp::kProduct:
        value = a * values[word.b];
        break;
      case WordOp::kTable:
        value = word.table[static_cast<std::size_t>(
            (a >> word.constant) + static_cast<std::int64_t>(word.table.size() / 2))];
        break;
      case WordOp::kRound:
        value = quant::rounded(a, static_cast<int>(word.constant), datapath.rounding());
        break;
      case WordOp::kClip:
        value = quant::clipped(a, static_cast<int>(word.constant));
        break;
      case WordOp::kClipped:
        value = values[word.a] != values[datapath[word.a].a] ? 1 : 0;
        if (clips != nullptr) clips->push_back(value != 0);
        break;
    }
    if (word.op != WordOp::kClipped && (value < word.low || value > word.high))
      base::fail(base::Code::kInternal, fmt::format("word {} of a datapath is {}, beyond {} .. {}",
                                                    word.name, value, word.low, word.high));
  }
  std::vector<std::int64_t> outputs;
  for (const WordId id : datapath.outputs()) outputs.push_back(values[id]);
  return outputs;
}

namespace {

// Adders one after the other.
int levels_of(const Word& word) {
  switch (word.op) {
    case WordOp::kInput:
    case WordOp::kClipped:
      return 0;
    case WordOp::kScale:
    case WordOp::kProduct:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

Stages stages_of(const Datapath& datapath, int levels) {
  Stages stages{base::IdVector<WordId, int>(datapath.words().size()), 1};
  base::IdVector<WordId, int> level(datapath.words().size());
  for (const WordId id : datapath.words().ids()) {
    const Word& word = datapath[id];
    int stage = 0;
    int from = 0;
    for (const WordId operand : {word.a, word.b}) {
      if (!operand.valid()) continue;
      const int at = stages.of[operand];
      if (at > stage) from = 0;
      if (at >= stage) from = std::max(from, level[operand]);
      stage = std::max(stage, at);
    }
    const int own = levels_of(word);
    if (from > 0 && from + own > levels && word.op != WordOp::kClipped) {
      ++stage;
      from = 0;
    }
    stages.of[id] = stage;
    level[id] = from + own;
    stages.count = std::max(stages.count, stage + 1);
  }
  return stages;
}

}  // namespace units
