// How ONNX Runtime's quantiser writes networks: with QuantizeLinear and DequantizeLinear around
// float ops (QDQ; Brevitas puts a Clip between the two), or with ops on integers (QOp).
#include <cmath>

#include "dialects/writer.hpp"

namespace dialects {

namespace {

using nn::kUnknown;
using nn::Shape;
using nn::testing::ModelBuilder;

constexpr const char* kMicrosoft = "com.microsoft";

int onnx_type(const Codes& codes) {
  return codes.is_signed ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8;
}

// A tensor in the model: the names of its integers and of the floats that they stand for, which may
// not be there yet.
struct Tensor {
  Codes codes;
  std::string integers;
  std::string floats;
};

// What both forms share: formats, and constants with their scale and zero point.
class Ort {
 public:
  Ort(Written& written, base::Rng& rng)
      : recipe_(written.recipe), brevitas_(written.dialect == Dialect::kBrevitas), rng_(rng) {
    base::Rng samples(7);
    peaks_ = peaks(recipe_, random_samples(64, recipe_.inputs, samples));
    written.quantised = true;
    powers_of_two_ = written.powers_of_two = rng.below(3) != 0;
    per_channel_ = rng.below(2) == 0;
    signed_ = rng.below(2) == 0;
  }

 protected:
  // What an exporter might choose for value `v`; behind a Relu the zero point is the least code,
  // which does the Relu's work where there is none among the ops on integers.
  Codes activation(int v, bool relu) {
    Codes codes;
    codes.is_signed = brevitas_ ? !relu : signed_;
    if (brevitas_) codes.bits = static_cast<int>(rng_.between(4, 8));
    if (brevitas_) codes.narrow = codes.is_signed && rng_.below(2) == 0;
    if (!brevitas_ && relu) codes.zero = codes.low();
    if (!brevitas_ && !relu) {
      const int middle = codes.is_signed ? 0 : 128;
      codes.zero = middle + static_cast<int>(rng_.below(2) == 0 ? 0 : rng_.between(-20, 20));
    }
    codes.scale = scale_for(peaks_[static_cast<std::size_t>(v)], codes, powers_of_two_);
    return codes;
  }

  Codes weight() {
    Codes codes;
    codes.is_signed = brevitas_ || rng_.below(3) != 0;
    codes.narrow = codes.is_signed;
    codes.zero = codes.is_signed ? 0 : 128;
    if (brevitas_) codes.bits = static_cast<int>(rng_.between(3, 8));
    return codes;
  }

  // One format a column, or the same for all.
  std::vector<Codes> weight_columns(const Dense& dense) {
    const Codes codes = weight();
    std::vector<Codes> columns(static_cast<std::size_t>(dense.outputs), codes);
    for (int c = 0; c < dense.outputs; ++c)
      columns[static_cast<std::size_t>(c)].scale =
          scale_for(weight_peak(dense, per_channel_ ? c : -1), codes, powers_of_two_);
    return columns;
  }

  void parameters(const std::string& name, const Codes& codes) {
    model_.floats(name + "_scale", {}, {codes.scale});
    model_.ints(name + "_zero_point", {}, {codes.zero}, onnx_type(codes));
  }

  // Scales and zero points a column; `name`_scale and `name`_zero_point.
  void column_parameters(const std::string& name, const std::vector<Codes>& columns) {
    if (!per_channel_) return parameters(name, columns.front());
    std::vector<float> scales;
    std::vector<int> zeros;
    for (const Codes& codes : columns) {
      scales.push_back(codes.scale);
      zeros.push_back(codes.zero);
    }
    const Shape shape = {static_cast<std::int64_t>(columns.size())};
    model_.floats(name + "_scale", shape, scales);
    model_.ints(name + "_zero_point", shape, zeros, onnx_type(columns.front()));
  }

  // Integers of the weights, outputs x inputs or the other way round.
  void weight_integers(const std::string& name, const Dense& dense,
                       const std::vector<Codes>& columns, bool by_output) {
    std::vector<int> integers;
    for (int i = 0; i < dense.inputs * dense.outputs; ++i) {
      const int c = by_output ? i / dense.inputs : i % dense.outputs;
      const int r = by_output ? i % dense.inputs : i / dense.outputs;
      const float value = dense.weights[static_cast<std::size_t>(r * dense.outputs + c)];
      integers.push_back(columns[static_cast<std::size_t>(c)].code(value));
    }
    const Shape shape =
        by_output ? Shape{dense.outputs, dense.inputs} : Shape{dense.inputs, dense.outputs};
    model_.ints(name, shape, integers, onnx_type(columns.front()));
  }

  // The bias in units of the product's sums.
  std::vector<int> bias_integers(const Dense& dense, float scale,
                                 const std::vector<Codes>& columns) {
    std::vector<int> integers;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const double unit = static_cast<double>(scale) * columns[c].scale;
      integers.push_back(static_cast<int>(std::rint(dense.bias[c] / unit)));
    }
    return integers;
  }

