#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "units/recurrent/parts.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

using quant::CellKind;

// Builds what is done to one element.
class ElementBuilder {
 public:
  ElementBuilder(const quant::CellRule& rule, Datapath& path, const std::string& suffix)
      : rule_(rule), path_(path), suffix_(suffix) {}

  void declare_inputs() {
    const std::vector<const char*> names =
        rule_.kind == CellKind::kLstm  ? std::vector{"i", "f", "c", "o"}
        : rule_.kind == CellKind::kRnn ? std::vector{"h"}
                                       : std::vector{"z", "r", "cx", "ch"};
    for (int gate = 0; gate < gates_of(rule_.kind); ++gate) {
      const char* name = names[static_cast<std::size_t>(gate)];
      names_.emplace_back(name);
      gates_.push_back(path_.input(named(std::string("sum_") + name), rule_.gates.out_bits));
    }
    for (const std::string& name : names_)
      parameters_.push_back(path_.input(named("bias_" + name), rule_.bits));
    if (rule_.peepholes)
      for (const char* name : {"i", "f", "o"})
        parameters_.push_back(path_.input(named(std::string("peep_") + name), rule_.bits));
    if (rule_.has_state()) kept_ = path_.input(named("state"), rule_.bits);
  }

  // m or y, and what is kept of an LSTM.
  std::vector<WordId> results() {
    switch (rule_.kind) {
      case CellKind::kLstm:
        return lstm();
      case CellKind::kGru:
        return {gru()};
      case CellKind::kGruFirst:
        return gru_first();
      case CellKind::kRnn:
      case CellKind::kDense:  // which check() refuses
        break;
    }
    return {clip("y", out("y_unit", lined("unit", rule_.candidate_lines(), biased(0))))};
  }

  // What follows the second product of a kGruFirst, of words of `bits` bits.
  void declare_second_inputs(int bits) {
    for (const char* name : {"seen", "z", "cx", "state"})
      gates_.push_back(
          path_.input(named(name), name == std::string("seen") ? rule_.projected.out_bits : bits));
  }
  WordId second_result() {
    const WordId n = out("n_unit", lined("n", rule_.candidate_lines(),
                                         path_.sum(named("n_sum"), gates_[2], gates_[0])));
    return mixed(gates_[1], n, gates_[3]);
  }

 private:
  std::vector<WordId> lstm() {
    const quant::Lines sigmoid = rule_.gate_lines();
    const WordId i = lined("i", sigmoid, seen("i_seen", 4, biased(0), kept_));
    const WordId f = lined("f", sigmoid, seen("f_seen", 5, biased(1), kept_));
    const WordId g = lined("g", rule_.candidate_lines(), biased(2));
    const WordId added = shifted("added", path_.product(named("added_wide"), i, g),
                                 rule_.unit_fraction - rule_.state_fraction);
    const WordId held = path_.product(named("held"), f, kept_);
    const WordId c =
        clip("c", shifted("c_sum", path_.sum(named("c_wide"), held, added), rule_.unit_fraction));
    const WordId o = lined("o", sigmoid, seen("o_seen", 6, biased(3), c));
    const WordId h = lined("h", rule_.output_lines(), c);
    const WordId m = clip("m", shifted("m_sum", path_.product(named("m_wide"), o, h),
                                       2 * rule_.unit_fraction - rule_.out_fraction));
    return {m, c};
  }

  WordId gru() {
    const quant::Lines sigmoid = rule_.gate_lines();
    const WordId z = lined("z", sigmoid, biased(0));
    const WordId r = lined("r", sigmoid, biased(1));
    const WordId reset =
        shifted("reset", path_.product(named("reset_wide"), r, biased(3)), rule_.unit_fraction);
    const WordId n = out(
        "n_unit", lined("n", rule_.candidate_lines(), path_.sum(named("n_sum"), biased(2), reset)));
    return mixed(z, n, kept_);
  }

  std::vector<WordId> gru_first() {
    const quant::Lines sigmoid = rule_.gate_lines();
    const WordId r = lined("r", sigmoid, biased(1));
    const WordId reset = clip(
        "reset",
        shifted("reset_sum", path_.product(named("reset_wide"), r, kept_), rule_.unit_fraction));
    return {reset, lined("z", sigmoid, biased(0)), biased(2), kept_};
  }

  // Of the old state and what is new.
  WordId mixed(WordId z, WordId n, WordId kept) {
    const WordId apart = path_.difference(named("apart"), kept, n);
    const WordId part =
        shifted("part", path_.product(named("part_wide"), z, apart), rule_.unit_fraction);
    return clip("y", path_.sum(named("y_sum"), n, part));
  }

