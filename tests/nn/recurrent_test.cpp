// LSTM, GRU and RNN: all combinations of what they may be given, and networks as PyTorch, Keras and
// tf2onnx write them.
#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.hpp"
#include "nn/model_builder.hpp"
#include "nn/node_cases.hpp"
#include "nn/op_support.hpp"
#include "nn/permute.hpp"
#include "nn/recurrent_loops.hpp"
#include "nn/reference.hpp"

namespace nn {
namespace {

using testing::Doubles;
using testing::LoopFunction;
using testing::LoopResult;
using testing::LoopTask;
using testing::ModelBuilder;

constexpr const char* kFunctions[] = {
    "Relu",       "Tanh", "Sigmoid",     "Affine",   "LeakyRelu", "ThresholdedRelu",
    "ScaledTanh", "Elu",  "HardSigmoid", "Softsign", "Softplus"};

bool takes_alpha(const std::string& name) {
  return name == "Affine" || name == "LeakyRelu" || name == "ThresholdedRelu" ||
         name == "ScaledTanh" || name == "HardSigmoid" || name == "Elu";
}
bool takes_beta(const std::string& name) {
  return name == "Affine" || name == "ScaledTanh" || name == "HardSigmoid";
}

// What a node says beside its task.
struct Form {
  int number = 0;  // of the combination
  std::int64_t opset = 14;
  bool is_double = false;
  bool batch_first = false;
  bool open = false;  // steps and batch are symbols
  bool weights_at_run_time = false;
  bool has_bias = false, has_lengths = false, has_h = false, has_c = false, has_peepholes = false;
  bool names_functions = false;
  int outputs = 7;  // a bit each
};

// Takes a number apart, digit by digit.
struct Digits {
  int rest;
  int next(int base) {
    const int digit = rest % base;
    rest /= base;
    return digit;
  }
};

Doubles numbers(base::Rng& rng, int count, double scale) {
  Doubles list(static_cast<std::size_t>(count));
  for (double& value : list) value = static_cast<float>(scale * rng.normal());
  return list;
}

Doubles numbers_or_zeros(base::Rng& rng, bool given, int count) {
  return given ? numbers(rng, count, 0.5) : Doubles(static_cast<std::size_t>(count), 0.0);
}

std::vector<LoopFunction> functions_for(base::Rng& rng, const LoopTask& task, bool named) {
  const std::vector<std::string> usual =
      task.op == "LSTM"  ? std::vector<std::string>{"Sigmoid", "Tanh", "Tanh"}
      : task.op == "GRU" ? std::vector<std::string>{"Sigmoid", "Tanh"}
                         : std::vector<std::string>{"Tanh"};
  std::vector<LoopFunction> functions;
  for (int d = 0; d < task.directions; ++d)
    for (const std::string& name : usual) {
      functions.push_back({name, 0, 0});
      if (!named) continue;
      functions.back().name = kFunctions[rng.below(std::size(kFunctions))];
      functions.back().alpha = static_cast<float>(0.2 + 0.5 * rng.uniform());
      functions.back().beta = static_cast<float>(0.2 + 0.5 * rng.uniform());
    }
  return functions;
}

// Combination `number` of `op`, in random sizes.
std::pair<LoopTask, Form> combination(const std::string& op, int number) {
  base::Rng rng(static_cast<std::uint64_t>(number));
  Digits digits{number};
  LoopTask t{.op = op};
  Form form{.number = number};
  const int direction = digits.next(3);
  t.directions = direction == 2 ? 2 : 1;
  t.reverse = direction == 1;
  form.batch_first = digits.next(2) == 1;
  form.has_lengths = digits.next(2) == 1;
  form.has_h = digits.next(2) == 1;
  form.has_bias = digits.next(2) == 1;
  form.names_functions = digits.next(2) == 1;
  if (digits.next(2) == 1) t.clip = 0.75;
  t.option = op != "RNN" && digits.next(2) == 1;
  form.has_c = op == "LSTM" && digits.next(2) == 1;
  form.has_peepholes = op == "LSTM" && digits.next(2) == 1;
  form.is_double = rng.below(2) == 1;
  form.open = rng.below(2) == 1;
  form.weights_at_run_time = rng.below(2) == 1;
  form.opset = form.batch_first ? 14 + 8 * static_cast<int>(rng.below(2)) : rng.between(7, 23);
  form.outputs = static_cast<int>(rng.between(1, op == "LSTM" ? 7 : 3));
  t.steps = static_cast<int>(rng.between(1, 5));
  t.batch = static_cast<int>(rng.between(1, 4));
  t.inputs = static_cast<int>(rng.between(1, 4));
  t.hidden = static_cast<int>(rng.between(1, 4));
  for (int n = 0; n < t.batch; ++n)
    t.lengths.push_back(form.has_lengths ? static_cast<int>(rng.between(1, t.steps)) : t.steps);
  const int rows = t.gates() * t.hidden;
  t.x = numbers(rng, t.steps * t.batch * t.inputs, 1);
  t.w = numbers(rng, t.directions * rows * t.inputs, 0.5);
  t.r = numbers(rng, t.directions * rows * t.hidden, 0.5);
  t.b = numbers_or_zeros(rng, form.has_bias, t.directions * 2 * rows);
  t.h = numbers_or_zeros(rng, form.has_h, t.directions * t.batch * t.hidden);
  t.c = numbers_or_zeros(rng, form.has_c, t.directions * t.batch * t.hidden);
  t.p = numbers_or_zeros(rng, form.has_peepholes, t.directions * 3 * t.hidden);
  t.functions = functions_for(rng, t, form.names_functions);
  return {t, form};
}

Array array_of(const Form& form, const Shape& shape, const Doubles& values) {
  return convert(Array::of_doubles(shape, values), form.is_double ? DType::kDouble : DType::kFloat);
}

// Axes of X, Y and states change with the layout.
Array moved(const Form& form, Array array, const std::vector<std::size_t>& axes) {
  return form.batch_first ? permuted(array, axes) : array;
}

// Writes the model of a task, and what it is fed.
class Writer {
 public:
  Writer(const LoopTask& task, const Form& form) : t_(task), form_(form), builder_(form.opset) {}

