#include "quant/cell_io.hpp"

#include <array>
#include <bit>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace quant {

using nlohmann::json;

namespace {

constexpr std::array kKinds{"lstm", "gru", "rnn", "gru_first", "dense"};
constexpr std::array kGates{"sigmoid", "tanh", "hard_sigmoid", "hard_tanh"};

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

template <class Value, std::size_t n>
Value one_of(const std::array<const char*, n>& words, const json& document) {
  const std::string text = document;
  for (std::size_t i = 0; i < n; ++i)
    if (text == words[i]) return static_cast<Value>(i);
  throw std::invalid_argument("cells of an unknown kind");
}

template <class Value, std::size_t n>
const char* word(const std::array<const char*, n>& words, Value value) {
  return words[static_cast<std::size_t>(value)];
}

json product_json(const CirculantRule& rule) {
  return {rule.bits,     rule.weight_bits, rule.sum_shift, rule.bin_bits,
          rule.out_bits, rule.factor_bits, rule.halvings,  rule.end_shift};
}

CirculantRule product_of(const json& document) {
  const auto numbers = document.get<std::array<int, 8>>();
  for (const int number : numbers) require(number >= 0 && number <= 62, "a product of odd words");
  return {.bits = numbers[0],
          .weight_bits = numbers[1],
          .sum_shift = numbers[2],
          .bin_bits = numbers[3],
          .out_bits = numbers[4],
          .factor_bits = numbers[5],
          .halvings = numbers[6],
          .end_shift = numbers[7]};
}

json spectra_json(const SpectralWeights& weights) {
  return {{"rows", weights.rows}, {"cols", weights.cols}, {"words", weights.words}};
}

SpectralWeights spectra_of(const json& document, int block) {
  SpectralWeights weights{block, document.at("rows"), document.at("cols"),
                          document.at("words").get<std::vector<std::int32_t>>()};
  constexpr int kMost = 1 << 14;
  require(weights.rows > 0 && weights.cols > 0 && weights.rows < kMost && weights.cols < kMost &&
              std::ssize(weights.words) == std::int64_t{weights.rows} * weights.cols * block,
          "cells of too many or too few weights");
  return weights;
}

json rule_json(const CellRule& rule) {
  if (rule.kind == CellKind::kDense)
    return {{"kind", word(kKinds, rule.kind)},
            {"bits", rule.bits},
            {"gates", product_json(rule.gates)}};
  return {{"kind", word(kKinds, rule.kind)},
          {"gate", word(kGates, rule.gate)},
          {"candidate", word(kGates, rule.candidate)},
          {"output", word(kGates, rule.output)},
          {"peepholes", rule.peepholes},
          {"bits", rule.bits},
          {"gate_fraction", rule.gate_fraction},
          {"peephole_fraction", rule.peephole_fraction},
          {"state_fraction", rule.state_fraction},
          {"out_fraction", rule.out_fraction},
          {"unit_fraction", rule.unit_fraction},
          {"segment_bits", rule.segment_bits},
          {"gates", product_json(rule.gates)},
          {"second", product_json(rule.projected)}};
}

CellRule rule_of(const json& document) {
  CellRule rule;
  rule.kind = one_of<CellKind>(kKinds, document.at("kind"));
  rule.bits = document.at("bits");
  require(rule.bits >= 8 && rule.bits <= 18, "cells of odd words");
  rule.gates = rule.projected = product_of(document.at("gates"));
  if (rule.kind == CellKind::kDense) return rule;
  rule.gate = one_of<Gate>(kGates, document.at("gate"));
  rule.candidate = one_of<Gate>(kGates, document.at("candidate"));
  rule.output = one_of<Gate>(kGates, document.at("output"));
  rule.peepholes = document.at("peepholes");
  for (const auto& [key, fraction] : {std::pair("gate_fraction", &rule.gate_fraction),
                                      {"peephole_fraction", &rule.peephole_fraction},
                                      {"state_fraction", &rule.state_fraction},
                                      {"out_fraction", &rule.out_fraction},
                                      {"unit_fraction", &rule.unit_fraction},
                                      {"segment_bits", &rule.segment_bits}}) {
    *fraction = document.at(key);
    require(*fraction >= 2 && *fraction < rule.bits, "cells of words with odd points");
  }
  rule.projected = product_of(document.at("second"));
  return rule;
}

void check(const CellLayer& layer) {
  const CellRule& rule = layer.rule;
  const SpectralWeights& gates = layer.weights.gates;
  const bool second = rule.kind == CellKind::kGruFirst;
  const int back = layer.is_dense() ? 0 : layer.cell_blocks();
  require(layer.inputs > 0 && layer.cells > 0 && layer.taps > 0 &&
              (layer.is_dense() || (layer.taps == 1 && layer.cells % layer.block == 0)) &&
              gates.rows == gates_of(rule.kind) * layer.cell_blocks() &&
              gates.cols == layer.taps * layer.input_blocks() + back &&
              (!second || (layer.weights.projection.rows == layer.cell_blocks() &&
                           layer.weights.projection.cols == layer.cell_blocks())) &&
              std::ssize(layer.weights.parameters) ==
                  std::int64_t{layer.cell_blocks()} * layer.block * rule.parameters(),
          "cells of too many or too few weights");
  require(layer.in_shift >= 0 && layer.in_shift < rule.bits && layer.out_shift >= 0 &&
              layer.out_shift < rule.bits,
          "codes that words do not hold");
}

}  // namespace

json cells_json(const CellLayer& layer) {
  json document = {{"rule", rule_json(layer.rule)},
                   {"block", layer.block},
                   {"inputs", layer.inputs},
                   {"cells", layer.cells},
                   {"taps", layer.taps},
                   {"in_shift", layer.in_shift},
                   {"out_shift", layer.out_shift},
                   {"circulant_error", layer.circulant_error},
                   {"gates", spectra_json(layer.weights.gates)},
                   {"parameters", layer.weights.parameters}};
  if (layer.rule.has_second()) document["second"] = spectra_json(layer.weights.projection);
  return document;
}

CellLayer cells_of(const json& document) {
  CellLayer layer;
  layer.rule = rule_of(document.at("rule"));
  layer.block = document.at("block");
  require(layer.block >= 1 && layer.block <= 128 &&
              std::has_single_bit(static_cast<unsigned>(layer.block)),
          "cells of odd blocks");
  layer.inputs = document.at("inputs");
  layer.cells = document.at("cells");
  layer.taps = document.at("taps");
  layer.in_shift = document.at("in_shift");
  layer.out_shift = document.at("out_shift");
  layer.circulant_error = document.at("circulant_error");
  layer.weights.gates = spectra_of(document.at("gates"), layer.block);
  if (layer.rule.has_second())
    layer.weights.projection = spectra_of(document.at("second"), layer.block);
  document.at("parameters").get_to(layer.weights.parameters);
  check(layer);
  return layer;
}

}  // namespace quant
