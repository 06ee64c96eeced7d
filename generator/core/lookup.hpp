// Tables as hardware looks them up.
#pragma once

#include <cstdint>
#include <vector>

#include "quant/network.hpp"

namespace core {

/// Values of `rule` as Lookup has them: of magnitudes, then of their negatives. Codes that `from`
/// does not have are 0.
std::vector<std::int32_t> by_magnitude(const quant::Table& rule, const quant::Format& from);

}  // namespace core
