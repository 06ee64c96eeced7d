// How PyTorch, Keras (through tf2onnx) and scikit-learn (through skl2onnx) write float networks.
#include <cmath>

#include "dialects/writer.hpp"

namespace dialects {

namespace {

using nn::kUnknown;
using nn::Shape;
using nn::testing::ModelBuilder;
using Ints = std::vector<std::int64_t>;

// ---- PyTorch ------------------------------------------------------------------------------------

class Torch {
 public:
  Torch(Written& written, base::Rng& rng)
      : recipe_(written.recipe), rng_(rng), opset_(Ints{9, 11, 13, 17}[rng.below(4)]) {
    model_ = ModelBuilder(opset_);
  }

  ModelBuilder run() {
    names_ = {flattened()};
    for (std::size_t i = 0; i < recipe_.steps.size(); ++i) {
      const Step& step = recipe_.steps[i];
      layer_ = "/layers/layers." + std::to_string(i);
      std::string name = value(step);
      if (step.relu) name = node("Relu", {name}, "/act");
      if (rng_.below(6) == 0) name = node("Dropout", {name}, "/drop");
      names_.push_back(name);
    }
    model_.node("Identity", {names_.back()}, {"output"}, "/Identity").output("output");
    return std::move(model_);
  }

 private:
  // The input as a matrix: itself, or an image by one of the ways to write x.view(x.size(0), -1).
  std::string flattened() {
    const std::int64_t batch = rng_.below(2) == 0 ? kUnknown : 1;
    const std::uint64_t way = rng_.below(3);
    if (way == 0) {
      model_.input("input", {batch, recipe_.inputs});
      return "input";
    }
    model_.input("input", {batch, 1, 2, recipe_.inputs / 2});
    layer_ = "";
    return way == 1 ? node("Flatten", {"input"}, "") : view();
  }

  std::string view() {
    model_.longs("/Constant", {}, {0}).longs("/rest", {1}, {-1});
    const std::string shape = node("Shape", {"input"}, "");
    std::string batch = node("Gather", {shape, "/Constant"}, "");
    model_.with("axis", std::int64_t{0});
    if (opset_ < 13) {
      batch = node("Unsqueeze", {batch}, "");
      model_.with("axes", Ints{0});
    } else {
      model_.longs("/axes", {1}, {0});
      batch = node("Unsqueeze", {batch, "/axes"}, "");
    }
    const std::string target = node("Concat", {batch, "/rest"}, "");
    model_.with("axis", std::int64_t{0});
    return node("Reshape", {"input", target}, "");
  }

  std::string value(const Step& step) {
    const std::string& a = names_[static_cast<std::size_t>(step.a)];
    const std::string& b = names_[static_cast<std::size_t>(step.b)];
    switch (step.kind) {
      case Step::Kind::kDense:
        return dense(step.dense, a);
      case Step::Kind::kAdd:
        return node("Add", {a, b}, "");
      case Step::Kind::kConcat: {
        const std::string name = node("Concat", {a, b}, "");
        model_.with("axis", std::int64_t{rng_.below(2) == 0 ? 1 : -1});
        return name;
      }
      case Step::Kind::kHalf:
        return half(a, recipe_.width(step.a), step.b);
    }
    return {};
  }

  std::string dense(const Dense& dense, const std::string& from) {
    model_.floats(layer_ + ".weight", {dense.outputs, dense.inputs}, transposed(dense));
    model_.floats(layer_ + ".bias", {dense.outputs}, dense.bias);
    const std::string name = node("Gemm", {from, layer_ + ".weight", layer_ + ".bias"}, "");
    model_.with("alpha", 1.0F).with("beta", 1.0F).with("transB", std::int64_t{1});
    return name;
  }

  // x[:, :n] or x[:, n:].
  std::string half(const std::string& from, std::int64_t width, int which) {
    const std::int64_t start = which == 0 ? 0 : width / 2;
    const std::int64_t end = which == 0 ? width / 2 : std::int64_t{0x7fffffffffffffff};
    if (opset_ < 10) {
      const std::string name = node("Slice", {from}, "");
      model_.with("axes", Ints{1}).with("starts", Ints{start}).with("ends", Ints{end});
      return name;
    }
    model_.longs(layer_ + "/starts", {1}, {start}).longs(layer_ + "/ends", {1}, {end});
    model_.longs(layer_ + "/axes", {1}, {1});
    return node("Slice", {from, layer_ + "/starts", layer_ + "/ends", layer_ + "/axes"}, "");
  }

