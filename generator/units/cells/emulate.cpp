// Golden level 2 of cells: trains to codes, codes to words, frames through the layer, and back.
#include <algorithm>

#include "units/cells/cells.hpp"

namespace units {

namespace {

config::Train train_of(const SmbSide& side) {
  return side.code == BusCode::kRate ? config::Train::kRate : config::Train::kBinary;
}

// The answer of a word: floor(word / 2^shift + 1/2) within the code's bits.
std::int32_t code_of(std::int64_t word, const CellsConfig& config) {
  const std::int64_t unit = std::int64_t{1} << config.out_shift;
  std::int64_t quotient = (2 * word + unit) / (2 * unit);
  if ((2 * word + unit) % (2 * unit) < 0) --quotient;
  const std::int64_t most = (std::int64_t{1} << config.out_bits) - 1;
  return static_cast<std::int32_t>(
      std::clamp(quotient, config.signed_output ? -most : std::int64_t{0}, most));
}

using Words = std::vector<std::int64_t>;

// A step's words, which fill their blocks up.
Words words_of(const CellsConfig& config, const quant::IntegerBatch& steps, Eigen::Index step) {
  Words words(static_cast<std::size_t>(config.step_blocks() * config.block()), 0);
  for (Eigen::Index i = 0; i < steps.cols(); ++i)
    words[static_cast<std::size_t>(i)] = steps(step, i) * (std::int64_t{1} << config.in_shift);
  return words;
}

// The answers that go.
std::vector<Words> answers_of(const CellsConfig& config, const RecurrentConfig& layer,
                              const quant::CellWeights& weights, const quant::IntegerBatch& steps) {
  std::vector<Frame> frames;
  for (Eigen::Index step = 0; step < steps.rows(); ++step)
    frames.push_back({words_of(config, steps, step), (step + 1) % config.steps == 0});
  ClippedWords clipped;
  std::vector<Words> given;
  for (const Frame& answer : through(layer, weights, frames, clipped))
    if (answer.last || !config.last_alone) given.push_back(answer.words);
  return given;
}

std::vector<Words> answers_of(const CellsConfig& config, const DenseConfig& layer,
                              const quant::CellWeights& weights, const quant::IntegerBatch& steps) {
  std::vector<Words> given;
  Words vector;
  for (Eigen::Index step = 0; step < steps.rows(); ++step) {
    const Words words = words_of(config, steps, step);
    vector.insert(vector.end(), words.begin(), words.end());
    if ((step + 1) % config.steps != 0) continue;
    given.push_back(through(layer, weights, vector).y);
    vector.clear();
  }
  return given;
}

}  // namespace

Trains through(const CellsConfig& config, const quant::CellWeights& weights,
               const Trains& written) {
  const quant::IntegerBatch steps =
      from_lanes(decode(written, train_of(config.write), config.write.bits), config.signed_input);
  const std::vector<Words> answers = std::visit(
      [&](const auto& layer) { return answers_of(config, layer, weights, steps); }, config.layer);
  quant::IntegerBatch codes(std::ssize(answers), config.cells);
  for (Eigen::Index row = 0; row < codes.rows(); ++row)
    for (Eigen::Index i = 0; i < codes.cols(); ++i)
      codes(row, i) =
          code_of(answers[static_cast<std::size_t>(row)][static_cast<std::size_t>(i)], config);
  return encode(to_lanes(codes, config.signed_output), train_of(config.read), config.read.bits);
}

}  // namespace units