  std::string named(const std::string& name) const { return name + suffix_; }
  WordId shifted(const std::string& name, WordId a, int shift) {
    return path_.rounded(named(name), a, shift);
  }
  WordId clip(const std::string& name, WordId a) {
    return path_.clipped(named(name), a, rule_.bits);
  }
  WordId out(const std::string& name, WordId unit) {
    return shifted(name, unit, rule_.unit_fraction - rule_.out_fraction);
  }
  WordId biased(std::size_t gate) {
    while (biased_.size() <= gate) biased_.emplace_back();
    if (!biased_[gate].valid())
      biased_[gate] = path_.sum(named("biased_" + names_[gate]), gates_[gate], parameters_[gate]);
    return biased_[gate];
  }
  // A gate's sum and what it sees of the state through peephole `i`.
  WordId seen(const std::string& name, std::size_t i, WordId sum, WordId kept) {
    if (!rule_.peepholes) return sum;
    const WordId wide = path_.product(named(name + "_wide"), parameters_[i], kept);
    const WordId part =
        shifted(name, wide, rule_.peephole_fraction + rule_.state_fraction - rule_.gate_fraction);
    return path_.sum(named(name + "_sum"), sum, part);
  }
  // The function of a word: its segment's slope and offset.
  WordId lined(const std::string& name, const quant::Lines& lines, WordId x) {
    const WordId inside = path_.clipped(named(name + "_in"), x, lines.in_bits(), false);
    const WordId slope =
        path_.table(named(name + "_slope"), inside, lines.within_bits(), lines.slope);
    const WordId offset =
        path_.table(named(name + "_offset"), inside, lines.within_bits(), lines.offset);
    const WordId wide = path_.product(named(name + "_wide"), slope, inside);
    return path_.sum(named(name + "_unit"), shifted(name + "_line", wide, lines.shift()), offset);
  }

  const quant::CellRule& rule_;
  Datapath& path_;
  std::string suffix_;
  std::vector<std::string> names_;
  std::vector<WordId> gates_, parameters_, biased_;
  WordId kept_{};
};

std::vector<ElementBuilder> builders(const RecurrentConfig& config, Datapath& path) {
  std::vector<ElementBuilder> elements;
  for (int e = 0; e < config.elements; ++e)
    elements.emplace_back(config.rule, path,
                          config.elements > 1 ? "_e" + std::to_string(e) : std::string());
  return elements;
}

bool is_within(int value, int low, int high) { return value >= low && value <= high; }

bool has_sizes(const RecurrentConfig& config) {
  const bool lstm = config.rule.kind == CellKind::kLstm;
  return config.inputs >= 1 && config.cells >= 1 && config.outputs >= 1 &&
         (config.rule.projection || config.outputs == config.cells) &&
         (lstm || (!config.rule.projection && !config.rule.peepholes)) &&
         is_within(config.streams, 1, 256) && is_within(config.elements, 1, config.block) &&
         std::has_single_bit(static_cast<unsigned>(config.elements));
}

bool has_bits(const quant::CellRule& rule) {
  return is_within(rule.bits, 6, 24) && rule.gates.bits == rule.bits &&
         rule.projected.bits == rule.bits && rule.projected.out_bits == rule.bits &&
         is_within(rule.segment_bits, 2, 8) &&
         is_within(rule.gate_fraction, rule.segment_bits, 20) &&
         is_within(rule.unit_fraction, 2, 20) &&
         is_within(rule.state_fraction, rule.segment_bits, rule.unit_fraction) &&
         is_within(rule.out_fraction, 0, rule.unit_fraction) &&
         rule.peephole_fraction + rule.state_fraction >= rule.gate_fraction;
}

// Multiplications of signals in the graph of elements.
int products_of(const RecurrentConfig& config) {
  const auto count = [](const Datapath& path) {
    return static_cast<int>(std::ranges::count(path.words(), WordOp::kProduct, &Word::op));
  };
  return count(cell_path(config)) +
         (config.rule.kind == CellKind::kGruFirst ? count(second_path(config)) : 0);
}

}  // namespace

void check(const RecurrentConfig& config) {
  if (!has_sizes(config) || !has_bits(config.rule) || config.rule.kind == CellKind::kDense)
    base::fail(base::Code::kInternal,
               fmt::format("a recurrent layer of {} blocks of {}, {} in, {} out, {} streams, {} "
                           "elements a clock, words of {} bits",
                           config.cells, config.block, config.inputs, config.outputs,
                           config.streams, config.elements, config.rule.bits));
  check(gates_config(config));
  if (load_bits(gates_config(config)) > 20 ||
      (config.rule.has_second() && load_bits(projection_config(config)) > 20))
    base::fail(base::Code::kInternal, "a recurrent layer's weights do not fit in the load bus");
  if (config.rule.has_second()) check(projection_config(config));
}

CirculantConfig gates_config(const RecurrentConfig& config) {
  return {.block = config.block,
          .rows = gates_of(config.rule.kind) * config.cells,
          .cols = config.inputs + config.outputs,
          .lanes = config.lanes,
          .rule = config.rule.gates,
          .three = config.three,
          .multiplier = config.multiplier,
          .levels = config.levels};
}

