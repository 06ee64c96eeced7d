// The pipeline from spec to design: each step a pure function of the one before.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "core/program.hpp"
#include "emit/top.hpp"
#include "map/design.hpp"
#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace app {

/// Everything that `compile` makes before it writes.
struct Compiled {
  config::Spec spec;
  nn::Graph graph;         ///< float (or quantised) network, simplified
  quant::Network network;  ///< integers
  core::Program program;
  map::Design design;
  emit::TopOptions options;
  emit::Rtl rtl;
  std::vector<std::string> notes;  ///< what the user should know of the calibration samples
};

/// Called with the name of each step as it begins.
using StageCallback = std::function<void(const std::string&)>;

/// import -> quantise -> lower -> map -> netlist, each checked. Writes nothing.
Compiled compile(const config::Spec& spec, const StageCallback& stage);

/// Writes a run directory's rtl/, mem/, constraints/, tb/ and FuseSoC core (no vectors, no
/// manifest).
void write_design(const Compiled& compiled, const std::filesystem::path& directory);

}  // namespace app
