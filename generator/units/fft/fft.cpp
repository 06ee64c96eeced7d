#include "units/fft/fft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/files.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

const char* rounding_text(quant::WordRounding rounding) {
  switch (rounding) {
    case quant::WordRounding::kDown:
      return "down";
    case quant::WordRounding::kHalfUp:
      return "to nearest, halves up";
    case quant::WordRounding::kHalfEven:
      break;
  }
  return "to nearest, halves to even";
}

// What becomes of results on their way.
std::string scaling_text(const quant::TransformRule& rule) {
  std::string text = rule.halvings > 0
                         ? fmt::format("The lowest {} of {} levels halve. ", rule.halvings,
                                       std::countr_zero(static_cast<unsigned>(rule.points)))
                         : "";
  text += rule.end_shift > 0 ? fmt::format("Results are divided by 2^{}", rule.end_shift)
                             : "Results are not divided";
  return text + (rule.out_bits > 0 ? fmt::format(", clipped to {} bits.", rule.out_bits) : ".");
}

// What output `to` of the exact transform takes of input `from`.
double exact_factor(const FftConfig& config, std::size_t to, std::size_t from) {
  const auto points = static_cast<double>(config.rule.points);
  const std::size_t place = config.inverse ? from : to;  // in the packed spectrum
  const std::size_t sample = config.inverse ? to : from;
  const double bin = place == 0 ? 0.0 : place == 1 ? points / 2 : static_cast<double>(place / 2);
  const double angle = 2 * std::numbers::pi * bin * static_cast<double>(sample) / points;
  const double twice = config.inverse && place > 1 ? 2.0 : 1.0;
  return twice * (place < 2 || place % 2 == 0 ? std::cos(angle) : -std::sin(angle));
}

Protocol protocol_of(const std::string& port) {
  if (port == "clk_i" || port == "rst_ni") return Protocol::kClock;
  return port == "clipped_o" ? Protocol::kStatus : Protocol::kWords;
}

// The ports of its module.
std::vector<Port> ports_of(const FftConfig& config) {
  const verilog::Signature outside = FftUnit::module(config).signature();
  std::vector<Port> ports;
  for (const verilog::Port& port : outside.ports)
    ports.push_back({.name = port.name,
                     .direction = port.direction,
                     .protocol = protocol_of(port.name),
                     .lanes = 1,
                     .bits = static_cast<int>(port.width.evaluate({}))});
  return ports;
}

bool is_within(int value, int low, int high) { return value >= low && value <= high; }

}  // namespace

void check(const FftConfig& config) {
  const quant::TransformRule& rule = config.rule;
  const bool has_points =
      is_within(rule.points, 2, 128) && std::has_single_bit(static_cast<unsigned>(rule.points));
  const bool has_bits = is_within(config.bits, 2, 24) && is_within(rule.factor_bits, 1, 24) &&
                        (rule.out_bits == 0 || is_within(rule.out_bits, 2, 32));
  if (has_points && has_bits && config.levels >= 1 && rule.halvings >= 0 &&
      1 << rule.halvings <= rule.points && is_within(rule.end_shift, 0, 24))
    return;
  base::fail(base::Code::kInternal,
             fmt::format("a transform of {} points, {} bits, {} of factors, {} of results, {} "
                         "halvings, an end shift of {}",
                         rule.points, config.bits, rule.factor_bits, rule.out_bits, rule.halvings,
                         rule.end_shift));
}

std::vector<double> error_bounds(const FftConfig& config) {
  const Datapath path = datapath(config);
  const double scale = std::ldexp(1.0, -config.rule.halvings - config.rule.end_shift);
  const double most = std::ldexp(1.0, config.bits - 1);
  std::vector<double> bounds;
  for (const WordId id : path.outputs()) {
    const Word& word = path[id].op == WordOp::kClip ? path[path[id].a] : path[id];
    double bound = word.slack;
    for (std::size_t i = 0; i < word.factors.size(); ++i)
      bound += most * std::abs(word.factors[i] - scale * exact_factor(config, bounds.size(), i));
    bounds.push_back(bound);
  }
  return bounds;
}

int multiplications(const FftConfig& config) {
  const Datapath path = datapath(config);
  return static_cast<int>(std::ranges::count(path.words(), WordOp::kScale, &Word::op));
}

std::string module_name(const FftConfig& config) {
  const quant::TransformRule& rule = config.rule;
  const std::string all = fmt::format(
      "f{} h{} e{} o{} r{} l{} m{}", rule.factor_bits, rule.halvings, rule.end_shift, rule.out_bits,
      static_cast<int>(rule.rounding), config.levels, static_cast<int>(config.multiplier));
  return verilog::legal_name(fmt::format("fpsa_{}fft{}_b{}_{}", config.inverse ? "i" : "",
                                         rule.points, config.bits, base::sha256(all).substr(0, 8)),
                             verilog::NameKind::kModule);
}

verilog::Module FftUnit::module(const FftConfig& config) {
  const quant::TransformRule& rule = config.rule;
  const Datapath path = datapath(config);
  const Stages stages = stages_of(path, config.levels);
  return units::structure(
      path, stages, config.multiplier, module_name(config),
      {fmt::format("{} of {} real numbers, all at once: {} multiplications by constants.",
                   config.inverse ? "Inverse Fourier transform" : "Fourier transform", rule.points,
                   multiplications(config)),
       fmt::format("In: {} bits. Sines and cosines have {} bits behind the point. Rounded {}.",
                   config.bits, rule.factor_bits, rounding_text(rule.rounding)),
       scaling_text(rule),
       fmt::format("Spectra are packed: bin 0, bin {}, then real and imaginary parts of bins 1 ..",
                   rule.points / 2),
       fmt::format("A block a clock; a transform {} clocks after its block.", stages.count)});
}

FftUnit::FftUnit(const FftConfig& config)
    : Unit("fft", (check(config), ports_of(config)), 0),
      config_(config),
      stages_(stages_of(datapath(config), config.levels).count) {}

}  // namespace units
