#include "nn/recurrent.hpp"

namespace nn {
namespace {

RecurrentKind kind() { return {3, {"Sigmoid", "Tanh"}}; }

// Gates lie in the order z, r, h.
struct Cell {
  bool reset_after = false;  // linear_before_reset: r acts on h * R^T + Rb, else on h

  template <class T>
  void operator()(const RecurrentDirection<T>& d, const RecurrentRows<T>& x, RecurrentRows<T>& h,
                  RecurrentRows<T>& /*c*/) const {
    using Rows = RecurrentRows<T>;
    const Rows of_input = d.of_input(x);
    const Rows sums = of_input.leftCols(2 * d.hidden) + d.of_state(h, 0, 2);
    const Rows update = d.gate(0, sums.leftCols(d.hidden));
    const Rows reset = d.gate(0, sums.rightCols(d.hidden));
    const Rows kept = reset_after ? reset.cwiseProduct(d.of_state(h, 2, 1))
                                  : d.of_state(reset.cwiseProduct(h), 2, 1);
    const Rows candidate = d.gate(1, of_input.rightCols(d.hidden) + kept);
    h = (1 - update.array()) * candidate.array() + update.array() * h.array();
  }
};

}  // namespace

OpDef gru_op() {
  std::vector<AttributeDef> attributes = recurrent_attributes();
  attributes.push_back({.name = "linear_before_reset",
                        .type = AttributeType::kInt,
                        .doc = "1: the reset gate acts behind the product with R; default 0",
                        .allowed = {"0", "1"}});
  return {
      .names = {"GRU"},
      .doc = "gated recurrent unit over sequences: Y, Y_h of X, W, R, B, sequence_lens, initial_h",
      .min_inputs = 3,
      .max_inputs = kRecurrentInputs,
      .max_outputs = 2,
      .needs_first_output = false,
      .attributes = std::move(attributes),
      .infer = [](Graph& graph, const Node& node) { infer_recurrent(graph, node, kind()); },
      .evaluate =
          [](const Call& call) {
            return evaluate_recurrent(call, kind(),
                                      Cell{call.node.int_attribute("linear_before_reset", 0) != 0});
          },
  };
}

}  // namespace nn
