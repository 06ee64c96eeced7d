// metrics.json as text for people, in lines of at most `width` columns.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace report {

/// All sections that `metrics` has: network, quantisation, design, levels, buses, simulation,
/// synthesis.
std::string text(const nlohmann::json& metrics, int width = 80);

/// The sections of synthesis alone: area by module, timing, power, place and route; of one flow
/// ("asic", "ice40"...) or, if `only` is empty, of all that were run.
std::string synthesis_text(const nlohmann::json& metrics, const std::string& only = {},
                           int width = 80);

/// The arithmetic of one entry of metrics["quantisation"]["layers"], in words and figures.
std::string layer_text(const nlohmann::json& metrics, const nlohmann::json& layer, int width = 80);

/// The arithmetic of one entry of metrics["network"]["cells"], the same.
std::string words_text(const nlohmann::json& layer, int width = 80);

/// Whether all of the above find what they print: every figure and name is there and is one.
bool is_printable(const nlohmann::json& metrics);

}  // namespace report
