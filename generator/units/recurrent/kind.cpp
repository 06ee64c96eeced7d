#include "units/kind.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.hpp"
#include "units/recurrent/balance.hpp"
#include "units/recurrent/bench.hpp"

namespace units {

namespace {

using quant::CellKind;

int of(const Settings& settings, const std::string& name, int otherwise) {
  const auto found = settings.find(name);
  return found == settings.end() ? otherwise : found->second;
}

void set_rule(const Settings& settings, RecurrentConfig& config) {
  quant::CellRule& rule = config.rule;
  rule.bits = settings.at("bits");
  rule.rounding = static_cast<quant::WordRounding>(settings.at("rounding"));
  rule.segment_bits = settings.at("segment_bits");
  rule.gate = static_cast<quant::Gate>(2 * settings.at("functions"));
  rule.candidate = rule.output = static_cast<quant::Gate>(2 * settings.at("functions") + 1);
  // Gates reach to 16, states to 8, outputs and what functions answer to 2.
  rule.gate_fraction = rule.bits - 5;
  rule.state_fraction = rule.bits - 4;
  rule.out_fraction = rule.unit_fraction = rule.peephole_fraction = rule.bits - 2;
  const quant::Fractions fractions{
      .in = rule.out_fraction, .weight = settings.at("weight_fraction"), .out = rule.gate_fraction};
  const int weight_bits = settings.at("weight_bits");
  rule.gates = rule_with(fractions, config.block, rule.bits, weight_bits, rule.rounding);
  const int second = rule.kind == CellKind::kGruFirst ? rule.gate_fraction : rule.out_fraction;
  rule.projected = rule_with({fractions.in, fractions.weight, second}, config.block, rule.bits,
                             weight_bits, rule.rounding);
}

[[noreturn]] void refuse(const std::string& what, const std::string& cure) {
  base::fail(base::Code::kOutOfRange, what, "--set", cure);
}

// An engine has lanes for its rows and columns, and a quarter of the load bus for its weights.
void check_engine(const char* name, const CirculantConfig& engine) {
  const int most = std::min(engine.rows, engine.cols);
  if (engine.lanes > most)
    refuse(std::string(name) + " = " + std::to_string(engine.lanes) + " for " +
               std::to_string(engine.rows) + " x " + std::to_string(engine.cols) + " blocks",
           "at most " + std::to_string(most) + ", the lesser of both");
  if (load_bits(engine) > 20)
    refuse("weights that take " + std::to_string(load_bits(engine)) + " bits of the load address",
           "fewer or larger blocks: an engine of a layer has 20");
}

RecurrentConfig config_of(CellKind kind, const Settings& settings) {
  RecurrentConfig config;
  const bool reset_first = kind == CellKind::kGru && settings.at("reset") == 1;
  config.rule.kind = reset_first ? CellKind::kGruFirst : kind;
  config.rule.peepholes = of(settings, "peepholes", 0) == 1;
  const int projected = of(settings, "projection", 0);
  config.rule.projection = projected > 0;
  config.block = 1 << settings.at("block");
  config.inputs = settings.at("inputs");
  config.cells = settings.at("cells");
  config.outputs = projected > 0 ? projected : config.cells;
  config.streams = settings.at("streams");
  config.lanes = settings.at("lanes");
  config.projection_lanes = of(settings, "projection_lanes", 1);
  config.elements = 1 << settings.at("elements");
  config.three = settings.at("complex") == 0;
  config.multiplier = static_cast<Multiplier>(settings.at("multiplier"));
  config.levels = settings.at("levels");
  set_rule(settings, config);
  if (config.elements > config.block)
    refuse("elements = " + std::to_string(config.elements) + " with blocks of " +
               std::to_string(config.block),
           "at most the block");
  if (config.rule.segment_bits > config.rule.gate_fraction)
    refuse("segment_bits = " + std::to_string(config.rule.segment_bits) + " with words of " +
               std::to_string(config.rule.bits) + " bits",
           "at most bits - 5: " + std::to_string(config.rule.gate_fraction));
  check_engine("lanes", gates_config(config));
  if (config.rule.has_second()) check_engine("projection_lanes", projection_config(config));
  return config;
}

// With a number of multipliers lanes and elements are what makes the most of them.
Settings spent(CellKind kind, Settings settings) {
  const int most = settings.extract("multipliers").mapped();
  if (most == 0) return settings;
  settings["lanes"] = 1;
  settings["elements"] = 0;
  if (settings.contains("projection_lanes")) settings["projection_lanes"] = 1;
  const RecurrentConfig config = balanced(config_of(kind, settings), most, "--set multipliers");
  settings["lanes"] = config.lanes;
  settings["elements"] = std::countr_zero(static_cast<unsigned>(config.elements));
  if (settings.contains("projection_lanes")) settings["projection_lanes"] = config.projection_lanes;
  return settings;
}

template <CellKind kind>
Alone recurrent_alone(const Settings& given, const config::Spec& spec) {
  const Settings settings = spent(kind, given);
  const RecurrentConfig config = config_of(kind, settings);
  std::vector<verilog::Module> modules = structure(config);
  Alone alone{std::move(modules.back()), {}, {}, {}};
  modules.pop_back();
  alone.below = std::move(modules);
  const std::uint64_t seed = spec.simulate.seed;
  alone.bench =
      stream_bench(config, random_weights(config, seed),
                   random_frames(config, settings.at("frames"), seed), alone.module.name());
  for (const auto& [name, value] : settings) alone.facts.emplace_back(name, value);
  alone.facts.emplace_back("multipliers", multipliers(config));
  alone.facts.emplace_back("clocks_a_frame", interval(config));
  alone.facts.emplace_back("utilisation_percent", std::lround(100 * utilisation(config)));
  return alone;
}

std::vector<Setting> settings_for(CellKind kind) {
  std::vector<Setting> settings{
      {"block", "k", 3, 0, 7, {"1", "2", "4", "8", "16", "32", "64", "128"}},
      {"inputs", "blocks of a frame that comes", 2, 1, 1024},
      {"cells", "blocks of elements", 4, 1, 1024}};
  if (kind == CellKind::kLstm) {
    settings.push_back({"projection", "blocks of its results; 0: none", 0, 0, 1024});
    settings.push_back(
        {"projection_lanes", "rows of blocks of the projection at a time", 1, 1, 64});
    settings.push_back({"peepholes", "from the state to the gates", 0, 0, 1, {"no", "yes"}});
  }
  if (kind == CellKind::kGru) {
    settings.push_back({"reset",
                        "the product with the state, or the state before it",
                        0,
                        0,
                        1,
                        {"after", "before"}});
    settings.push_back(
        {"projection_lanes", "rows of blocks of the second product at a time", 1, 1, 64});
  }
  const std::vector<Setting> more{
      {"streams", "sequences in turn", 2, 1, 256},
      {"lanes", "rows of blocks of gates at a time", 2, 1, 64},
      {"elements", "a clock, of the cells", 0, 0, 5, {"1", "2", "4", "8", "16", "32"}},
      {"multipliers", "at most: then they say lanes and elements; 0: as given", 0, 0, 1000000},
      {"bits", "of words", 16, 8, 18},
      {"weight_bits", "of words of the weights' spectra", 16, 2, 18},
      {"weight_fraction", "of these behind the point", 15, 0, 20},
      {"functions", "of gates", 0, 0, 1, {"smooth", "hard"}},
      {"segment_bits", "log2 of the lines of a function", 5, 2, 6},
      {"rounding", "of what is dropped", 1, 0, 2, {"down", "half_up", "half_even"}},
      {"complex", "multiplications of a complex product", 0, 0, 1, {"three", "four"}},
      {"multiplier", "how transforms multiply by constants", 0, 0, 1, {"shift_adds", "product"}},
      {"levels", "adders between two registers", 3, 1, 64},
      {"frames", "of each stream, in the bench", 6, 1, 1000}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

template <CellKind kind>
Kind kind_with(const char* name, const char* doc) {
  return {.name = name,
          .doc = doc,
          .settings = settings_for(kind),
          .bench = "fpsa_tb_stream",
          .idles = true,
          .alone = recurrent_alone<kind>};
}

}  // namespace

std::vector<Kind> recurrent_kinds() {
  return {kind_with<CellKind::kLstm>("lstm", "a layer of LSTM cells on circulant blocks"),
          kind_with<CellKind::kGru>("gru", "a layer of GRU cells on circulant blocks"),
          kind_with<CellKind::kRnn>("rnn", "a layer of plain recurrent cells on circulant blocks")};
}

}  // namespace units
