// The levels that must agree, from the float network down, on the same samples.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/labels.hpp"
#include "app/pipeline.hpp"
#include "app/test_data.hpp"
#include "core/integer.hpp"

namespace app {

/// What one level's outputs are worth.
struct Level {
  std::string name;           ///< "float", "integer", "emulate", "rtl", "gate"
  std::vector<Score> scores;  ///< one an output; empty where there is nothing to compare it with
};

/// Golden level 2 beside golden level 1 on one bus.
struct BusComparison {
  std::string layer;
  std::uint64_t compared = 0;  ///< values
  std::uint64_t differing = 0;
  std::int64_t ceilings = 0;  ///< outputs at 2^n - 1
};

/// The golden levels that `level` stands for: itself and what it is compared with; "rtl" and "gate"
/// take them all.
GoldenLevels levels_of(const std::string& level);

/// Float, integer and emulation on the same samples, as far as they were run.
struct Golden {
  quant::IntegerBatch inputs;
  map::StreamTrains trains;        ///< if they were asked for
  quant::IntegerBatch outputs;     ///< of the emulation, as elements
  std::vector<Labels> references;  ///< an output; references_of() the labels, if float was run
  std::vector<Level> levels;
  std::vector<BusComparison> buses;
  std::int64_t clipped_words = 0;      ///< in recurrent cells, of the integer level
  std::map<std::string, double> sqnr;  ///< dB, by layer: sqnr_of()
};

/// Runs those of the float network, the integer interpreter and the emulation that `levels` name.
/// Throws kMismatch naming layer, element, sample, tick and both values if integer and emulation
/// differ though the design is exact (map::is_exact).
Golden run_golden(const Mapped& mapped, const Samples& samples, const GoldenLevels& levels = {});

/// The stream's bytes (reports/outputs.bin of the bench) as elements. Throws kToolOutput if their
/// number does not fit.
quant::IntegerBatch read_outputs(const Mapped& mapped, const std::filesystem::path& file,
                                 int samples);

/// A level of a network with these outputs: its score, of several outputs a list of scores.
nlohmann::json level_json(const Level& level, const std::vector<Output>& outputs);
void to_json(nlohmann::json& json, const BusComparison& bus);

}  // namespace app
