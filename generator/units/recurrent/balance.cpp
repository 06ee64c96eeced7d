#include "units/recurrent/balance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "units/datapath/datapath.hpp"

namespace units {

namespace {

constexpr int kLoadBits = 20;  // of the load bus, for an engine

// Of the multipliers of a lane.
std::int64_t price_of_lane(const CirculantConfig& engine, const Price& price) {
  const int real = std::min(engine.block, 2);
  const int complex = (engine.block - real) / 2;
  const int x = bin_bits(engine);
  const int w = engine.rule.weight_bits;
  const int word = price(x, w);
  return std::int64_t{real} * word +
         std::int64_t{complex} * (engine.three ? 2 * word + price(x + 1, w + 1) : 4 * word);
}

std::int64_t price_of(const Datapath& path, const Price& price) {
  std::int64_t sum = 0;
  for (const Word& word : path.words())
    if (word.op == WordOp::kProduct) sum += price(path[word.a].bits, path[word.b].bits);
  return sum;
}

std::int64_t price_of_cells(const RecurrentConfig& config, const Price& price) {
  std::int64_t sum = price_of(cell_path(config), price);
  if (config.rule.kind == quant::CellKind::kGruFirst) sum += price_of(second_path(config), price);
  return sum;
}

// How parallel a part can be.
struct Choice {
  int number = 1;  // lanes, or elements
  std::int64_t clocks = 0;
  std::int64_t price = 0;
};

// The least of each number of passes.
std::vector<Choice> choices_of(CirculantConfig engine, const Price& price) {
  std::vector<Choice> choices;
  const std::int64_t lane = price_of_lane(engine, price);
  const int most = std::min({kMostLanes, engine.rows, engine.cols});
  for (engine.lanes = 1; engine.lanes <= most; ++engine.lanes) {
    if (load_bits(engine) > kLoadBits) continue;
    const Choice choice{engine.lanes, interval(engine), engine.lanes * lane};
    if (choices.empty() || choice.clocks < choices.back().clocks) choices.push_back(choice);
  }
  return choices;
}

std::vector<Choice> choices_of_cells(RecurrentConfig config, const Price& price) {
  config.elements = 1;
  const std::int64_t each = price_of_cells(config, price);
  std::vector<Choice> choices;
  for (int elements = 1; elements <= std::min(config.block, kMostElements); elements *= 2)
    choices.push_back(
        {elements, std::int64_t{config.cells} * config.block / elements, elements * each});
  return choices;
}

// A part of a layer and where its number is.
struct Part {
  std::size_t layer = 0;
  int RecurrentConfig::*number = nullptr;
  std::vector<Choice> choices;

  // The least that takes at most `clocks`.
  const Choice* within(std::int64_t clocks) const {
    const auto found = std::ranges::find_if(
        choices, [clocks](const Choice& choice) { return choice.clocks <= clocks; });
    return found == choices.end() ? nullptr : &*found;
  }
};

std::vector<Part> parts_of(const std::vector<RecurrentConfig>& layers, const std::string& where,
                           const Price& price) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const RecurrentConfig& layer = layers[i];
    parts.push_back({i, &RecurrentConfig::lanes, choices_of(gates_config(layer), price)});
    parts.push_back({i, &RecurrentConfig::elements, choices_of_cells(layer, price)});
    if (layer.rule.has_second())
      parts.push_back(
          {i, &RecurrentConfig::projection_lanes, choices_of(projection_config(layer), price)});
  }
  for (const Part& part : parts)
    if (part.choices.empty())
      base::fail(base::Code::kDoesNotFit,
                 fmt::format("its cells' weights take more than the {} bits of the load address, "
                             "however many lanes there are",
                             kLoadBits),
                 where, "larger blocks");
  return parts;
}

// Of all parts within so many clocks; nothing if one cannot be.
std::optional<std::int64_t> price_of(const std::vector<Part>& parts, std::int64_t clocks) {
  std::int64_t sum = 0;
  for (const Part& part : parts) {
    const Choice* choice = part.within(clocks);
    if (!choice) return std::nullopt;
    sum += choice->price;
  }
  return sum;
}

std::vector<std::int64_t> clocks_in(const std::vector<Part>& parts) {
  std::vector<std::int64_t> clocks;
  for (const Part& part : parts)
    for (const Choice& choice : part.choices) clocks.push_back(choice.clocks);
  std::ranges::sort(clocks);
  return clocks;
}

// Registers, FIFOs and handshakes around the parts, as the RTL has them.
constexpr int kAroundGates = 13;
constexpr int kAroundProjection = 6;
constexpr int kAroundSecond = 8;

