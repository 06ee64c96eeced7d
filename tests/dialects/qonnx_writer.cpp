// How Brevitas and others write QONNX: Quant and BipolarQuant nodes on floats.
#include <cmath>

#include "dialects/writer.hpp"

namespace dialects {

namespace {

using nn::kUnknown;
using nn::Shape;
using nn::testing::ModelBuilder;

class Qonnx {
 public:
  Qonnx(Written& written, base::Rng& rng) : recipe_(written.recipe), rng_(rng) {
    base::Rng samples(7);
    peaks_ = peaks(recipe_, random_samples(64, recipe_.inputs, samples));
    written.quantised = true;
    powers_of_two_ = written.powers_of_two = rng.below(3) != 0;
    domain_ = rng.below(2) == 0 ? "qonnx.custom_op.general" : "onnx.brevitas";
    quant_ = rng.below(4) == 0 ? "IntQuant" : "Quant";
    bipolar_weights_ = rng.below(5) == 0;
  }

  ModelBuilder run() {
    model_.input("global_in", {rng_.below(2) == 0 ? kUnknown : 1, recipe_.inputs});
    names_ = {quantised("global_in", 0, false)};
    for (std::size_t i = 0; i < recipe_.steps.size(); ++i) {
      layer_ = "layer" + std::to_string(i);
      const Step& step = recipe_.steps[i];
      std::string name = value(step);
      if (step.kind == Step::Kind::kHalf) {  // keeps the format that it has
        names_.push_back(name);
        continue;
      }
      if (step.relu) {
        model_.node("Relu", {name}, {layer_ + "_relu"}, layer_ + "/Relu");
        name = layer_ + "_relu";
      }
      names_.push_back(quantised(name, static_cast<int>(i) + 1, step.relu));
    }
    model_.output(result());
    return std::move(model_);
  }
  const std::string& result() const { return names_.back(); }

 private:
  std::string quant(const std::string& from, const Codes& codes, const Shape& shape,
                    const std::vector<float>& scales) {
    const std::string name = from + "_quant";
    model_.floats(name + "_scale", shape, scales).floats(name + "_zeropt", {}, {0});
    model_.floats(name + "_bitwidth", {}, {static_cast<float>(codes.bits)});
    model_.node(quant_, {from, name + "_scale", name + "_zeropt", name + "_bitwidth"},
                {name + "_out"}, name, domain_);
    model_.with("signed", std::int64_t{codes.is_signed}).with("narrow", std::int64_t{codes.narrow});
    model_.with("rounding_mode", std::string("ROUND"));
    return name + "_out";
  }

  std::string quantised(const std::string& from, int v, bool relu) {
    Codes codes;
    codes.bits = static_cast<int>(rng_.between(2, 8));
    codes.is_signed = !relu;
    codes.narrow = !relu && rng_.below(2) == 0;
    codes.scale = scale_for(peaks_[static_cast<std::size_t>(v)], codes, powers_of_two_);
    return quant(from, codes, {}, {codes.scale});
  }

  std::string value(const Step& step) {
    const std::string& a = names_[static_cast<std::size_t>(step.a)];
    const std::string& b = names_[static_cast<std::size_t>(step.b)];
    const std::string out = layer_ + "_out0";
    switch (step.kind) {
      case Step::Kind::kDense:
        return dense(step.dense, a);
      case Step::Kind::kAdd:
        model_.node("Add", {a, b}, {out}, layer_ + "/Add");
        return out;
      case Step::Kind::kConcat:
        model_.node("Concat", {a, b}, {out}, layer_ + "/Concat").with("axis", std::int64_t{1});
        return out;
      case Step::Kind::kHalf:
        break;
    }
    const int width = recipe_.width(step.a);
    model_.longs(layer_ + "_parts", {2}, {width / 2, width - width / 2});
    const std::vector<std::string> halves = {layer_ + "_out0", layer_ + "_out1"};
    model_.node("Split", {a, layer_ + "_parts"}, halves, layer_ + "/Split");
    model_.with("axis", std::int64_t{1});
    return halves[static_cast<std::size_t>(step.b)];
  }

  // Weights stored outputs x inputs, quantised, transposed, and multiplied by MatMul; the bias in
  // whole units of the sum.
  std::string dense(const Dense& dense, const std::string& from) {
    const std::string weights = layer_ + ".weight";
    model_.floats(weights, {dense.outputs, dense.inputs}, transposed(dense));
    const std::string quantised =
        bipolar_weights_ ? bipolar(weights, dense) : weight_quant(weights, dense);
    model_.node("Transpose", {quantised}, {weights + "_t"}, layer_ + "/Transpose");
    model_.with("perm", std::vector<std::int64_t>{1, 0});
    model_.node("MatMul", {from, weights + "_t"}, {layer_ + "_product"}, layer_ + "/MatMul");
    std::vector<float> bias;  // coarse, so that every scale divides it
    for (const float value : dense.bias) bias.push_back(std::rint(value * 16) / 16);
    model_.floats(layer_ + ".bias", {dense.outputs}, bias);
    model_.node("Add", {layer_ + "_product", layer_ + ".bias"}, {layer_ + "_sum"}, layer_ + "/Add");
    return layer_ + "_sum";
  }

  std::string weight_quant(const std::string& weights, const Dense& dense) {
    Codes codes;
    codes.bits = static_cast<int>(rng_.between(2, 8));
    codes.narrow = rng_.below(2) == 0;
    if (rng_.below(2) == 0)
      return quant(weights, codes, {}, {scale_for(weight_peak(dense, -1), codes, powers_of_two_)});
    std::vector<float> scales;
    for (int c = 0; c < dense.outputs; ++c)
      scales.push_back(scale_for(weight_peak(dense, c), codes, powers_of_two_));
    return quant(weights, codes, {dense.outputs, 1}, scales);
  }

  std::string bipolar(const std::string& weights, const Dense& dense) {
    const double half = weight_peak(dense, -1) / 2;
    const float scale =
        static_cast<float>(powers_of_two_ ? std::exp2(std::rint(std::log2(half))) : half);
    model_.floats(weights + "_scale", {}, {scale});
    model_.node("BipolarQuant", {weights, weights + "_scale"}, {weights + "_bipolar"},
                weights + "/BipolarQuant", domain_);
    return weights + "_bipolar";
  }

  const Recipe& recipe_;
  base::Rng& rng_;
  std::vector<double> peaks_;
  bool powers_of_two_ = false;
  std::string domain_;
  std::string quant_;
  bool bipolar_weights_ = false;
  ModelBuilder model_{13};
  std::string layer_ = "global_in";
  std::vector<std::string> names_;
};

}  // namespace

void write_qonnx(Written& written, base::Rng& rng) {
  Qonnx writer(written, rng);
  written.model = writer.run();
  written.result = writer.result();
}

}  // namespace dialects
