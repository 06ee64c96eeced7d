#include <map>

#include "quant/builder.hpp"

namespace quant {

// One function a file of quant/ops/.
#define FPSA_LOWERING(name) Lowering name##_lowering();
#include "quant/lowering_list.inc"
#undef FPSA_LOWERING

const Lowering* find_lowering(const std::string& op) {
  static const std::map<std::string, Lowering> table = [] {
    std::map<std::string, Lowering> by_op;
    const auto add = [&](Lowering lowering) {
      for (const std::string& name : lowering.ops) by_op[name] = lowering;
    };
#define FPSA_LOWERING(name) add(name##_lowering());
#include "quant/lowering_list.inc"
#undef FPSA_LOWERING
    return by_op;
  }();
  const auto found = table.find(op);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace quant
