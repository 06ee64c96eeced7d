#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  if (has_input(node, 1) == node.attributes.contains("axes"))
    base::fail(base::Code::kBadAttribute, "Unsqueeze needs its axes once", describe(node));
  const std::size_t added = has_input(node, 1)
                                ? constant_ints(graph, node, 1, "the list of axes").size()
                                : node.ints_attribute("axes", {}).size();
  Shape out = x.shape;
  for (const std::size_t axis : axes_of(graph, node, x.shape.size() + added))
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  set_output(graph, node, 0, x.dtype, out);
}

}  // namespace

OpDef unsqueeze_op() {
  return {
      .names = {"Unsqueeze"},
      .doc = "X with extents of 1 put in",
      .max_inputs = 2,
      .attributes = {{.name = "axes",
                      .type = AttributeType::kInts,
                      .doc = "where, counted in the result; an input since opset 13",
                      .until = 12}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{reshaped(call.input(0), call.blank().shape)};
          },
  };
}

}  // namespace nn
