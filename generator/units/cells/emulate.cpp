// Golden level 2 of cells: trains to codes, codes to words, frames through the layer, and back.
#include <algorithm>

#include "units/cells/cells.hpp"

namespace units {

namespace {

config::Train train_of(const SmbSide& side) {
  return side.code == BusCode::kRate ? config::Train::kRate : config::Train::kBinary;
}

// The answer of a word: floor(word / 2^shift + 1/2) within the code's bits.
std::int32_t code_of(std::int64_t word, int shift, int bits) {
  const std::int64_t unit = std::int64_t{1} << shift;
  std::int64_t quotient = (2 * word + unit) / (2 * unit);
  if ((2 * word + unit) % (2 * unit) < 0) --quotient;
  const std::int64_t most = (std::int64_t{1} << bits) - 1;
  return static_cast<std::int32_t>(std::clamp(quotient, -most, most));
}

}  // namespace

Trains through(const CellsConfig& config, const quant::CellWeights& weights,
               const Trains& written) {
  const quant::IntegerBatch steps =
      from_lanes(decode(written, train_of(config.write), config.write.bits), config.signed_input);
  std::vector<Frame> frames;
  for (Eigen::Index step = 0; step < steps.rows(); ++step) {
    Frame frame{std::vector<std::int64_t>(
                    static_cast<std::size_t>(config.layer.inputs * config.layer.block), 0),
                (step + 1) % config.steps == 0};
    for (Eigen::Index i = 0; i < steps.cols(); ++i)
      frame.words[static_cast<std::size_t>(i)] =
          steps(step, i) * (std::int64_t{1} << config.in_shift);
    frames.push_back(std::move(frame));
  }
  ClippedWords clipped;
  const std::vector<Frame> answers = through(config.layer, weights, frames, clipped);
  const Eigen::Index every = config.last_alone ? config.steps : 1;
  quant::IntegerBatch codes(steps.rows() / every, config.cells);
  for (Eigen::Index row = 0; row < codes.rows(); ++row) {
    const Frame& answer = answers[static_cast<std::size_t>((row + 1) * every - 1)];
    for (Eigen::Index i = 0; i < codes.cols(); ++i)
      codes(row, i) =
          code_of(answer.words[static_cast<std::size_t>(i)], config.out_shift, config.out_bits);
  }
  return encode(to_lanes(codes, true), train_of(config.read), config.read.bits);
}

}  // namespace units
