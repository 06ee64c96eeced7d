#include "core/lookup.hpp"

namespace core {

std::vector<std::int32_t> by_magnitude(const quant::Table& rule, const quant::Format& from) {
  const auto of = [&](std::int32_t code) {
    const bool known = code >= from.low && code <= from.high;
    return known ? rule.values[static_cast<std::size_t>(code - from.low)] : 0;
  };
  std::vector<std::int32_t> values;
  for (std::int32_t x = 0; x < 1 << from.bits; ++x) values.push_back(of(x));
  for (std::int32_t x = 0; from.is_signed && x < 1 << from.bits; ++x) values.push_back(of(-x));
  return values;
}

}  // namespace core
