// The pipeline from spec to design: each step a pure function of the one before.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/run_directory.hpp"
#include "config/spec.hpp"
#include "emit/top.hpp"
#include "map/design.hpp"
#include "nn/graph.hpp"
#include "quant/network.hpp"

namespace app {

/// A network in all the forms that golden levels run on.
struct Mapped {
  config::Spec spec;
  nn::Graph graph;         ///< float (or quantised) network, simplified
  quant::Network network;  ///< integers
  map::Design design;
};

/// Everything that `compile` makes before it writes.
struct Compiled : Mapped {
  emit::Rtl rtl;
  std::vector<std::string> notes;  ///< what the user should know of calibration samples and blocks
};

/// Called with the name of each step as it begins.
using StageCallback = std::function<void(const std::string&)>;

/// import -> quantise -> lower -> map -> netlist, each checked. Writes nothing.
Compiled compile(const config::Spec& spec, const StageCallback& stage);

/// The integer network that the spec makes of `graph`, calibrated with an array an input.
quant::Network integer_network(const config::Spec& spec, const nn::Graph& graph,
                               const std::vector<nn::Array>& calibration);

/// What `estimate` looks at.
struct Estimated : Mapped {
  bool is_calibrated = false;  ///< the network is compile's; else that of quant::shapes_of()
  int missing = 0;             ///< tensors whose data is not there
};

/// The design that compile() would make, netlist and checks of each step left out. The spec's
/// calibration samples are read if it names any and all weights are there, unless `shapes`.
Estimated map_to_estimate(const config::Spec& spec, bool shapes, const StageCallback& stage);

/// The golden levels that a simulation runs.
struct GoldenLevels {
  bool real = true;
  bool integer = true;
  bool emulate = true;
  bool trains = true;  ///< of the emulation, for whoever compares them with the hardware's
};

/// What a run directory was compiled to, as far as `levels` need it: the model is imported, the
/// integer network comes from network.json (nothing is calibrated), lowering and mapping are done
/// again. Throws kNotARunDirectory if network.json is missing or no longer what compile wrote.
Mapped restore(const std::filesystem::path& directory, const Manifest& manifest,
               const GoldenLevels& levels, const StageCallback& stage);

/// Writes a run directory's network.json, rtl/, mem/, constraints/, tb/ and FuseSoC core (no
/// vectors, no manifest).
void write_design(const Compiled& compiled, const std::filesystem::path& directory);

}  // namespace app
