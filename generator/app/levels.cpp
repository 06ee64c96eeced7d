#include "app/levels.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/fidelity.hpp"
#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "quant/batch.hpp"

namespace app {

namespace {

// First tick of window `index` at which a lane's train differs from that of `value`.
std::size_t first_tick(const map::Island& island, const units::Trains& train, Eigen::Index index,
                       int lane, int value) {
  const int bits = island.activation_bits;
  const auto window = static_cast<std::size_t>(island.window);
  for (std::size_t t = 0; t < window; ++t) {
    const bool spike = train.get(static_cast<std::size_t>(index) * window + t, lane);
    const bool expected = island.train == config::Train::kBinary
                              ? (value >> (bits - 1 - static_cast<int>(t))) & 1
                              : static_cast<int>(t) < value;
    if (spike != expected) return t;
  }
  return window - 1;
}

[[noreturn]] void report(const Mapped& mapped, const Golden& golden, core::StreamId bus,
                         const quant::IntegerBatch& expected, const quant::IntegerBatch& actual) {
  const int tokens = mapped.design.program->streams[bus].tokens;
  for (Eigen::Index s = 0; s < expected.rows(); ++s) {
    for (Eigen::Index e = 0; e < expected.cols(); ++e) {
      if (expected(s, e) == actual(s, e)) continue;
      const Eigen::Index negative = expected(s, e) < 0 ? expected.cols() : 0;
      const std::size_t tick =
          first_tick(mapped.design.island_of(bus), golden.trains[bus], s * tokens + e % tokens,
                     static_cast<int>((e + negative) / tokens), std::abs(expected(s, e)));
      base::fail(base::Code::kMismatch,
                 fmt::format(
                     "emulation differs from the integer network: sample {}, tick {}: expected {}, "
                     "emulated {}",
                     s, tick, expected(s, e), actual(s, e)),
                 fmt::format("layer {}, element {}", mapped.design.program->streams[bus].name, e),
                 "this is a fault of fpsa: please report it with the model");
    }
  }
  base::fail(base::Code::kInternal, "a difference was counted and not found");
}

void compare(const Mapped& mapped, const core::IntegerResult& integer, Golden& golden) {
  const map::Design& design = mapped.design;
  core::TensorValues emulated(integer.tensors.size());
  for (const core::StreamId id : golden.trains.ids()) {
    const core::Stream& stream = design.program->streams[id];
    if (stream.is_copy()) continue;
    emulated[stream.tensor] = core::samples_of(
        units::from_lanes(map::lanes_of(design, id, golden.trains[id]), stream.format.is_signed),
        stream.tokens);
    const quant::IntegerBatch& actual = emulated[stream.tensor];
    const quant::IntegerBatch& expected = integer.tensors[stream.tensor];
    const auto differing = static_cast<std::uint64_t>((expected.array() != actual.array()).count());
    if (!design.program->is_input(id))
      golden.buses.push_back(
          {stream.name, static_cast<std::uint64_t>(expected.size()), differing, 0});
    if (differing > 0 && map::is_exact(design)) report(mapped, golden, id, expected, actual);
  }
  for (std::size_t i = 0; i < golden.buses.size(); ++i)
    golden.buses[i].ceilings = integer.ceilings[quant::LayerId(i)];
  golden.outputs = core::gather(mapped.network.outputs, emulated);
}

}  // namespace

GoldenLevels levels_of(const std::string& level) {
  if (level == "float") return {.real = true, .integer = false, .emulate = false};
  if (level == "integer") return {.real = true, .integer = true, .emulate = false};
  if (level == "emulate") return {.real = false, .integer = true, .emulate = true};
  return {};
}

Golden run_golden(const Mapped& mapped, const Samples& samples, const GoldenLevels& levels) {
  Golden golden;
  if (levels.real)
    golden.levels.push_back({"float", float_score(mapped.graph, samples.inputs, samples.labels)});
  if (!levels.integer) return golden;
  golden.inputs = quant::encode_inputs(mapped.network, {samples.inputs});
  const core::IntegerResult integer = core::run_integer(mapped.network, golden.inputs);
  golden.levels.push_back({"integer", score_of(mapped.network, integer.outputs, samples.labels)});
  if (levels.real) golden.sqnr = sqnr_of(mapped.graph, mapped.network, samples.inputs);
  if (!levels.emulate) return golden;
  golden.trains = map::emulate(mapped.design, golden.inputs);
  compare(mapped, integer, golden);
  golden.levels.push_back({"emulate", score_of(mapped.network, golden.outputs, samples.labels)});
  return golden;
}

quant::IntegerBatch read_outputs(const Mapped& mapped, const std::filesystem::path& file,
                                 int samples) {
  const std::string bytes = base::read_file(file);
  const map::Design& design = mapped.design;
  const core::StreamId id = design.program->outputs.front().stream;
  const core::Stream& output = design.program->streams[id];
  const auto wide =
      static_cast<std::size_t>(base::ceil_div(design.island_of(id).activation_bits, 8));
  quant::IntegerBatch lanes(samples * output.tokens, output.lanes);
  if (bytes.size() != static_cast<std::size_t>(lanes.size()) * wide)
    base::fail(base::Code::kToolOutput,
               fmt::format("{} bytes of outputs, not {} samples of {} values", bytes.size(),
                           samples, output.lanes),
               file.string());
  for (std::size_t i = 0; i < bytes.size() / wide; ++i) {
    std::int32_t value = 0;
    for (std::size_t b = 0; b < wide; ++b)
      value |= static_cast<std::int32_t>(static_cast<unsigned char>(bytes[i * wide + b]))
               << (8 * b);
    lanes(static_cast<Eigen::Index>(i)) = value;
  }
  return core::samples_of(units::from_lanes(lanes, output.format.is_signed), output.tokens);
}

void to_json(nlohmann::json& json, const Level& level) {
  json = {{"level", level.name}, {"accuracy", nullptr}};
  if (level.score.accuracy) json["accuracy"] = *level.score.accuracy;
  if (level.score.rms_error) json["rms_error"] = *level.score.rms_error;
  if (level.score.mean_error) json["mean_error"] = *level.score.mean_error;
  if (level.score.ties) json["ties"] = *level.score.ties;
}

void to_json(nlohmann::json& json, const BusComparison& bus) {
  json = {{"layer", bus.layer},
          {"compared", bus.compared},
          {"differing", bus.differing},
          {"ceilings", bus.ceilings}};
}

}  // namespace app