  std::string node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::string& inner) {
    const std::string name = layer_ + inner + "/" + op;
    model_.node(op, inputs, {name + "_output_0"}, name);
    return name + "_output_0";
  }

  const Recipe& recipe_;
  base::Rng& rng_;
  std::int64_t opset_;
  ModelBuilder model_;
  std::string layer_;
  std::vector<std::string> names_;
};

// ---- Keras --------------------------------------------------------------------------------------

class Keras {
 public:
  Keras(Written& written, base::Rng& rng) : recipe_(written.recipe), rng_(rng), model_(13) {}

  ModelBuilder run() {
    names_ = {flattened()};
    for (std::size_t i = 0; i < recipe_.steps.size(); ++i) {
      layer_ = "model/dense_" + std::to_string(i);
      std::string name = value(recipe_.steps[i]);
      if (recipe_.steps[i].relu && rng_.below(3) == 0) name = batch_norm(name, "before");
      if (recipe_.steps[i].relu) name = node("Relu", {name}, "Relu");
      if (recipe_.steps[i].relu && rng_.below(4) == 0) name = batch_norm(name, "behind");
      names_.push_back(name);
    }
    const bool classifies = rng_.below(3) == 0;
    model_.output(classifies ? node("Softmax", {result()}, "Softmax") : result());
    return std::move(model_);
  }
  const std::string& result() const { return names_.back(); }

 private:
  std::string flattened() {
    if (rng_.below(2) == 0) {
      model_.input("input_1:0", {kUnknown, recipe_.inputs});
      return "input_1:0";
    }
    model_.input("input_1:0", {kUnknown, 2, recipe_.inputs / 2});
    layer_ = "model/flatten";
    model_.longs("const_from", {1}, {0}).longs("const_to", {1}, {1}).longs("const_axes", {1}, {0});
    model_.ints("const_rest", {1}, {recipe_.inputs}, onnx::TensorProto::INT32);
    const std::string shape = node("Shape", {"input_1:0"}, "Shape");
    std::string batch = cast(node("Slice", {shape, "const_from", "const_to"}, "strided_slice"), 6);
    batch = node("Squeeze", {batch, "const_axes"}, "strided_slice_1");
    batch = node("Unsqueeze", {batch, "const_axes"}, "packed_Unsqueeze");
    const std::string target = node("Concat", {batch, "const_rest"}, "packed_Concat");
    model_.with("axis", std::int64_t{0});
    return node("Reshape", {"input_1:0", cast(target, 7)}, "Reshape");
  }

  std::string cast(const std::string& from, std::int64_t type) {
    const std::string name = node("Cast", {from}, "Cast_" + std::to_string(type));
    model_.with("to", type);
    return name;
  }

  std::string value(const Step& step) {
    const std::string& a = names_[static_cast<std::size_t>(step.a)];
    const std::string& b = names_[static_cast<std::size_t>(step.b)];
    switch (step.kind) {
      case Step::Kind::kDense:
        return dense(step.dense, a);
      case Step::Kind::kAdd:
        return node("Add", {a, b}, "add");
      case Step::Kind::kConcat: {
        const std::string name = node("Concat", {a, b}, "concat");
        model_.with("axis", std::int64_t{1});
        return name;
      }
      case Step::Kind::kHalf:
        return half(a, recipe_.width(step.a), step.b);
    }
    return {};
  }

  // Of the value that is being made.
  std::string batch_norm(const std::string& from, const std::string& where) {
    const std::string name = layer_ + "/batch_normalization_" + where;
    const int width = recipe_.width(static_cast<int>(names_.size()));
    std::vector<std::string> inputs = {from};
    for (const char* parameter : {"gamma", "beta", "moving_mean", "moving_variance"}) {
      std::vector<float> values;
      const bool around_one = std::string(parameter) == "gamma" || inputs.size() == 4;
      for (int i = 0; i < width; ++i)
        values.push_back(static_cast<float>((around_one ? 0.6 : -0.4) + 0.8 * rng_.uniform()));
      inputs.push_back(name + "/" + parameter);
      model_.floats(inputs.back(), {width}, values);
    }
    return node("BatchNormalization", inputs, "batch_normalization_" + where);
  }

