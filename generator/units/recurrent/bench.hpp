// Stimuli of a layer and what it must answer, as files for its bench tb/fpsa_tb_stream.v.
#pragma once

#include <map>
#include <string>

#include "units/recurrent/recurrent.hpp"

namespace units {

/// Random weights, spectra in words that use all of weight_bits; biases of up to 1, peepholes.
quant::CellWeights random_weights(const RecurrentConfig& config, std::uint64_t seed);

/// `count` frames of each stream: of random and of extreme words, in sequences of random length.
std::vector<Frame> random_frames(const RecurrentConfig& config, int count, std::uint64_t seed);

/// The bench's files by their paths below tb/; the answers are golden level 2.
std::map<std::string, std::string> stream_bench(const RecurrentConfig& config,
                                                const quant::CellWeights& weights,
                                                const std::vector<Frame>& frames,
                                                const std::string& module);

}  // namespace units