CirculantConfig projection_config(const RecurrentConfig& config) {
  return {.block = config.block,
          .rows = config.outputs,
          .cols = config.cells,
          .lanes = config.projection_lanes,
          .rule = config.rule.projected,
          .three = config.three,
          .multiplier = config.multiplier,
          .levels = config.levels};
}

Datapath cell_path(const RecurrentConfig& config) {
  Datapath path(config.rule.rounding);
  std::vector<ElementBuilder> elements = builders(config, path);
  for (ElementBuilder& element : elements) element.declare_inputs();
  for (ElementBuilder& element : elements)
    for (const WordId word : element.results()) path.output(word);
  return path;
}

Datapath second_path(const RecurrentConfig& config) {
  const int bits = word_bits(cell_path(config));
  Datapath path(config.rule.rounding);
  std::vector<ElementBuilder> elements = builders(config, path);
  for (ElementBuilder& element : elements) element.declare_second_inputs(bits);
  for (ElementBuilder& element : elements) path.output(element.second_result());
  return path;
}

std::int64_t interval(const RecurrentConfig& config) {
  std::int64_t most = std::max(interval(gates_config(config)),
                               std::int64_t{config.cells} * config.block / config.elements);
  if (config.rule.has_second()) most = std::max(most, interval(projection_config(config)));
  return most;
}

int multipliers(const RecurrentConfig& config) {
  return multipliers(gates_config(config)) + products_of(config) +
         (config.rule.has_second() ? multipliers(projection_config(config)) : 0);
}

double utilisation(const RecurrentConfig& config) {
  const auto used = [](const CirculantConfig& engine) {
    return utilisation(engine) * multipliers(engine) * static_cast<double>(interval(engine));
  };
  double busy = used(gates_config(config)) + static_cast<double>(products_of(config)) *
                                                 config.cells * config.block / config.elements;
  if (config.rule.has_second()) busy += used(projection_config(config));
  return busy / (static_cast<double>(multipliers(config)) * static_cast<double>(interval(config)));
}

std::string module_name(const RecurrentConfig& config) {
  const quant::CellRule& rule = config.rule;
  const char* const names[] = {"lstm", "gru", "rnn", "gruf"};
  const CirculantConfig gates = gates_config(config);
  const CirculantConfig projected = projection_config(config);
  const std::string all = fmt::format(
      "{} {} {} {} {} {} {} p{} {} b{} {} {} {} {} {} {} {} {} {} {}", config.inputs,
      config.outputs, config.streams, config.elements, module_name(gates), module_name(projected),
      config.three, rule.peepholes, rule.projection, rule.bits, rule.gate_fraction,
      rule.peephole_fraction, rule.state_fraction, rule.out_fraction, rule.unit_fraction,
      rule.segment_bits, static_cast<int>(rule.gate), static_cast<int>(rule.candidate),
      static_cast<int>(rule.output), static_cast<int>(rule.rounding));
  return verilog::legal_name(
      fmt::format("fpsa_{}{}_{}_{}", names[static_cast<int>(rule.kind)], config.block,
                  config.cells * config.block, base::sha256(all).substr(0, 8)),
      verilog::NameKind::kModule);
}

verilog::Expr widened_each(const verilog::Expr& words, int count, int width) {
  const int each = words.width() / count;
  std::vector<verilog::Expr> parts;
  for (int i = count - 1; i >= 0; --i) parts.push_back(widened(words.slice(i * each, each), width));
  return verilog::concat(parts);
}

void add_all(std::vector<verilog::Module>& to, std::vector<verilog::Module> from) {
  for (verilog::Module& module : from)
    if (std::ranges::find(to, module.name(), &verilog::Module::name) == to.end())
      to.push_back(std::move(module));
}

const verilog::Module& named(const std::vector<verilog::Module>& modules, const std::string& name) {
  return *std::ranges::find(modules, name, &verilog::Module::name);
}

std::vector<std::string> header(const RecurrentConfig& config) {
  const quant::CellRule& rule = config.rule;
  const char* const names[] = {"LSTM", "GRU", "recurrent", "GRU (reset first)"};
  return {
      fmt::format("Layer of {} {} cells on circulant blocks of {}: {} words in, {} out{}{}.",
                  config.cells * config.block, names[static_cast<int>(rule.kind)], config.block,
                  config.inputs * config.block, config.outputs * config.block,
                  rule.peepholes ? ", peepholes" : "", rule.projection ? ", projection" : ""),
      fmt::format("Words of {} bits, weights of {}. Gates: {}, {}, {}, in lines over {} segments.",
                  rule.bits, rule.gates.weight_bits, quant::to_string(rule.gate),
                  quant::to_string(rule.candidate), quant::to_string(rule.output),
                  1 << rule.segment_bits),
      fmt::format("{} streams in turn, {} multipliers, a frame every {} clocks.", config.streams,
                  multipliers(config), interval(config))};
}

}  // namespace units