  // tf.split: both halves come out of one node, of which one is used.
  std::string half(const std::string& from, std::int64_t width, int which) {
    model_.longs(layer_ + "/parts", {2}, {width / 2, width - width / 2});
    const std::vector<std::string> outputs = {layer_ + "/split:0", layer_ + "/split:1"};
    model_.node("Split", {from, layer_ + "/parts"}, outputs, layer_ + "/split");
    model_.with("axis", std::int64_t{1});
    return outputs[static_cast<std::size_t>(which)];
  }

  std::string dense(const Dense& dense, const std::string& from) {
    std::string weights = layer_ + "/MatMul/ReadVariableOp:0";
    if (rng_.below(3) == 0) {  // stored the other way round, and transposed in the graph
      model_.floats(layer_ + "/kernel", {dense.outputs, dense.inputs}, transposed(dense));
      weights = node("Transpose", {layer_ + "/kernel"}, "MatMul/transpose");
      model_.with("perm", Ints{1, 0});
    } else {
      model_.floats(weights, {dense.inputs, dense.outputs}, dense.weights);
    }
    model_.floats(layer_ + "/BiasAdd/ReadVariableOp:0", {dense.outputs}, dense.bias);
    const std::string product = node("MatMul", {from, weights}, "MatMul");
    return node("Add", {product, layer_ + "/BiasAdd/ReadVariableOp:0"}, "BiasAdd");
  }

  std::string node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::string& inner) {
    const std::string name = layer_ + "/" + inner;
    model_.node(op, inputs, {name + ":0"}, name);
    return name + ":0";
  }

  const Recipe& recipe_;
  base::Rng& rng_;
  ModelBuilder model_;
  std::string layer_;
  std::vector<std::string> names_;
};

}  // namespace

void write_torch(Written& written, base::Rng& rng) {
  written.model = Torch(written, rng).run();
  written.result = "output";
}

void write_keras(Written& written, base::Rng& rng) {
  Keras keras(written, rng);
  written.model = keras.run();
  written.result = keras.result();
}

// MLPClassifier behind a StandardScaler: a chain, with the scaler in the graph.
void write_sklearn(Written& written, base::Rng& rng) {
  const Recipe& recipe = written.recipe;
  ModelBuilder model(15);
  model.input("X", {kUnknown, recipe.inputs});
  std::vector<float> means, deviations;
  for (int i = 0; i < recipe.inputs; ++i) {
    means.push_back(static_cast<float>(0.2 * rng.normal()));
    deviations.push_back(static_cast<float>(0.5 + rng.uniform()));
  }
  model.floats("mean", {recipe.inputs}, means).floats("scale", {recipe.inputs}, deviations);
  model.node("Sub", {"X", "mean"}, {"centred"}, "Sub");
  model.node("Div", {"centred", "scale"}, {"variable"}, "Div");
  model.node("Cast", {"variable"}, {"cast_input"}, "Cast").with("to", std::int64_t{1});
  std::string at = "cast_input";
  for (std::size_t i = 0; i < recipe.steps.size(); ++i) {
    const Dense& dense = recipe.steps[i].dense;
    const std::string n = std::to_string(i);
    model.floats("coefficient" + n, {dense.inputs, dense.outputs}, dense.weights);
    model.floats("intercepts" + n, {1, dense.outputs}, dense.bias);
    model.node("MatMul", {at, "coefficient" + n}, {"mul_result" + n}, "MatMul" + n);
    at = "add_result" + n;
    model.node("Add", {"mul_result" + n, "intercepts" + n}, {at}, "Add" + n);
    if (!recipe.steps[i].relu) continue;
    model.node("Relu", {at}, {"next_activations" + n}, "Relu" + n);
    at = "next_activations" + n;
  }
  written.result = at;
  const std::uint64_t end = rng.below(3);
  if (end == 0) model.node("Softmax", {at}, {"y"}, "Softmax").with("axis", std::int64_t{1});
  if (end == 1) model.node("ArgMax", {at}, {"y"}, "ArgMax").with("axis", std::int64_t{1});
  written.model = std::move(model.output(end < 2 ? "y" : at));
}

}  // namespace dialects
