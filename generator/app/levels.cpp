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
  golden.references = samples.labels;
  if (levels.real) {
    const std::vector<Output> outputs = outputs_of(mapped.graph);
    const auto values = float_outputs(mapped.graph, samples.inputs);
    golden.levels.push_back({"float", float_scores(outputs, values, samples.labels)});
    golden.references = references_of(outputs, values, samples.labels);
  }
  if (!levels.integer) return golden;
  golden.inputs = quant::encode_inputs(mapped.network, samples.inputs);
  const core::IntegerResult integer = core::run_integer(mapped.network, golden.inputs);
  const auto score = [&](const char* level, const quant::IntegerBatch& outputs) {
    golden.levels.push_back({level, scores_of(mapped.network, outputs, golden.references)});
  };
  score("integer", integer.outputs);
  if (levels.real) golden.sqnr = sqnr_of(mapped.graph, mapped.network, samples.inputs);
  if (!levels.emulate) return golden;
  golden.trains = map::emulate(mapped.design, golden.inputs);
  compare(mapped, integer, golden);
  score("emulate", golden.outputs);
  return golden;
}

namespace {

// The elements of frames of lanes, output after output; `tokens` frames a sample.
quant::IntegerBatch elements_of(const quant::Network& network, const quant::IntegerBatch& lanes,
                                int tokens) {
  quant::IntegerBatch elements(lanes.rows() / tokens, network.output_count());
  Eigen::Index lane = 0;
  Eigen::Index column = 0;
  for (const quant::Source& source : network.outputs) {
    const bool is_signed = network.format_of(source.tensor).is_signed;
    const int width = (is_signed ? 2 : 1) * source.count / tokens;
    elements.middleCols(column, source.count) =
        core::samples_of(units::from_lanes(lanes.middleCols(lane, width), is_signed), tokens);
    lane += width;
    column += source.count;
  }
  return elements;
}

}  // namespace

quant::IntegerBatch read_outputs(const Mapped& mapped, const std::filesystem::path& file,
                                 int samples) {
  const std::string bytes = base::read_file(file);
  const map::Design& design = mapped.design;
  const map::Frame frame = map::output_frame(design);
  const auto wide = static_cast<std::size_t>(frame.lane_bytes);
  quant::IntegerBatch lanes(samples * frame.tokens, core::count_of(frame.lanes));
  if (bytes.size() != static_cast<std::size_t>(lanes.size()) * wide)
    base::fail(base::Code::kToolOutput,
               fmt::format("{} bytes of outputs, not {} samples of {} values", bytes.size(),
                           samples, lanes.cols()),
               file.string());
  for (std::size_t i = 0; i < bytes.size() / wide; ++i) {
    std::int32_t value = 0;
    for (std::size_t b = 0; b < wide; ++b)
      value |= static_cast<std::int32_t>(static_cast<unsigned char>(bytes[i * wide + b]))
               << (8 * b);
    lanes(static_cast<Eigen::Index>(i)) = value;
  }
  return elements_of(mapped.network, lanes, frame.tokens);
}

namespace {

nlohmann::json score_json(const Score& score) {
  nlohmann::json json = {{"accuracy", nullptr}};
  if (score.accuracy) json["accuracy"] = *score.accuracy;
  if (score.rms_error) json["rms_error"] = *score.rms_error;
  if (score.mean_error) json["mean_error"] = *score.mean_error;
  if (score.ties) json["ties"] = *score.ties;
  return json;
}

}  // namespace

nlohmann::json level_json(const Level& level, const std::vector<Output>& outputs) {
  nlohmann::json json = outputs.size() == 1 ? score_json(level.scores.front())
                                            : nlohmann::json{{"accuracy", nullptr}};
  json["level"] = level.name;
  if (outputs.size() == 1) return json;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    json["outputs"].push_back(score_json(level.scores[i]));
    json["outputs"].back()["output"] = outputs[i].name;
  }
  return json;
}

void to_json(nlohmann::json& json, const BusComparison& bus) {
  json = {{"layer", bus.layer},
          {"compared", bus.compared},
          {"differing", bus.differing},
          {"ceilings", bus.ceilings}};
}

}  // namespace app
