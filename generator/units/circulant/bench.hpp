// Stimuli of an engine and what it must answer, as files for its bench tb/fpsa_tb_stream.v.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/bits.hpp"
#include "base/rng.hpp"
#include "units/circulant/circulant.hpp"

namespace units {

/// Random weights of a block-circulant matrix, in words that use all of rule.weight_bits.
quant::SpectralWeights random_weights(const CirculantConfig& config, std::uint64_t seed);

/// A line of a memory file, built from its lowest bits up.
class Line {
 public:
  /// The low `width` bits of `value` above those that are there.
  Line& append(std::int64_t value, int width);
  Line& append(std::span<const std::int64_t> words, int width);
  base::Bits bits() const;

 private:
  std::vector<bool> bits_;
};

/// Words of the load bus as lines {address of 22 bits, data of 32}.
std::vector<base::Bits> load_lines(const std::vector<CirculantLoad>& words);

/// `count` words of `bits` bits: random, or now and then of the least and the greatest.
std::vector<std::int64_t> random_words(int count, int bits, base::Rng& rng);

/// The bench's files by their paths below tb/: `vectors` vectors of random and of extreme words,
/// whose products are golden level 2.
std::map<std::string, std::string> stream_bench(const CirculantConfig& config,
                                                const std::string& module, int vectors,
                                                std::uint64_t seed);

}  // namespace units
