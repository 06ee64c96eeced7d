#include "fabric/architecture.hpp"

#include <fmt/format.h>

namespace fabric {

std::string wire_name(const std::string& port, int width, int wire) {
  return width == 1 ? port : fmt::format("{}[{}]", port, wire);
}

}  // namespace fabric
