#include "quant/fixed_point.hpp"

#include <algorithm>
#include <cmath>

namespace quant {

std::int64_t rounded(std::int64_t value, int shift, WordRounding rounding) {
  const std::int64_t below = value >> shift;
  const std::int64_t rest = value - (below << shift);
  if (rounding == WordRounding::kDown || shift == 0) return below;
  const std::int64_t half = std::int64_t{1} << (shift - 1);
  const bool goes_up =
      rest > half || (rest == half && (rounding == WordRounding::kHalfUp || (below & 1) != 0));
  return below + (goes_up ? 1 : 0);
}

std::int64_t clipped(std::int64_t value, int bits) {
  const std::int64_t limit = std::int64_t{1} << (bits - 1);
  return std::clamp(value, -limit, limit - 1);
}

std::int64_t to_fixed(double value, int fraction_bits) {
  return std::llround(std::ldexp(value, fraction_bits));
}

}  // namespace quant
