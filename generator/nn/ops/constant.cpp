#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

Array array_of(const Attribute& value) {
  if (const auto* tensor = std::get_if<Array>(&value)) return *tensor;
  if (const auto* number = std::get_if<float>(&value)) return Array::of_floats({}, {*number});
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return Array::of_ints(DType::kInt64, {}, {*integer});
  if (const auto* floats = std::get_if<std::vector<float>>(&value))
    return Array::of_floats({static_cast<std::int64_t>(floats->size())}, *floats);
  const auto& ints = std::get<std::vector<std::int64_t>>(value);
  return Array::of_ints(DType::kInt64, {static_cast<std::int64_t>(ints.size())}, ints);
}

void infer(Graph& graph, const Node& node) {
  if (node.attributes.size() != 1)
    base::fail(base::Code::kBadAttribute, "Constant needs exactly one attribute, its value",
               describe(node));
  const Array array = array_of(node.attributes.begin()->second);
  set_output(graph, node, 0, array.dtype, array.shape);
}

}  // namespace

OpDef constant_op() {
  return {
      .names = {"Constant"},
      .doc = "a constant tensor",
      .min_inputs = 0,
      .max_inputs = 0,
      .attributes =
          {{.name = "value", .type = AttributeType::kTensor, .doc = "a tensor"},
           {.name = "value_float", .type = AttributeType::kFloat, .doc = "a scalar", .since = 12},
           {.name = "value_floats", .type = AttributeType::kFloats, .doc = "a list", .since = 12},
           {.name = "value_int", .type = AttributeType::kInt, .doc = "a scalar", .since = 12},
           {.name = "value_ints", .type = AttributeType::kInts, .doc = "a list", .since = 12}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{array_of(call.node.attributes.begin()->second)};
          },
  };
}

}  // namespace nn
