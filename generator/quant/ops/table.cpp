// Functions of single elements.
#include <algorithm>

#include "nn/reference.hpp"
#include "quant/builder.hpp"

namespace quant {

namespace {

// A node with one number for each constant, as the operator itself computes it, of any number of
// elements.
nn::Graph scalar_graph(const nn::Graph& graph, const nn::Node& node, nn::ValueId data) {
  nn::Graph scalar;
  scalar.opset = graph.opset;
  const auto add = [&](const std::string& name, std::int64_t extent) {
    scalar.values.push_back({name, nn::DType::kFloat, {extent}, {}});
    return nn::ValueId{scalar.values.size() - 1};
  };
  nn::Node only = node;
  for (nn::ValueId& id : only.inputs) {
    if (!id.valid()) continue;
    const bool is_data = id == data;
    const nn::Value& value = graph.value(id);
    id = add(value.name, is_data ? nn::kUnknown : 1);
    if (is_data) {
      scalar.inputs = {id};
      continue;
    }
    const nn::Array& constant = *value.constant;
    for (std::size_t i = 1; i < constant.size(); ++i)
      if (constant.at(i) != constant.at(0))
        Builder::refuse(node, "is another function of every channel",
                        "the PEs' tables are one function of a tensor: use one constant for all");
    scalar.value(id).constant =
        nn::Array::of_floats({1}, {static_cast<float>(constant.size() ? constant.at(0) : 0.0)});
  }
  only.outputs = {add("y", nn::kUnknown)};
  scalar.outputs = only.outputs;
  scalar.nodes = {only};
  return scalar;
}

Eigen::ArrayXd computed(const nn::Graph& scalar, const Eigen::ArrayXd& x) {
  std::vector<float> values(static_cast<std::size_t>(x.size()));
  std::ranges::transform(x, values.begin(), [](double one) { return static_cast<float>(one); });
  const nn::Array y = nn::run(scalar, {nn::Array::of_floats({x.size()}, std::move(values))})[0];
  Eigen::ArrayXd result(x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) result[i] = y.at(static_cast<std::size_t>(i));
  return result;
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = builder.only_signal(node);
  const bool of_host = node.op == "Sigmoid" || node.op == "Tanh" || node.op == "LeakyRelu";
  if (of_host && builder.ends_the_model(builder.here()))
    return builder.host(node, builder.at(data), HostOp::kMonotone);
  const Carried& in = builder.real(node, data);
  builder.tabulate(node, in,
                   [scalar = scalar_graph(builder.graph(), node, data)](const Eigen::ArrayXd& x) {
                     return computed(scalar, x);
                   });
}

}  // namespace

Lowering table_lowering() {
  return {
      {"Sigmoid", "Tanh", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Softplus", "Softsign",
       "HardSigmoid", "HardSwish", "Mish", "Gelu", "Erf", "Exp", "Abs", "Sign", "ThresholdedRelu"},
      "a table of what each element can be; behind the last product Sigmoid, Tanh and LeakyRelu "
      "are the host's work",
      lower};
}

}  // namespace quant
