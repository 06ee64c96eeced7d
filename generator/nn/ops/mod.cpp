#include <cmath>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  infer_arithmetic(graph, node);
  if (is_float(input(graph, node, 0).dtype) && node.int_attribute("fmod", 0) == 0)
    base::fail(base::Code::kBadAttribute, "Mod of floats needs fmod = 1", describe(node));
}

// With `fmod` the rest has the sign of a, else that of b.
std::int64_t rest(const Node& node, std::int64_t a, std::int64_t b) {
  if (b == 0)
    base::fail(base::Code::kDivisionByZero, "an integer is divided by zero", describe(node));
  if (b == -1) return 0;
  const std::int64_t r = a % b;
  const bool other_sign = r != 0 && (r < 0) != (b < 0);
  return other_sign && node.int_attribute("fmod", 0) == 0 ? r + b : r;
}
float rest(const Node&, float a, float b) { return std::fmod(a, b); }
double rest(const Node&, double a, double b) { return std::fmod(a, b); }

}  // namespace

OpDef mod_op() {
  return {
      .names = {"Mod"},
      .since = 10,
      .doc = "the rest of A / B, with broadcasting",
      .min_inputs = 2,
      .max_inputs = 2,
      .attributes = {{.name = "fmod",
                      .type = AttributeType::kInt,
                      .doc = "1: the rest has the sign of A, as in C",
                      .allowed = {"0", "1"}}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return arithmetic(call, [&](auto a, auto b) { return rest(call.node, a, b); });
          },
  };
}

}  // namespace nn
