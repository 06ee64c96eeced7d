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

// Samples [first, first + ...) of all, integer level and emulation side by side.
class Comparison {
 public:
  Comparison(const Mapped& mapped, const map::StreamTrains& trains, Eigen::Index first)
      : mapped_(mapped), trains_(trains), first_(first) {}

  /// The emulation's values of each tensor, counted against `integer` in `golden`.
  core::TensorValues run(const core::IntegerResult& integer, Golden& golden) const {
    const map::Design& design = mapped_.design;
    core::TensorValues emulated(integer.tensors.size());
    std::size_t bus = 0;
    for (const core::StreamId id : trains_.ids()) {
      const core::Stream& stream = design.program->streams[id];
      if (stream.is_copy()) continue;
      quant::IntegerBatch& actual = emulated[stream.tensor];
      actual = core::samples_of(stream, map::lanes_of(design, id, trains_[id]));
      const quant::IntegerBatch& expected = integer.tensors[stream.tensor];
      const auto differing =
          static_cast<std::uint64_t>((expected.array() != actual.array()).count());
      if (differing > 0 && map::is_exact(design)) report(id, expected, actual);
      if (design.program->is_input(id)) continue;
      if (bus == golden.buses.size()) golden.buses.push_back({stream.name, 0, 0, 0});
      golden.buses[bus].compared += static_cast<std::uint64_t>(expected.size());
      golden.buses[bus].differing += differing;
      golden.buses[bus].ceilings += integer.ceilings[quant::LayerId(bus)];
      ++bus;
    }
    return emulated;
  }

 private:
  [[noreturn]] void report(core::StreamId bus, const quant::IntegerBatch& expected,
                           const quant::IntegerBatch& actual) const {
    const core::Stream& stream = mapped_.design.program->streams[bus];
    for (Eigen::Index s = 0; s < expected.rows(); ++s) {
      for (Eigen::Index e = 0; e < expected.cols(); ++e) {
        if (expected(s, e) == actual(s, e)) continue;
        const int channels = static_cast<int>(expected.cols()) / stream.own.map.area();
        const core::Place place = core::place_of(stream, channels, static_cast<int>(e));
        const std::size_t tick =
            first_tick(mapped_.design.island_of(bus), trains_[bus], s * stream.tokens + place.token,
                       place.lane + (expected(s, e) < 0 ? channels : 0), std::abs(expected(s, e)));
        base::fail(base::Code::kMismatch,
                   fmt::format("emulation differs from the integer network: sample {}, tick {}: "
                               "expected {}, emulated {}",
                               first_ + s, tick, expected(s, e), actual(s, e)),
                   fmt::format("layer {}, element {}", stream.name, e),
                   "this is a fault of fpsa: please report it with the model");
      }
    }
    base::fail(base::Code::kInternal, "a difference was counted and not found");
  }

  const Mapped& mapped_;
  const map::StreamTrains& trains_;
  Eigen::Index first_;
};

// Samples that are worked on at once: all whose trains are wanted, else as many as bound the
// memory.
Eigen::Index chunk_of(const Mapped& mapped, const GoldenLevels& levels, Eigen::Index samples) {
  constexpr Eigen::Index kMost = Eigen::Index{1} << 24;  // elements of all tensors
  if (levels.trains) return samples;
  Eigen::Index elements = 1;
  for (const quant::Tensor& tensor : mapped.network.tensors) elements += tensor.count();
  return std::clamp<Eigen::Index>(kMost / elements, 1, samples);
}

// The integer network's outputs; those of the emulation are left in `golden`.
quant::IntegerBatch run_integers(const Mapped& mapped, const GoldenLevels& levels, Golden& golden) {
  const Eigen::Index samples = golden.inputs.rows();
  const Eigen::Index chunk = chunk_of(mapped, levels, samples);
  quant::IntegerBatch outputs(samples, mapped.network.output_count());
  if (levels.emulate) golden.outputs.resizeLike(outputs);
  for (Eigen::Index first = 0; first < samples; first += chunk) {
    const Eigen::Index count = std::min(chunk, samples - first);
    const quant::IntegerBatch inputs = golden.inputs.middleRows(first, count);
    const core::IntegerResult integer = core::run_integer(mapped.network, inputs);
    outputs.middleRows(first, count) = integer.outputs;
    golden.clipped_words += integer.clipped_words;
    if (!levels.emulate) continue;
    golden.trains = map::emulate(mapped.design, inputs);
    golden.outputs.middleRows(first, count) =
        core::gather(mapped.network, mapped.network.outputs,
                     Comparison(mapped, golden.trains, first).run(integer, golden));
  }
  return outputs;
}

}  // namespace

GoldenLevels levels_of(const std::string& level) {
  if (level == "float") return {.integer = false, .emulate = false, .trains = false};
  if (level == "integer") return {.emulate = false, .trains = false};
  if (level == "emulate") return {.real = false, .trains = false};
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
  const quant::IntegerBatch integer = run_integers(mapped, levels, golden);
  const auto score = [&](const char* level, const quant::IntegerBatch& outputs) {
    golden.levels.push_back({level, scores_of(mapped.network, outputs, golden.references)});
  };
  score("integer", integer);
  if (levels.real) golden.sqnr = sqnr_of(mapped.graph, mapped.network, samples.inputs);
  if (!levels.emulate) return golden;
  score("emulate", golden.outputs);
  return golden;
}

namespace {

// The elements of frames of lanes, a row a token, output after output.
quant::IntegerBatch elements_of(const Mapped& mapped, const quant::IntegerBatch& lanes) {
  const quant::Network& network = mapped.network;
  const core::Program& program = *mapped.design.program;
  const int tokens = map::output_frame(mapped.design).tokens;
  quant::IntegerBatch elements(lanes.rows() / tokens, network.output_count());
  Eigen::Index lane = 0;
  Eigen::Index column = 0;
  std::size_t range = 0;  // of each output as many as it has positions and signs in a token
  for (const quant::Source& source : network.outputs) {
    const core::Stream& stream = program.streams[program.outputs[range].stream];
    const int halves = stream.format.is_signed ? 2 : 1;
    const int width = stream.beside * halves * source.count / stream.own.map.area();
    elements.middleCols(column, source.count) =
        core::samples_of(stream, lanes.middleCols(lane, width));
    range += static_cast<std::size_t>(stream.beside * halves);
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
  return elements_of(mapped, lanes);
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
