#include "units/recurrent/parts.hpp"

namespace units {

std::vector<CirculantLoad> load_words(const RecurrentConfig& config,
                                      const quant::CellWeights& weights) {
  std::vector<CirculantLoad> words;
  const auto add = [&words](const std::vector<CirculantLoad>& part, int number) {
    for (CirculantLoad word : part) {
      word.address |= static_cast<std::uint32_t>(number) << kPartBits;
      words.push_back(word);
    }
  };
  add(load_words(gates_config(config), weights.gates), kGates);
  if (config.rule.has_second())
    add(load_words(projection_config(config), weights.projection), kProjection);
  const int each = config.rule.parameters();
  std::vector<CirculantLoad> parameters;
  for (int i = 0; i < config.cells * config.block * each; ++i) {
    const int element = i / each;
    const int memory = element % config.elements * each + i % each;
    parameters.push_back(
        {static_cast<std::uint32_t>(memory) << parameter_index_bits(config) |
             static_cast<std::uint32_t>(2 * (element / config.elements)),
         static_cast<std::uint32_t>(weights.parameters[static_cast<std::size_t>(i)])});
  }
  add(parameters, kParameters);
  return words;
}

}  // namespace units
