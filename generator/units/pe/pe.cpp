#include "units/pe/pe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace units {

int sum_bits(const PeConfig& config, int rows) {
  return std::max(2, config.crossbar_weight_bits() + base::clog2(static_cast<std::uint64_t>(rows)));
}

int link_bits(const PeConfig& config) { return sum_bits(config, config.total_rows()); }

std::int64_t offset_of(config::Neuron neuron, std::int64_t bias, std::int64_t threshold) {
  return neuron == config::Neuron::kExact ? bias + threshold / 2 : bias;
}

std::int64_t membrane_bound(const PeConfig& config, std::int64_t largest_offset) {
  const std::int64_t largest_weight = std::int64_t{1} << (config.weight_bits - 1);
  // A rate train may fill the whole window (a signed neuron's can), one more than the largest
  // value.
  const std::int64_t largest_value = std::int64_t{1} << config.activation_bits;
  return config.total_rows() * largest_weight * largest_value + largest_offset;
}

namespace {

void refuse_options_of_exact_neurons(const PeConfig& config) {
  if (config.neuron == config::Neuron::kExact || !(config.has_tops || config.half_even)) return;
  base::fail(base::Code::kDoesNotFit,
             fmt::format("{} neurons spike as they go: they have neither tops nor rounding to even",
                         config::to_string(config.neuron)),
             "pe.neuron", "pe.neuron = \"exact\"");
}

}  // namespace

PeConfig with_widths(PeConfig config, std::int64_t largest_offset, std::int64_t largest_threshold) {
  refuse_options_of_exact_neurons(config);
  const std::int64_t start = config.neuron == config::Neuron::kExact ? 0 : largest_threshold / 2;
  const auto bound = static_cast<std::uint64_t>(membrane_bound(config, largest_offset + start));
  config.accumulator_bits = base::clog2(bound + 1) + 1;
  config.threshold_bits =
      std::max(1, base::clog2(static_cast<std::uint64_t>(largest_threshold) + 1));
  // The division of exact neurons compares with threshold * 2^(n-1); the accumulator must hold it
  // beside the sum.
  const int shift = config.train == config::Train::kBinary ? config.activation_bits - 1 : 0;
  config.accumulator_bits = std::max(config.accumulator_bits, config.threshold_bits + shift);
  constexpr int kWidest = 62;
  if (config.accumulator_bits > kWidest)
    base::fail(
        base::Code::kDoesNotFit,
        fmt::format("a sum needs {} bits; a PE has at most {}", config.accumulator_bits, kWidest),
        "pe.weight_bits, pe.activation_bits", "fewer bits of either, or fewer pe.rows");
  return config;
}

namespace {

constexpr std::uint32_t kOffsetRegion = 1u << 20;
constexpr std::uint32_t kThresholdRegion = 2u << 20;
constexpr std::uint32_t kTopRegion = 3u << 20;

// Value that crossbar column `column` holds for output weight `w`: itself, or one of its two
// magnitudes.
std::int32_t stored_weight(const PeConfig& config, const PeContent& content, int row, int column) {
  if (!config.is_paired()) return content.weights(row, column);
  const std::int32_t w = content.weights(row, column % config.cols);
  return std::max(column < config.cols ? w : -w, 0);
}

std::uint32_t weight_word(const PeConfig& config, const PeContent& content, int row, int first) {
  const int bits = load_lane_bits(config);
  const std::uint32_t mask = (1u << bits) - 1;
  std::uint32_t word = 0;
  const int last = std::min(first + 32 / bits, config.crossbar_cols());
  for (int column = first; column < last; ++column) {
    const auto value = static_cast<std::uint32_t>(stored_weight(config, content, row, column));
    word |= (value & mask) << ((column - first) * bits);
  }
  return word;
}

// Addresses are {row, group}: hardware takes them apart without a division.
std::vector<LoadWord> weight_words(const PeConfig& config, const PeContent& content) {
  const int lanes = 32 / load_lane_bits(config);
  const auto groups = static_cast<std::uint32_t>(base::ceil_div(config.crossbar_cols(), lanes));
  std::vector<LoadWord> words;
  for (int row = 0; row < config.rows; ++row)
    for (std::uint32_t group = 0; group < groups; ++group)
      words.push_back({(static_cast<std::uint32_t>(row) << base::clog2(groups)) + group,
                       weight_word(config, content, row, static_cast<int>(group) * lanes)});
  return words;
}

void add_wide_words(std::uint32_t region, int bits, const std::vector<std::int64_t>& values,
                    std::vector<LoadWord>& words) {
  for (std::size_t c = 0; c < values.size(); ++c) {
    const auto value = static_cast<std::uint64_t>(values[c]);
    const auto index = region + 2 * static_cast<std::uint32_t>(c);
    words.push_back({index, static_cast<std::uint32_t>(value)});
    if (bits > 32) words.push_back({index + 1, static_cast<std::uint32_t>(value >> 32)});
  }
}

std::string value_lines(int bits, const std::vector<std::int64_t>& values) {
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::string lines;
  for (const std::int64_t value : values)
    lines += fmt::format("{:0{}x}\n", static_cast<std::uint64_t>(value) & mask, (bits + 3) / 4);
  return lines;
}

}  // namespace

int load_lane_bits(const PeConfig& config) { return config.crossbar_weight_bits() <= 8 ? 8 : 16; }

std::vector<LoadWord> load_words(const PeConfig& config, const PeContent& content) {
  std::vector<LoadWord> words = weight_words(config, content);
  add_wide_words(kOffsetRegion, config.accumulator_bits, content.offset, words);
  add_wide_words(kThresholdRegion, config.threshold_bits, content.threshold, words);
  add_wide_words(kTopRegion, config.activation_bits, content.top, words);
  return words;
}

MemoryImages memory_images(const PeConfig& config, const PeContent& content) {
  MemoryImages images;
  for (const LoadWord& word : weight_words(config, content))
    images.weights += fmt::format("{:08x}\n", word.data);
  images.offsets = value_lines(config.accumulator_bits, content.offset);
  images.thresholds = value_lines(config.threshold_bits, content.threshold);
  images.tops = value_lines(config.activation_bits, content.top);
  return images;
}

PresetFiles preset_files(const PeConfig& config, const std::string& path) {
  PresetFiles files{path + "_weights.mem", {}, {}, {}};
  if (!config.has_neurons) return files;
  files.offsets = path + "_offsets.mem";
  files.thresholds = path + "_thresholds.mem";
  if (config.has_tops) files.tops = path + "_tops.mem";
  return files;
}

}  // namespace units
