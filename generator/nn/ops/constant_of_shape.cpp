#include <algorithm>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

Array value_of(const Node& node) {
  const auto given = node.attributes.find("value");
  if (given == node.attributes.end()) return Array::of_floats({1}, {0});
  const Array& value = std::get<Array>(given->second);
  if (value.size() != 1)
    base::fail(base::Code::kBadAttribute, "the value must be one number", describe(node));
  return value;
}

void infer(Graph& graph, const Node& node) {
  Shape out;
  for (const std::int64_t element : shape_ints(graph, node, 0, "the shape"))
    out.push_back(extent_of(element));
  set_output(graph, node, 0, value_of(node).dtype, out);
}

}  // namespace

OpDef constant_of_shape_op() {
  return {
      .names = {"ConstantOfShape"},
      .since = 9,
      .doc = "an array of a shape, filled with one value",
      .attributes = {{.name = "value", .type = AttributeType::kTensor, .doc = "default 0.0"}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{
                broadcast_to(reshaped(value_of(call.node), {}), call.blank().shape)};
          },
  };
}

}  // namespace nn
