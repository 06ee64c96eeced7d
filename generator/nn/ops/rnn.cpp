#include "nn/recurrent.hpp"

namespace nn {
namespace {

RecurrentKind kind() { return {1, {"Tanh"}}; }

struct Cell {
  template <class T>
  void operator()(const RecurrentDirection<T>& d, const RecurrentRows<T>& x, RecurrentRows<T>& h,
                  RecurrentRows<T>& /*c*/) const {
    h = d.gate(0, d.of_input(x) + d.of_state(h, 0, 1));
  }
};

}  // namespace

OpDef rnn_op() {
  return {
      .names = {"RNN"},
      .doc =
          "f(X * W^T + H * R^T + B) over sequences: Y, Y_h of X, W, R, B, sequence_lens, "
          "initial_h",
      .min_inputs = 3,
      .max_inputs = kRecurrentInputs,
      .max_outputs = 2,
      .needs_first_output = false,
      .attributes = recurrent_attributes(),
      .infer = [](Graph& graph, const Node& node) { infer_recurrent(graph, node, kind()); },
      .evaluate = [](const Call& call) { return evaluate_recurrent(call, kind(), Cell{}); },
  };
}

}  // namespace nn
