// What a random network computes, whichever exporter writes it down.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.hpp"

namespace dialects {

/// A matrix product with its bias.
struct Dense {
  int inputs = 0;
  int outputs = 0;
  std::vector<float> weights;  ///< inputs x outputs
  std::vector<float> bias;
};

/// A step makes one value of earlier ones.
struct Step {
  enum class Kind {
    kDense,   ///< dense of a
    kAdd,     ///< a + b
    kConcat,  ///< a, then b
    kHalf,    ///< the first half of a, the second if b is 1
  };
  Kind kind = Kind::kDense;
  int a = 0;
  int b = 0;
  bool relu = false;  ///< of dense and sum
  Dense dense = {};
};

/// Value 0 is the input, value i + 1 what step i makes; the last one is the output.
struct Recipe {
  int inputs = 0;
  std::vector<Step> steps;

  int outputs() const { return width(static_cast<int>(steps.size())); }
  /// Elements of a value.
  int width(int value) const;
};

/// A chain of dense layers, with `branches` also skips, concatenations and splits.
Recipe random_recipe(bool branches, base::Rng& rng);

/// `count` samples of `inputs` numbers, uniform in [-1, 1), one after the other.
std::vector<float> random_samples(int count, int inputs, base::Rng& rng);

/// The greatest magnitude of each value over `samples`, by plain loops.
std::vector<double> peaks(const Recipe& recipe, const std::vector<float>& samples);

}  // namespace dialects