  const Recipe& recipe_;
  bool brevitas_;
  base::Rng& rng_;
  bool powers_of_two_ = false;
  bool per_channel_ = false;
  bool signed_ = false;  // activations are int8, else uint8
  std::vector<double> peaks_;
  ModelBuilder model_{13};
  std::string layer_;
  std::vector<Tensor> tensors_;
};

class Qdq : public Ort {
 public:
  using Ort::Ort;

  ModelBuilder run() {
    model_.input("x", {rng_.below(2) == 0 ? kUnknown : 1, recipe_.inputs});
    layer_ = "x";
    tensors_ = {requantised("x", activation(0, false))};
    for (std::size_t i = 0; i < recipe_.steps.size(); ++i) {
      layer_ = "/node" + std::to_string(i);
      tensors_.push_back(tensor(recipe_.steps[i], static_cast<int>(i) + 1));
    }
    model_.output(result());
    return std::move(model_);
  }
  const std::string& result() const { return tensors_.back().floats; }

 private:
  Tensor tensor(const Step& step, int v) {
    const Tensor& a = tensors_[static_cast<std::size_t>(step.a)];
    const Tensor& b = tensors_[static_cast<std::size_t>(step.b)];
    if (step.kind == Step::Kind::kHalf) return half(a, recipe_.width(step.a), step.b);
    std::string name = layer_ + "/out";
    if (step.kind == Step::Kind::kDense) name = dense(step.dense, a);
    if (step.kind == Step::Kind::kAdd)
      model_.node("Add", {a.floats, b.floats}, {name}, layer_ + "/Add");
    if (step.kind == Step::Kind::kConcat)
      model_.node("Concat", {a.floats, b.floats}, {name}, layer_ + "/Concat")
          .with("axis", std::int64_t{1});
    const Codes codes = activation(v, step.relu);
    // A zero point at the least code holds what is below 0 as well: the quantiser may leave the
    // Relu out.
    if (step.relu && (brevitas_ || rng_.below(2) == 0)) {
      model_.node("Relu", {name}, {layer_ + "/relu"}, layer_ + "/Relu");
      name = layer_ + "/relu";
    }
    return requantised(name, codes);
  }

  // The float value through Q, a Clip where fewer codes than the type has are wanted, and DQ.
  Tensor requantised(const std::string& from, const Codes& codes) {
    const std::string name = from + "_q";
    parameters(name, codes);
    const std::vector<std::string> format = {name + "_scale", name + "_zero_point"};
    model_.node("QuantizeLinear", {from, format[0], format[1]}, {name + "uantized"}, name);
    std::string integers = name + "uantized";
    if (brevitas_) {
      model_.ints(name + "_min", {}, {codes.low()}, onnx_type(codes));
      model_.ints(name + "_max", {}, {codes.high()}, onnx_type(codes));
      model_.node("Clip", {integers, name + "_min", name + "_max"}, {name + "_clipped"},
                  name + "/Clip");
      integers = name + "_clipped";
    }
    model_.node("DequantizeLinear", {integers, format[0], format[1]}, {name + "_float"},
                name + "/DQ");
    return {codes, integers, name + "_float"};
  }

  Tensor half(const Tensor& from, std::int64_t width, int which) {
    model_.longs(layer_ + "/from", {1}, {which == 0 ? 0 : width / 2});
    model_.longs(layer_ + "/to", {1}, {which == 0 ? width / 2 : width});
    model_.longs(layer_ + "/axes", {1}, {1});
    model_.node("Slice", {from.floats, layer_ + "/from", layer_ + "/to", layer_ + "/axes"},
                {layer_ + "/out"}, layer_ + "/Slice");
    return requantised(layer_ + "/out", from.codes);
  }

  std::string dense(const Dense& dense, const Tensor& from) {
    const bool gemm = rng_.below(2) == 0;
    const std::vector<Codes> columns = weight_columns(dense);
    const std::string weights = layer_ + ".weight";
    weight_integers(weights, dense, columns, gemm);
    column_parameters(weights, columns);
    model_.node("DequantizeLinear", {weights, weights + "_scale", weights + "_zero_point"},
                {weights + "_float"}, weights + "/DQ");
    if (per_channel_) model_.with("axis", std::int64_t{gemm ? 0 : 1});
    bias(dense, from, columns);
    const std::string out = layer_ + "/out";
    if (gemm) {
      model_.node("Gemm", {from.floats, weights + "_float", layer_ + ".bias_float"}, {out}, layer_);
      model_.with("transB", std::int64_t{1});
      return out;
    }
    model_.node("MatMul", {from.floats, weights + "_float"}, {layer_ + "/product"},
                layer_ + "/MatMul");
    model_.node("Add", {layer_ + "/product", layer_ + ".bias_float"}, {out}, layer_ + "/Add");
    return out;
  }