  std::vector<Array> run() {
    const int rows = t_.gates() * t_.hidden;
    const Shape states{t_.directions, t_.batch, t_.hidden};
    const Array h = moved(form_, array_of(form_, states, t_.h), {1, 0, 2});
    const Array c = moved(form_, array_of(form_, states, t_.c), {1, 0, 2});
    add_x();
    add("W", true, array_of(form_, {t_.directions, rows, t_.inputs}, t_.w));
    add("R", true, array_of(form_, {t_.directions, rows, t_.hidden}, t_.r));
    add("B", form_.has_bias, array_of(form_, {t_.directions, 2 * rows}, t_.b));
    add("lens", form_.has_lengths, lengths());
    add("h", form_.has_h, h);
    if (t_.op == "LSTM") {
      add("c", form_.has_c, c);
      add("P", form_.has_peepholes, array_of(form_, {t_.directions, 3 * t_.hidden}, t_.p));
    }
    add_node();
    return nn::run(builder_.import(), fed_);
  }

 private:
  int onnx_type(DType type) const {
    return type == DType::kFloat    ? onnx::TensorProto::FLOAT
           : type == DType::kDouble ? onnx::TensorProto::DOUBLE
                                    : onnx::TensorProto::INT32;
  }

  void add_x() {
    const Array x = moved(form_, array_of(form_, {t_.steps, t_.batch, t_.inputs}, t_.x), {1, 0, 2});
    const Shape open{kUnknown, kUnknown, t_.inputs};
    builder_.input("x", form_.open ? open : x.shape, onnx_type(x.dtype));
    fed_.push_back(x);
    names_.push_back("x");
  }

  Array lengths() const {
    return Array::of_ints(DType::kInt32, {t_.batch}, {t_.lengths.begin(), t_.lengths.end()});
  }

