// LSTM, GRU and RNN: layers of cells of words.
#include "nn/recurrent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>
#include <variant>

#include "quant/builder.hpp"

namespace quant {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kLengths = 4;
constexpr std::size_t kInitialH = 5;
constexpr std::size_t kInitialC = 6;
constexpr std::size_t kPeepholes = 7;

CellKind kind_of(const nn::Node& node) {
  if (node.op == "LSTM") return CellKind::kLstm;
  if (node.op == "RNN") return CellKind::kRnn;
  return node.int_attribute("linear_before_reset", 0) != 0 ? CellKind::kGru : CellKind::kGruFirst;
}

// Of our gates, in their order, the place in ONNX's.
std::vector<int> order_of(CellKind kind) {
  if (kind == CellKind::kLstm) return {0, 2, 3, 1};  // i, o, f, c
  return kind == CellKind::kRnn ? std::vector{0} : std::vector{0, 1, 2};
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// HardSigmoid has lines for ONNX's default numbers only.
Gate gate_of(const nn::Node& node, const std::string& name) {
  const std::string word = lower_case(name);
  if (word == "sigmoid") return Gate::kSigmoid;
  if (word == "tanh") return Gate::kTanh;
  const bool usual = node.floats_attribute("activation_alpha", {}).empty() &&
                     node.floats_attribute("activation_beta", {}).empty();
  if (word == "hardsigmoid" && usual) return Gate::kHardSigmoid;
  Builder::refuse(node, fmt::format("its cells compute {}", name),
                  "use Sigmoid, Tanh, or HardSigmoid as ONNX has it by default");
}

void set_gates(const nn::Node& node, RealCells& cells) {
  const std::vector<std::string> names = node.strings_attribute("activations", {});
  const auto at = [&](std::size_t i, Gate usual) {
    return names.empty() ? usual : gate_of(node, names.at(i));
  };
  const bool has_gates = cells.kind != CellKind::kRnn;
  if (has_gates) cells.gate = at(0, Gate::kSigmoid);
  cells.candidate = at(has_gates ? 1 : 0, Gate::kTanh);
  if (cells.kind == CellKind::kLstm) cells.output = at(2, Gate::kTanh);
}

Rows constant_rows(const nn::Graph& graph, const nn::Node& node, std::size_t i, Eigen::Index rows,
                   Eigen::Index cols) {
  if (!nn::has_input(node, i)) return Rows::Zero(rows, cols);
  if (!is_constant_expression(graph, node.inputs[i]))
    Builder::refuse(node, "its weights are computed", "the cells hold constants");
  const std::vector<double> values = constant_of(graph, node.inputs[i]).real();
  return Eigen::Map<const Rows>(values.data(), rows, cols);
}

bool is_zero(const nn::Array& array) {
  for (std::size_t i = 0; i < array.size(); ++i)
    if (array.at(i) != 0) return false;
  return true;
}

// Whether a state before the first step is known to be zero, however many samples there are:
// exporters make it of their number.
bool is_zero(const nn::Graph& graph, nn::ValueId id) {
  static const std::set<std::string> kShaping{"Expand",    "Reshape",   "Tile",     "Slice",
                                              "Squeeze",   "Unsqueeze", "Identity", "Cast",
                                              "Transpose", "Split",     "Gather"};
  if (const auto& constant = graph.value(id).constant) return is_zero(*constant);
  const nn::NodeId producer = graph.producer(id);
  if (!producer.valid()) return false;
  const nn::Node& node = graph.node(producer);
  if (node.op == "ConstantOfShape") {
    const auto value = node.attributes.find("value");
    const auto* given =
        value == node.attributes.end() ? nullptr : std::get_if<nn::Array>(&value->second);
    return value == node.attributes.end() || (given && is_zero(*given));
  }
  if (node.op == "Concat")
    return std::ranges::all_of(node.inputs, [&](nn::ValueId part) { return is_zero(graph, part); });
  return kShaping.contains(node.op) && is_zero(graph, node.inputs.at(0));
}

void check_states(const Builder& builder, const nn::Node& node) {
  for (const std::size_t i : {kInitialH, kInitialC})
    if (nn::has_input(node, i) && !is_zero(builder.graph(), node.inputs[i]))
      Builder::refuse(node, "its sequences begin at a state that is not known to be zero",
                      "export the model without initial states");
}

void check_lengths(const Builder& builder, const nn::Node& node, std::int64_t steps) {
  if (!nn::has_input(node, kLengths)) return;
  const nn::Value& lengths = nn::input(builder.graph(), node, kLengths);
  const bool all = lengths.constant && std::ranges::all_of(lengths.constant->ints(),
                                                           [&](auto one) { return one == steps; });
  if (!all)
    Builder::refuse(node, "its sequences end at different steps",
                    "export the model without sequence_lens: all steps count");
}

void check_attributes(const nn::Node& node) {
  const std::string direction = node.string_attribute("direction", "forward");
  if (direction != "forward")
    Builder::refuse(node, fmt::format("it goes through its steps in direction {}", direction),
                    "steps come as they are sent: train it forward");
  if (node.float_attribute("clip", 0) > 0)
    Builder::refuse(node, fmt::format("it clips sums at {}", node.float_attribute("clip", 0)),
                    "leave clip out: functions of gates are flat from 8 on");
  if (node.int_attribute("input_forget", 0) != 0)
    Builder::refuse(node, "its input gate is what its forget gate leaves",
                    "leave input_forget out");
}

// Bias of both products; that of the candidate's with the state alone where the reset gate acts on
// it.
void set_bias(const Rows& both, CellKind kind, Eigen::Index n, const std::vector<int>& order,
              RealCells& cells) {
  const auto gates = static_cast<Eigen::Index>(order.size());
  cells.bias.resize(gates * n);
  for (Eigen::Index gate = 0; gate < gates; ++gate) {
    const Eigen::Index from = order[static_cast<std::size_t>(gate)] * n;
    Eigen::VectorXd sum = both.row(0).segment(from, n).transpose();
    const Eigen::VectorXd of_state = both.row(1).segment(from, n).transpose();
    if (kind == CellKind::kGru && gate == 2)
      cells.of_state_bias = of_state;
    else
      sum += of_state;
    cells.bias.segment(gate * n, n) = sum;
  }
}

RealCells cells_of(const nn::Graph& graph, const nn::Node& node,
                   const nn::RecurrentExtents& extents) {
  RealCells cells;
  cells.kind = kind_of(node);
  set_gates(node, cells);
  const std::vector<int> order = order_of(cells.kind);
  const auto n = static_cast<Eigen::Index>(extents.hidden);
  const auto gates = static_cast<Eigen::Index>(order.size());
  const Rows w = constant_rows(graph, node, 1, gates * n, extents.inputs);
  const Rows r = constant_rows(graph, node, 2, gates * n, n);
  cells.of_input.resize(w.rows(), w.cols());
  cells.of_state.resize(r.rows(), r.cols());
  for (Eigen::Index gate = 0; gate < gates; ++gate) {
    const Eigen::Index from = order[static_cast<std::size_t>(gate)] * n;
    cells.of_input.middleRows(gate * n, n) = w.middleRows(from, n);
    cells.of_state.middleRows(gate * n, n) = r.middleRows(from, n);
  }
  set_bias(constant_rows(graph, node, 3, 2, gates * n), cells.kind, n, order, cells);
  if (cells.kind == CellKind::kLstm && nn::has_input(node, kPeepholes)) {
    const Rows p = constant_rows(graph, node, kPeepholes, 3, n);  // of i, o, f
    cells.peepholes.resize(3 * n);
    cells.peepholes << p.row(0).transpose(), p.row(2).transpose(), p.row(1).transpose();
  }
  return cells;
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::Graph& graph = builder.graph();
  const nn::RecurrentExtents extents = nn::recurrent_extents(graph, node);
  const nn::ValueId data = node.inputs.at(0);
  if (!builder.is_signal(data))
    Builder::refuse(node, "reads no signal", "leave it out, and what it computes in");
  check_attributes(node);
  if (extents.steps == nn::kUnknown || extents.inputs == nn::kUnknown)
    Builder::refuse(node, fmt::format("reads {}", nn::to_string(graph.value(data).shape)),
                    "set model.input_shape in the spec, or export the model with fixed steps");
  check_states(builder, node);
  check_lengths(builder, node, extents.steps);
  if (!builder.has_samples_along(data, extents.batch_first ? 0 : 1))
    Builder::refuse(node, "reads samples as steps",
                    "export the model with batch_first, so that samples come first");
  const auto steps = static_cast<int>(extents.steps);
  const Carried in = builder.sequence(node, data, steps, static_cast<int>(extents.inputs));
  const Carried maps =
      builder.cells(node, in, std::make_shared<const RealCells>(cells_of(graph, node, extents)));
  const std::string becomes =
      fmt::format("cells of words, {} in, {} out, {} steps", extents.inputs, extents.hidden, steps);
  if (nn::has_output(node, 2) && builder.is_read(node.outputs[2]))
    Builder::refuse(node, "its cells' own state is read", "read Y or Y_h, what they answer");
  if (nn::has_output(node, 0)) {
    Carried y = builder.step_by_step(maps);
    y.sample_axis = extents.batch_first ? 0 : 2;
    builder.set(node, std::move(y), becomes, 0);
  }
  if (nn::has_output(node, 1)) {
    Carried last = builder.last_step(node, maps);
    last.sample_axis = extents.batch_first ? 0 : 1;
    builder.set(node, std::move(last), becomes, 1);
  }
}

}  // namespace

Lowering recurrent_lowering() {
  return {{"LSTM", "GRU", "RNN"}, "a layer of cells of words", lower, true};
}

}  // namespace quant