  void bias(const Dense& dense, const Tensor& from, const std::vector<Codes>& columns) {
    const std::string name = layer_ + ".bias";
    std::vector<float> scales;
    for (const Codes& codes : columns) scales.push_back(from.codes.scale * codes.scale);
    const Shape shape = {dense.outputs};
    model_.ints(name, shape, bias_integers(dense, from.codes.scale, columns),
                onnx::TensorProto::INT32);
    model_.floats(name + "_scale", shape, scales);
    model_.node("DequantizeLinear", {name, name + "_scale"}, {name + "_float"}, name + "/DQ");
    model_.with("axis", std::int64_t{0});
  }
};

class Qop : public Ort {
 public:
  using Ort::Ort;

  ModelBuilder run() {
    model_.input("x", {rng_.below(2) == 0 ? kUnknown : 1, recipe_.inputs});
    Tensor input{activation(0, false), "x_quantized", {}};
    parameters(input.integers, input.codes);
    model_.node("QuantizeLinear", {"x", "x_quantized_scale", "x_quantized_zero_point"},
                {"x_quantized"}, "x_Quantize");
    tensors_ = {input};
    for (std::size_t i = 0; i < recipe_.steps.size(); ++i) {
      layer_ = "/node" + std::to_string(i);
      tensors_.push_back(tensor(recipe_.steps[i], static_cast<int>(i) + 1));
    }
    model_.node("DequantizeLinear", operand(tensors_.back()), {"y"}, "y_Dequantize").output("y");
    return std::move(model_);
  }

 private:
  static std::vector<std::string> operand(const Tensor& tensor) {
    return {tensor.integers, tensor.integers + "_scale", tensor.integers + "_zero_point"};
  }
  static std::vector<std::string> joined(std::vector<std::string> a,
                                         const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  Tensor tensor(const Step& step, int v) {
    const Tensor& a = tensors_[static_cast<std::size_t>(step.a)];
    const Tensor& b = tensors_[static_cast<std::size_t>(step.b)];
    if (step.kind == Step::Kind::kHalf) return half(a, recipe_.width(step.a), step.b);
    Tensor out{activation(v, step.relu), layer_ + "_quantized", {}};
    parameters(out.integers, out.codes);
    const std::vector<std::string> format = {out.integers + "_scale", out.integers + "_zero_point"};
    if (step.kind == Step::Kind::kDense) dense(step.dense, a, out, format);
    if (step.kind == Step::Kind::kAdd)
      model_.node("QLinearAdd", joined(joined(operand(a), operand(b)), format), {out.integers},
                  layer_, kMicrosoft);
    if (step.kind == Step::Kind::kConcat)
      model_
          .node("QLinearConcat", joined(format, joined(operand(a), operand(b))), {out.integers},
                layer_, kMicrosoft)
          .with("axis", std::int64_t{1});
    return out;
  }

  // Integers are sliced as they are.
  Tensor half(const Tensor& from, std::int64_t width, int which) {
    Tensor out{from.codes, layer_ + "_quantized", {}};
    parameters(out.integers, out.codes);
    model_.longs(layer_ + "/from", {1}, {which == 0 ? 0 : width / 2});
    model_.longs(layer_ + "/to", {1}, {which == 0 ? width / 2 : width});
    model_.longs(layer_ + "/axes", {1}, {1});
    model_.node("Slice", {from.integers, layer_ + "/from", layer_ + "/to", layer_ + "/axes"},
                {out.integers}, layer_);
    return out;
  }

  // QGemm with the bias, or QLinearMatMul without.
  void dense(const Dense& dense, const Tensor& from, const Tensor& out,
             const std::vector<std::string>& format) {
    const bool gemm = rng_.below(3) != 0;
    const std::vector<Codes> columns = weight_columns(dense);
    const std::string weights = layer_ + ".weight_quantized";
    weight_integers(weights, dense, columns, gemm);
    column_parameters(weights, columns);
    std::vector<std::string> inputs =
        joined(operand(from), {weights, weights + "_scale", weights + "_zero_point"});
    if (!gemm) {
      model_.node("QLinearMatMul", joined(inputs, format), {out.integers}, layer_);
      return;
    }
    const std::string bias = layer_ + ".bias_quantized";
    model_.ints(bias, {dense.outputs}, bias_integers(dense, from.codes.scale, columns),
                onnx::TensorProto::INT32);
    inputs.push_back(bias);
    model_.node("QGemm", joined(inputs, format), {out.integers}, layer_, kMicrosoft);
    model_.with("alpha", 1.0F).with("transA", std::int64_t{0}).with("transB", std::int64_t{1});
  }
};

void write_with_qdq(Written& written, base::Rng& rng) {
  Qdq writer(written, rng);
  written.model = writer.run();
  written.result = writer.result();
}

}  // namespace

void write_qdq(Written& written, base::Rng& rng) { write_with_qdq(written, rng); }

void write_brevitas(Written& written, base::Rng& rng) { write_with_qdq(written, rng); }

void write_qop(Written& written, base::Rng& rng) {
  written.model = Qop(written, rng).run();
  written.result = "y";
}

}  // namespace dialects