  void add(const std::string& name, bool given, const Array& array) {
    names_.push_back(given ? name : "");
    if (!given) return;
    if (form_.weights_at_run_time) {
      builder_.input(name, array.shape, onnx_type(array.dtype));
      fed_.push_back(array);
      return;
    }
    onnx::TensorProto& tensor = builder_.initialiser(name, array.shape, onnx_type(array.dtype));
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (array.dtype == DType::kFloat) tensor.add_float_data(static_cast<float>(array.at(i)));
      if (array.dtype == DType::kDouble) tensor.add_double_data(array.at(i));
      if (array.dtype == DType::kInt32) tensor.add_int32_data(static_cast<int>(array.at(i)));
    }
  }

  void add_node() {
    std::vector<std::string> outputs;
    for (int i = 0; i < 3; ++i)
      outputs.push_back((form_.outputs & (1 << i)) != 0 ? "y" + std::to_string(i) : "");
    while (outputs.back().empty()) outputs.pop_back();
    while (names_.back().empty()) names_.pop_back();
    builder_.node(t_.op, names_, outputs, "n");
    builder_.with("hidden_size", std::int64_t{t_.hidden});
    if (t_.directions == 2) builder_.with("direction", std::string("bidirectional"));
    if (t_.reverse) builder_.with("direction", std::string("reverse"));
    if (form_.batch_first) builder_.with("layout", std::int64_t{1});
    if (t_.clip < INFINITY) builder_.with("clip", static_cast<float>(t_.clip));
    if (t_.option)
      builder_.with(t_.op == "LSTM" ? "input_forget" : "linear_before_reset", std::int64_t{1});
    if (form_.names_functions) add_functions();
    for (const std::string& name : outputs)
      if (!name.empty()) builder_.output(name);
  }

  void add_functions() {
    std::vector<std::string> names;
    std::vector<float> alphas, betas;
    for (const LoopFunction& f : t_.functions) {
      names.push_back(f.name);
      if (takes_alpha(f.name)) alphas.push_back(static_cast<float>(f.alpha));
      if (takes_beta(f.name)) betas.push_back(static_cast<float>(f.beta));
    }
    builder_.with("activations", names);
    if (!alphas.empty()) builder_.with("activation_alpha", alphas);
    if (!betas.empty()) builder_.with("activation_beta", betas);
  }

  const LoopTask& t_;
  const Form& form_;
  ModelBuilder builder_;
  std::vector<std::string> names_;
  std::vector<Array> fed_;
};

void expect_near(const Form& form, const Array& got, const Array& wanted) {
  ASSERT_EQ(got.dtype, wanted.dtype);
  ASSERT_EQ(got.shape, wanted.shape);
  const double tolerance = form.is_double ? 1e-11 : 2e-4;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    ASSERT_NEAR(got.at(i), wanted.at(i), tolerance * std::max(1.0, std::abs(wanted.at(i)))) << i;
}

void expect_loops(const std::string& op, int number) {
  SCOPED_TRACE(op + " " + std::to_string(number));
  const auto [task, form] = combination(op, number);
  const std::vector<Array> outputs = Writer(task, form).run();
  const LoopResult wanted = testing::run_loops(task);
  const Shape y{task.steps, task.directions, task.batch, task.hidden};
  const Shape states{task.directions, task.batch, task.hidden};
  std::size_t next = 0;
  if ((form.outputs & 1) != 0)
    expect_near(form, outputs.at(next++), moved(form, array_of(form, y, wanted.y), {2, 0, 1, 3}));
  if ((form.outputs & 2) != 0)
    expect_near(form, outputs.at(next++),
                moved(form, array_of(form, states, wanted.y_h), {1, 0, 2}));
  if ((form.outputs & 4) != 0)
    expect_near(form, outputs.at(next++),
                moved(form, array_of(form, states, wanted.y_c), {1, 0, 2}));
  EXPECT_EQ(outputs.size(), next);
}

TEST(OpLSTM, IsThePlainLoopInAllCombinations) {
  for (int number = 0; number < 3 * 512; ++number) expect_loops("LSTM", number);
}

TEST(OpGRU, IsThePlainLoopInAllCombinations) {
  for (int number = 0; number < 4 * 3 * 128; ++number) expect_loops("GRU", number);
}

TEST(OpRNN, IsThePlainLoopInAllCombinations) {
  for (int number = 0; number < 8 * 3 * 64; ++number) expect_loops("RNN", number);
}

}  // namespace
}  // namespace nn
