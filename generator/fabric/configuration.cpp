#include "fabric/configuration.hpp"

namespace fabric {

Configuration::Configuration(const Layout& layout) {
  for (int frame = 0; frame < layout.frames(); ++frame)
    frames_.emplace_back(static_cast<std::size_t>(layout.bits(frame)), false);
}

std::uint32_t Configuration::value(const Field& field) const {
  std::uint32_t value = 0;
  for (int i = 0; i < field.bits; ++i) value |= std::uint32_t{bit(field, i)} << i;
  return value;
}

void Configuration::set(const Field& field, std::uint32_t value) {
  for (int i = 0; i < field.bits; ++i) set_bit(field, i, (value >> i & 1) != 0);
}

}  // namespace fabric