// From a vector's last block to the results of its first row of blocks.
int registers_of(const CirculantConfig& engine) {
  const int forward =
      engine.block > 1 ? stages_of(datapath(forward_config(engine)), engine.levels).count : 0;
  return forward + stages_of(finish(engine), engine.levels).count;
}

// When an engine's row of blocks is there, from the last block of its vector on, which the first
// pass waits for. Rows of a pass leave one by one.
std::int64_t row_done(const CirculantConfig& engine, int row) {
  return std::int64_t{row / engine.lanes + 1} * engine.cols + row % engine.lanes;
}

// When the last cell is done, of which each block needs `rows` rows of blocks.
std::int64_t cells_done(const RecurrentConfig& config, const CirculantConfig& engine, int rows) {
  const std::int64_t each = config.block / config.elements;  // clocks of a block of cells
  std::int64_t done = 0;
  for (int i = 0; i < config.cells; ++i)
    done = std::max(done, row_done(engine, (i + 1) * rows - 1)) + each;
  return done;
}

std::int64_t least_of(const std::vector<Part>& parts) {
  return *price_of(parts, std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::int64_t priced(const RecurrentConfig& config, const Price& price) {
  std::int64_t sum =
      config.lanes * price_of_lane(gates_config(config), price) + price_of_cells(config, price);
  if (config.rule.has_second())
    sum += config.projection_lanes * price_of_lane(projection_config(config), price);
  return sum;
}

std::vector<RecurrentConfig> balanced(std::vector<RecurrentConfig> layers, std::int64_t most,
                                      const std::string& where, const Price& price) {
  const std::vector<Part> parts = parts_of(layers, where, price);
  for (const std::int64_t clocks : clocks_in(parts)) {
    const std::optional<std::int64_t> sum = price_of(parts, clocks);
    if (!sum || *sum > most) continue;
    for (const Part& part : parts) layers[part.layer].*part.number = part.within(clocks)->number;
    return layers;
  }
  const std::int64_t least = least_of(parts);
  base::fail(base::Code::kDoesNotFit,
             fmt::format("the least design takes {} multipliers, not {}", least, most), where,
             fmt::format("give {} or more, or make blocks smaller", least));
}

RecurrentConfig balanced(const RecurrentConfig& layer, std::int64_t most, const std::string& where,
                         const Price& price) {
  return balanced(std::vector<RecurrentConfig>{layer}, most, where, price).front();
}

std::int64_t least_price(const std::vector<RecurrentConfig>& layers, const std::string& where,
                         const Price& price) {
  return least_of(parts_of(layers, where, price));
}

std::int64_t latency(const RecurrentConfig& config) {
  const CirculantConfig gates = gates_config(config);
  const std::int64_t done = registers_of(gates) +
                            stages_of(cell_path(config), config.levels).count + kAroundGates +
                            cells_done(config, gates, gates_of(config.rule.kind));
  if (!config.rule.has_second()) return done;
  const CirculantConfig second = projection_config(config);
  const std::int64_t on = done + registers_of(second);
  if (config.rule.projection) return on + kAroundProjection + row_done(second, second.rows - 1);
  return on + kAroundSecond + stages_of(second_path(config), config.levels).count +
         cells_done(config, second, 1);
}

std::int64_t clocks_a_frame(const RecurrentConfig& config, int streams) {
  return std::max(interval(config), base::ceil_div(latency(config), std::int64_t{streams}));
}

std::vector<MemoryNeed> memory_needs(const RecurrentConfig& config) {
  std::vector<MemoryNeed> needs;
  const auto add_weights = [&needs](const CirculantConfig& engine) {
    const int words = std::min(engine.block, 2);
    needs.push_back({std::int64_t{engine.lanes} * (engine.block / words),
                     words * engine.rule.weight_bits, passes(engine) * engine.cols});
  };
  add_weights(gates_config(config));
  if (config.rule.has_second()) add_weights(projection_config(config));
  const int bits = config.rule.bits;
  const int places = config.cells * config.block / config.elements;
  if (const int parameters = config.rule.parameters(); parameters > 0)
    needs.push_back({std::int64_t{config.elements} * parameters, bits, places});
  if (config.rule.has_state())
    needs.push_back({1, config.elements * bits, config.streams * places});
  needs.push_back({1, config.block * bits, config.streams * config.outputs});
  return needs;
}

std::int64_t memory_bits(const RecurrentConfig& config) {
  std::int64_t bits = 0;
  for (const MemoryNeed& need : memory_needs(config)) bits += need.count * need.width * need.depth;
  return bits;
}

}  // namespace units
