#include "nn/recurrent.hpp"

namespace nn {
namespace {

RecurrentKind kind() { return {4, {"Sigmoid", "Tanh", "Tanh"}, true}; }

// Gates lie in the order i, o, f, c.
struct Cell {
  bool coupled = false;  // input_forget: what is let in displaces what was there

  template <class T>
  void operator()(const RecurrentDirection<T>& d, const RecurrentRows<T>& x, RecurrentRows<T>& h,
                  RecurrentRows<T>& c) const {
    using Rows = RecurrentRows<T>;
    const Rows sums = d.of_input(x) + d.of_state(h, 0, 4);
    const auto sums_of = [&](Eigen::Index gate) {
      return sums.middleCols(gate * d.hidden, d.hidden);
    };
    const Rows in = d.gate(0, sums_of(0) + d.through_peephole(0, c));
    const Rows forget =
        coupled ? Rows(1 - in.array()) : d.gate(0, sums_of(2) + d.through_peephole(2, c));
    c = forget.cwiseProduct(c) + in.cwiseProduct(d.gate(1, sums_of(3)));
    const Rows out = d.gate(0, sums_of(1) + d.through_peephole(1, c));
    h = out.cwiseProduct(d.applied(2, c));
  }
};

}  // namespace

OpDef lstm_op() {
  std::vector<AttributeDef> attributes = recurrent_attributes();
  attributes.push_back({.name = "input_forget",
                        .type = AttributeType::kInt,
                        .doc = "1: the forget gate is 1 - the input gate; default 0",
                        .allowed = {"0", "1"}});
  return {
      .names = {"LSTM"},
      .doc =
          "long short-term memory over sequences: Y, Y_h, Y_c of X, W, R, B, sequence_lens, "
          "initial_h, initial_c, P",
      .min_inputs = 3,
      .max_inputs = kRecurrentInputsWithCell,
      .max_outputs = 3,
      .needs_first_output = false,
      .attributes = std::move(attributes),
      .infer = [](Graph& graph, const Node& node) { infer_recurrent(graph, node, kind()); },
      .evaluate =
          [](const Call& call) {
            return evaluate_recurrent(call, kind(),
                                      Cell{call.node.int_attribute("input_forget", 0) != 0});
          },
  };
}

}  // namespace nn
