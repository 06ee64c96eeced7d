#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "units/leaves.hpp"
#include "units/table/table.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

int index_bits(const TableConfig& config) {
  return config.input_bits + (config.signed_input ? 1 : 0);
}

int value_bits(const TableConfig& config) {
  return config.output_bits + (config.signed_output ? 1 : 0);
}

// Magnitude, and the sign above it.
std::uint32_t word_of(const TableConfig& config, std::int32_t value) {
  if (value >= 0) return static_cast<std::uint32_t>(value);
  return static_cast<std::uint32_t>(-value) | (std::uint32_t{1} << config.output_bits);
}

// What rtl/fpsa_lookup.v calls Truth.
std::string truth_of(const TableConfig& config) {
  std::string digits;
  for (int bit = value_bits(config) - 1; bit >= 0; --bit)
    for (std::size_t i = config.values.size(); i >= 2; i -= 2) {
      const std::uint32_t high = word_of(config, config.values[i - 1]) >> bit & 1;
      const std::uint32_t low = word_of(config, config.values[i - 2]) >> bit & 1;
      digits += static_cast<char>('0' + 2 * high + low);
    }
  return digits;
}

std::string codes_text(int bits, bool is_signed) {
  return fmt::format("{}{} bits", is_signed ? "signed, magnitudes of " : "", bits);
}

std::vector<std::string> header(const TableConfig& config) {
  return {fmt::format("Table of {} codes for {} channels, {} trains, {} ticks a window.",
                      config.values.size(), config.channels, config::to_string(config.train),
                      window_ticks(config.train, config.activation_bits)),
          fmt::format("In: {}. Out: {}.", codes_text(config.input_bits, config.signed_input),
                      codes_text(config.output_bits, config.signed_output))};
}

void add_storage(const TableConfig& config, verilog::Module& module) {
  verilog::Instance& table = module.instance(leaves::table(), "u_table");
  table.parameter("Channels", config.channels)
      .parameter("Train", static_cast<int>(config.train))
      .parameter("WindowBits", config.activation_bits)
      .parameter("InBits", config.input_bits)
      .parameter("OutBits", config.output_bits)
      .parameter("SignedIn", config.signed_input)
      .parameter("SignedOut", config.signed_output);
  for (const char* name : {"clk_i", "rst_ni", "tick_i", "win_i", "spike_i", "spike_o"})
    table.port(name, *module.find(name));
  table.port("index_o", *module.find("index")).port("value_i", *module.find("value"));
}

void add_function(const TableConfig& config, verilog::Module& module) {
  module.instance(leaves::lookups(), "u_lookups")
      .parameter("Lanes", config.channels)
      .parameter("IndexBits", index_bits(config))
      .parameter("ValueBits", value_bits(config))
      .parameter("Truth", truth_of(config))
      .port("index_i", *module.find("index"))
      .port("value_o", *module.find("value"));
}

bool has_sizes(const TableConfig& config) {
  const auto fits = [&config](int bits) { return bits >= 1 && bits <= config.activation_bits; };
  return config.channels >= 1 && fits(config.input_bits) && fits(config.output_bits) &&
         config.values.size() == std::size_t{1} << index_bits(config);
}

bool has_values(const TableConfig& config) {
  const std::int32_t most = (1 << config.output_bits) - 1;
  const std::int32_t least = config.signed_output ? -most : 0;
  return std::ranges::all_of(config.values,
                             [=](std::int32_t y) { return y >= least && y <= most; });
}

}  // namespace

int input_lanes(const TableConfig& config) {
  return config.channels * (config.signed_input ? 2 : 1);
}

int output_lanes(const TableConfig& config) {
  return config.channels * (config.signed_output ? 2 : 1);
}

void check(const TableConfig& config) {
  if (has_sizes(config) && has_values(config)) return;
  base::fail(base::Code::kInternal,
             fmt::format("a table of {} values for codes of {} bits and values of {} in windows of "
                         "{}, or a value out of range",
                         config.values.size(), config.input_bits, config.output_bits,
                         config.activation_bits));
}

// Names are short: channels, window, and of all choices a checksum.
std::string module_name(const TableConfig& config) {
  const std::string all =
      fmt::format("i{}{} o{}{} {}", config.input_bits, config.signed_input, config.output_bits,
                  config.signed_output, fmt::join(config.values, " "));
  // Of a checksum without a letter the name is no legal one.
  return verilog::legal_name(
      fmt::format("fpsa_table_{}{}{}_{}", config.channels, config::to_string(config.train),
                  config.activation_bits, base::sha256(all).substr(0, 8)),
      verilog::NameKind::kModule);
}

verilog::Module structure(const TableConfig& config) {
  verilog::Module module(module_name(config), header(config));
  module.comment("Clock");
  module.input("clk_i");
  module.input("rst_ni");
  module.comment("Tick");
  module.input("tick_i");
  module.input("win_i");
  module.comment("Spikes");
  module.input("spike_i", input_lanes(config));
  module.output("spike_o", output_lanes(config));
  module.comment("The function: a code's index to its value");
  module.wire("index", config.channels * index_bits(config));
  module.wire("value", config.channels * value_bits(config));
  add_storage(config, module);
  add_function(config, module);
  return module;
}

}  // namespace units
