// The layer of words inside: of recurrent cells, or dense.
#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "units/cells/cells.hpp"
#include "units/recurrent/balance.hpp"

namespace units {

namespace {

// The fewest lanes that are as fast as all that the multipliers are enough for.
int lanes_within(CirculantConfig product, int most, const std::string& where) {
  product.lanes = 1;
  const int each = multipliers(product);
  if (each > most)
    base::fail(base::Code::kDoesNotFit,
               fmt::format("its engine has {} multipliers at least, and may have {}", each, most),
               where, "allow more recurrent.multipliers, or set recurrent.block lower");
  product.lanes = std::min({most / each, product.rows, product.cols});
  return static_cast<int>(base::ceil_div(product.rows, passes(product)));
}

DenseConfig dense_config(const quant::CellLayer& layer, const CellsSpeed& speed,
                         const std::string& where) {
  CirculantConfig product;
  product.rule = layer.rule.gates;
  product.block = layer.block;
  product.rows = layer.weights.gates.rows;
  product.cols = layer.weights.gates.cols;
  product.lanes = std::min({speed.lanes, product.rows, product.cols});
  if (speed.multipliers > 0) product.lanes = lanes_within(product, speed.multipliers, where);
  return {product};
}

RecurrentConfig recurrent_config(const quant::CellLayer& cells, const CellsSpeed& speed,
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
  return config;
}

// Of its engines, which have a part of the address each.
int most_load_bits(const DenseConfig& config) { return load_bits(config.product); }
int most_load_bits(const RecurrentConfig& config) {
  const int gates = load_bits(gates_config(config));
  return config.rule.has_second() ? std::max(gates, load_bits(projection_config(config))) : gates;
}

const DenseConfig* dense(const CellsConfig& config) {
  return std::get_if<DenseConfig>(&config.layer);
}
const RecurrentConfig& recurrent(const CellsConfig& config) {
  return std::get<RecurrentConfig>(config.layer);
}

}  // namespace

CellsSpeed CellsSpeed::of(const std::string& name) const {
  const auto own = multipliers_of.find(name);
  return {.lanes = lanes,
          .elements = elements,
          .multipliers = own == multipliers_of.end() ? multipliers : own->second};
}

int CellsConfig::block() const {
  return is_dense() ? dense(*this)->product.block : recurrent(*this).block;
}
int CellsConfig::step_blocks() const {
  return is_dense() ? dense(*this)->product.cols / steps : recurrent(*this).inputs;
}
int CellsConfig::answer_blocks() const {
  return is_dense() ? dense(*this)->product.rows : recurrent(*this).outputs;
}
int CellsConfig::in_word_bits() const {
  return is_dense() ? dense(*this)->product.rule.bits : recurrent(*this).rule.bits;
}
int CellsConfig::out_word_bits() const {
  return is_dense() ? answer_bits(*dense(*this)) : recurrent(*this).rule.bits;
}

WordLayer layer_config(const quant::CellLayer& cells, const CellsSpeed& speed,
                       const std::string& where) {
  const WordLayer layer = cells.is_dense() ? WordLayer(dense_config(cells, speed, where))
                                           : WordLayer(recurrent_config(cells, speed, where));
  const int bits = std::visit([](const auto& one) { return most_load_bits(one); }, layer);
  if (bits > 20)
    base::fail(base::Code::kDoesNotFit,
               fmt::format("its weights take {} bits of the load address, which has 20", bits),
               where, "set recurrent.block higher, or recurrent.lanes lower");
  return layer;
}

std::vector<CirculantLoad> load_words(const WordLayer& layer, const quant::CellWeights& weights) {
  return std::visit([&](const auto& one) { return load_words(one, weights); }, layer);
}

int multipliers(const WordLayer& layer) {
  if (const auto* one = std::get_if<DenseConfig>(&layer)) return multipliers(one->product);
  return multipliers(std::get<RecurrentConfig>(layer));
}

std::int64_t interval(const WordLayer& layer) {
  if (const auto* one = std::get_if<DenseConfig>(&layer)) return interval(one->product);
  return interval(std::get<RecurrentConfig>(layer));
}

}  // namespace units
