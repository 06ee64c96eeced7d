// Stimuli of an engine and what it must answer, as files for its bench tb/fpsa_tb_stream.v.
#pragma once

#include <map>
#include <string>

#include "units/circulant/circulant.hpp"

namespace units {

/// Random weights of a block-circulant matrix, in words that use all of rule.weight_bits.
quant::SpectralWeights random_weights(const CirculantConfig& config, std::uint64_t seed);

/// The bench's files by their paths below tb/: `vectors` vectors of random and of extreme words,
/// whose products are golden level 2.
std::map<std::string, std::string> stream_bench(const CirculantConfig& config,
                                                const std::string& module, int vectors,
                                                std::uint64_t seed);

}  // namespace units
