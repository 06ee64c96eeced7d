#include <cmath>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {
namespace {

std::int64_t count_of(const Node& node, const Array& start, const Array& limit,
                      const Array& delta) {
  if (delta.at(0) == 0) base::fail(base::Code::kBadAttribute, "the step is 0", describe(node));
  const double count = std::ceil((limit.at(0) - start.at(0)) / delta.at(0));
  if (count > static_cast<double>(kMaxElements)) bad_shape(node, "the range is too long");
  return count > 0 ? static_cast<std::int64_t>(count) : 0;
}

void infer(Graph& graph, const Node& node) {
  bool known = true;
  for (std::size_t i = 0; i < 3; ++i) {
    require_number(graph, node, i);
    require_same_type(graph, node, 0, i);
    if (known_count(input(graph, node, i).shape) != 1)
      bad_shape(node, "start, limit and step must be one number each");
    known = known && graph.is_constant(node.inputs[i]);
  }
  const auto constant = [&](std::size_t i) -> const Array& {
    return *input(graph, node, i).constant;
  };
  set_output(graph, node, 0, input(graph, node, 0).dtype,
             {known ? count_of(node, constant(0), constant(1), constant(2)) : kUnknown});
}

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const T start = call.input(0).elements<T>()[0];
    const T delta = call.input(2).elements<T>()[0];
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = start + static_cast<T>(i) * delta;
  });
  return {std::move(out)};
}

}  // namespace

OpDef range_op() {
  return {
      .names = {"Range"},
      .since = 11,
      .doc = "the numbers from start to before limit, a step apart",
      .min_inputs = 3,
      .max_inputs = 3,
      .infer = infer,
      .evaluate = evaluate,
  };
}

}  // namespace nn
