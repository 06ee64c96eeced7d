// Random networks of convolutions, pools and moves of maps, as exporters write them.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "nn/model_builder.hpp"

namespace dialects {

using nn::Shape;
using nn::testing::ModelBuilder;
using Ints = std::vector<std::int64_t>;
using Floats = std::vector<float>;

/// Floats, or quantisers of powers of two in three dialects.
enum class Style { kFloat, kQdq, kQonnx, kQop };
inline constexpr int kStyles = 4;

/// A value of the model: maps, and in quantised styles their codes' step.
struct Maps {
  std::string name;   // real values
  std::string codes;  // kQop
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
};

/// Writes one random model.
class MapsWriter {
 public:
  MapsWriter(Style style, std::uint64_t seed) : style_(style), rng_(seed) {}

  ModelBuilder run() {
    Maps at{"x", "", pick(1, 4), pick(6, 10), pick(6, 10)};
    if (rng_.below(3) == 0)
      channels_last_input(at);
    else
      model_.input("x", {nn::kUnknown, at.channels, at.height, at.width});
    if (style_ != Style::kFloat) at = quantised(at);
    for (std::int64_t block = pick(1, 3); block > 0; --block) {
      if (rng_.below(3) == 0) at = seen(at);
      at = one_of_blocks(at);
    }
    result_ = dense(flattened(rng_.below(2) == 0 ? moved(at) : global(at)));
    model_.output(result_);
    return std::move(model_);
  }

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) { return rng_.between(low, high); }
  std::string fresh(const std::string& kind) { return kind + std::to_string(++count_); }
  std::string node(const std::string& op, const std::vector<std::string>& inputs) {
    const std::string name = fresh(op);
    model_.node(op, inputs, {name + "_out"}, name);
    return name + "_out";
  }

  void channels_last_input(Maps& at) {
    model_.input("x", {nn::kUnknown, at.height, at.width, at.channels});
    at.name = node("Transpose", {"x"});
    model_.with("perm", Ints{0, 3, 1, 2});
  }

  Maps one_of_blocks(const Maps& from) {
    switch (rng_.below(5)) {
      case 0:
        return pooled(conv(from, pick(1, 5), true));
      case 1: {
        const Maps inner = conv(conv(from, from.channels, true, true), from.channels, false, true);
        return joined(rng_.below(2) == 0 ? "Add" : "Sum", from, inner);
      }
      case 2:
        return joined("Concat", conv(from, pick(1, 3), true, true),
                      conv(from, pick(1, 3), true, true));
      case 3: {
        if (from.height % 2 != 0 || from.width % 2 != 0) return conv(from, 2, true, true);
        const Maps small = conv(sliced(from, {0, 0}, {0, 0}, 2), from.channels, true, true);
        return joined(rng_.below(2) == 0 ? "Add" : "Concat", from, resized(small, 2, 2));
      }
      default:
        return conv(from, from.channels * pick(1, 2), true, false, from.channels);
    }
  }

  // Weights that are whole steps of 1/16, and per channel.
  std::string weights(const Shape& shape) {
    const std::string name = fresh("w");
    const auto count = static_cast<std::size_t>(nn::element_count(shape));
    if (style_ == Style::kFloat) {
      Floats values;
      for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(rng_.uniform() - 0.5));
      model_.floats(name, shape, values);
      return name;
    }
    Floats scales;
    for (std::int64_t i = 0; i < shape[0]; ++i) scales.push_back(rng_.below(2) ? 0.0625F : 0.125F);
    std::vector<int> codes;
    for (std::size_t i = 0; i < count; ++i) codes.push_back(static_cast<int>(pick(-7, 7)));
    if (style_ == Style::kQonnx) {
      Floats values;
      const std::size_t part = count / scales.size();
      for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(codes[i]) * scales[i / part]);
      Shape spread(shape.size(), 1);
      spread[0] = shape[0];
      model_.floats(name, shape, values).floats(name + "_s", spread, scales);
      return quant_node(name, name + "_s", 4, true);
    }
    scales_ = scales;
    model_.ints(name + "_q", shape, codes, onnx::TensorProto::INT8);
    model_.floats(name + "_s", {shape[0]}, scales);
    model_.ints(name + "_z", {shape[0]}, std::vector<int>(scales.size(), 0),
                onnx::TensorProto::INT8);
    if (style_ == Style::kQop && shape.size() == 4) return name;
    const std::string real = node("DequantizeLinear", {name + "_q", name + "_s", name + "_z"});
    model_.with("axis", std::int64_t{0});
    return real;
  }

  std::string quant_node(const std::string& from, const std::string& scale, int bits,
                         bool is_signed) {
    const std::string name = fresh("Quant");
    model_.floats(name + "_z", {}, {0}).floats(name + "_b", {}, {static_cast<float>(bits)});
    model_.node("Quant", {from, scale, name + "_z", name + "_b"}, {name + "_out"}, name,
                "qonnx.custom_op.general");
    model_.with("signed", std::int64_t{is_signed}).with("narrow", std::int64_t{0});
    model_.with("rounding_mode", std::string("ROUND"));
    return name + "_out";
  }

  // The value in steps of 1/16.
  Maps quantised(Maps maps) {
    if (style_ == Style::kFloat) return maps;
    const std::string name = fresh("format");
    model_.floats(name + "_s", {}, {0.0625F});
    if (style_ == Style::kQonnx) {
      maps.name = quant_node(maps.name, name + "_s", 8, true);
      return maps;
    }
    model_.ints(name + "_z", {}, {0}, onnx::TensorProto::INT8);
    maps.codes = node("QuantizeLinear", {maps.name, name + "_s", name + "_z"});
    maps.name = node("DequantizeLinear", {maps.codes, name + "_s", name + "_z"});
    return maps;
  }

  Floats biases(std::int64_t count) {
    Floats values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<float>(pick(-16, 16)) / 16);
    return values;
  }

  // A kernel that leaves at least one window; of unchanged extents if `same`.
  Maps conv(const Maps& from, std::int64_t outputs, bool relu, bool same = false,
            std::int64_t groups = 1) {
    const std::int64_t ky =
        same ? 2 * pick(0, 1) + 1 : pick(1, std::min<std::int64_t>(4, from.height));
    const std::int64_t kx =
        same ? 2 * pick(0, 1) + 1 : pick(1, std::min<std::int64_t>(4, from.width));
    const bool wide = !same && from.height > 2 * ky && from.width > 2 * kx && rng_.below(3) == 0;
    const std::int64_t step = wide ? 2 : 1;
    const Ints pads = same ? Ints{ky / 2, kx / 2, ky / 2, kx / 2}
                           : Ints{pick(0, 2), pick(0, 1), pick(0, 1), pick(0, 2)};
    Maps to = from;
    to.channels = outputs;
    const std::int64_t stride = same ? 1 : pick(1, 2);
    to.height = (from.height + pads[0] + pads[2] - step * (ky - 1) - 1) / stride + 1;
    to.width = (from.width + pads[1] + pads[3] - step * (kx - 1) - 1) / stride + 1;
    const std::string w = weights({outputs, from.channels / groups, ky, kx});
    const Floats bias = biases(outputs);
    const bool apart = rng_.below(3) == 0;
    const Maps source = apart ? padded(from, pads) : from;
    const bool sums = style_ == Style::kQop && relu && rng_.below(2) == 0;
    if (style_ == Style::kQop && !relu)
      to = qlinear(source, to, w, bias);
    else if (sums)
      to.name = node("ConvInteger", {source.codes, w + "_q"});
    else
      to.name = node("Conv", {source.name, plain(w), bias_named(bias)});
    model_.with("group", groups).with("strides", Ints{stride, stride});
    model_.with("pads", apart ? Ints(4, 0) : pads).with("dilations", Ints{step, step});
    if (style_ == Style::kQop && !relu) return dequantised(to);
    if (sums) to.name = scaled(to, bias);
    if (style_ == Style::kFloat && rng_.below(2) == 0) to.name = batch_norm(to);
    if (rng_.below(3) == 0) to.name = by_channel(to);
    if (relu) to.name = node("Relu", {to.name});
    return quantised(to);
  }

  // Zeros around maps, of codes where they are to be read.
  Maps padded(const Maps& from, const Ints& pads) {
    const std::string name = fresh("pads");
    Maps to = from;
    model_.longs(name, {8}, {0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]});
    to.name = node("Pad", {from.name, name});
    if (style_ == Style::kQop) to.codes = node("Pad", {from.codes, name});
    return to;
  }

  // Sums of codes as the values that they stand for, and a bias.
  std::string scaled(const Maps& sums, const Floats& bias) {
    const std::string name = fresh("scale");
    Floats steps;
    for (const float scale : scales_) steps.push_back(0.0625F * scale);
    const Shape shape = {sums.channels, 1, 1};
    model_.floats(name, shape, steps).floats(name + "_b", shape, bias);
    const std::string real = node("Cast", {sums.name});
    model_.with("to", std::int64_t{1});
    return node("Add", {node("Mul", {real, name}), name + "_b"});
  }

  // A constant a channel, of either side where the op lets it be.
  std::string by_channel(const Maps& maps) {
    const std::string name = fresh("factor");
    Floats values;
    for (std::int64_t c = 0; c < maps.channels; ++c) values.push_back(rng_.below(2) ? 0.5F : 2.0F);
    model_.floats(name, {maps.channels, 1, 1}, values);
    switch (rng_.below(4)) {
      case 0:
        return node("Mul", {name, maps.name});
      case 1:
        return node("Div", {maps.name, name});
      case 2:
        return node("Sub", {maps.name, name});
      default:
        return node("Sub", {name, maps.name});
    }
  }

  // A node that moves elements, and in kQop those of the codes alike; `set` gives it its
  // attributes.
  template <class F>
  Maps move(const std::string& op, Maps maps, const std::vector<std::string>& constants, F&& set) {
    const auto on = [&](const std::string& name) {
      std::vector<std::string> inputs{name};
      inputs.insert(inputs.end(), constants.begin(), constants.end());
      const std::string made = node(op, inputs);
      set();
      return made;
    };
    maps.name = on(maps.name);
    if (!maps.codes.empty()) maps.codes = on(maps.codes);
    return maps;
  }

  Maps resized(const Maps& from, std::int64_t y, std::int64_t x) {
    const std::string name = fresh("scales");
    model_.floats(name, {4}, {1, 1, static_cast<float>(y), static_cast<float>(x)});
    Maps to = move("Resize", from, {"", name}, [] {});
    to.height *= y;
    to.width *= x;
    return to;
  }

  // Without the first and last lines, every `step`th of the others.
  Maps sliced(const Maps& from, const Ints& begin, const Ints& end, std::int64_t step) {
    const std::string name = fresh("slice");
    model_.longs(name + "_b", {2}, begin).longs(name + "_a", {2}, {2, 3});
    model_.longs(name + "_e", {2}, {from.height - end[0], from.width - end[1]});
    model_.longs(name + "_s", {2}, {step, step});
    Maps to = move("Slice", from, {name + "_b", name + "_e", name + "_a", name + "_s"}, [] {});
    to.height = (from.height - begin[0] - end[0] + step - 1) / step;
    to.width = (from.width - begin[1] - end[1] + step - 1) / step;
    return to;
  }

  Maps dealt(const Maps& from) {
    const std::string mode = rng_.below(2) == 0 ? "CRD" : "DCR";
    Maps to = move("DepthToSpace", from, {},
                   [&] { model_.with("blocksize", std::int64_t{2}).with("mode", mode); });
    to.channels /= 4;
    to.height *= 2;
    to.width *= 2;
    return to;
  }

  Maps gathered(const Maps& from) {
    Maps to = move("SpaceToDepth", from, {}, [&] { model_.with("blocksize", std::int64_t{2}); });
    to.channels *= 4;
    to.height /= 2;
    to.width /= 2;
    return to;
  }

  // Moves that whoever walks over the maps behind them sees.
  Maps seen(const Maps& from) {
    switch (rng_.below(5)) {
      case 0:
        return resized(from, pick(1, 3), pick(1, 2));
      case 1:
        return from.channels % 4 == 0 ? dealt(from) : seen(from);
      case 2:
        return from.height % 2 != 0 || from.width % 2 != 0 ? seen(from) : gathered(from);
      case 3: {
        const Ints pads{pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)};
        Maps to = padded(from, pads);
        to.height += pads[0] + pads[2];
        to.width += pads[1] + pads[3];
        return to;
      }
      default:
        if (from.height < 5 || from.width < 5) return from;
        return sliced(from, {pick(0, 1), pick(0, 2)}, {pick(0, 2), pick(0, 1)}, pick(1, 2));
    }
  }

  // Moves that a product behind them undoes: blocks of positions, copies, channels last.
  Maps moved(const Maps& from) {
    Maps to = from;
    switch (rng_.below(5)) {
      case 0:
        if (from.height % 2 != 0 || from.width % 2 != 0) return moved(from);
        to = {node("SpaceToDepth", {from.name}), "", 4 * to.channels, to.height / 2, to.width / 2};
        model_.with("blocksize", std::int64_t{2});
        return to;
      case 1:
        if (from.channels % 4 != 0) return moved(from);
        to = {node("DepthToSpace", {from.name}), "", to.channels / 4, 2 * to.height, 2 * to.width};
        model_.with("blocksize", std::int64_t{2}).with("mode", std::string("CRD"));
        return to;
      case 2: {
        const std::string name = fresh("scales");
        model_.floats(name, {4}, {1, 1, 2, 0.5F});
        to = {node("Resize", {from.name, "", name}), "", to.channels, 2 * to.height, to.width / 2};
        return to.width == 0 ? from : to;
      }
      case 3:
        to.name = node("Transpose", {from.name});
        model_.with("perm", Ints{0, 2, 3, 1});
        return to;
      default:
        return to;
    }
  }

  // Of kQop's weights, which are codes.
  std::string plain(const std::string& w) {
    if (style_ != Style::kQop) return w;
    const std::string real = node("DequantizeLinear", {w + "_q", w + "_s", w + "_z"});
    model_.with("axis", std::int64_t{0});
    return real;
  }

  std::string bias_named(const Floats& bias) {
    const std::string name = fresh("b");
    model_.floats(name, {static_cast<std::int64_t>(bias.size())}, bias);
    return name;
  }

  Maps qlinear(const Maps& from, Maps to, const std::string& w, const Floats& bias) {
    const std::string name = fresh("QLinearConv");
    std::vector<int> codes;
    for (std::size_t i = 0; i < bias.size(); ++i)
      codes.push_back(static_cast<int>(std::lround(bias[i] / (0.0625F * scales_[i]))));
    model_.ints(name + "_b", {static_cast<std::int64_t>(codes.size())}, codes,
                onnx::TensorProto::INT32);
    model_.floats(name + "_s", {}, {0.0625F}).ints(name + "_z", {}, {0}, onnx::TensorProto::INT8);
    model_.node("QLinearConv",
                {from.codes, name + "_s", name + "_z", w + "_q", w + "_s", w + "_z", name + "_s",
                 name + "_z", name + "_b"},
                {name + "_out"}, name);
    to.codes = name + "_out";
    to.name = name;
    return to;
  }
  // Of codes, with the format that all have.
  Maps qlinear_mean(const std::string& op, const Maps& from) {
    Maps to = from;
    to.name = fresh(op);
    to.codes = to.name + "_out";
    model_.floats(to.name + "_s", {}, {0.0625F})
        .ints(to.name + "_z", {}, {0}, onnx::TensorProto::INT8);
    model_.node(op, {from.codes, to.name + "_s", to.name + "_z", to.name + "_s", to.name + "_z"},
                {to.codes}, to.name, "com.microsoft");
    return to;
  }
  Maps dequantised(Maps maps) {
    maps.name = node("DequantizeLinear", {maps.codes, maps.name + "_s", maps.name + "_z"});
    return maps;
  }

  std::string batch_norm(const Maps& maps) {
    const std::string name = fresh("bn");
    const Shape shape = {maps.channels};
    const auto count = static_cast<std::size_t>(maps.channels);
    model_.floats(name + "_g", shape, Floats(count, 0.75F))
        .floats(name + "_o", shape, biases(maps.channels));
    model_.floats(name + "_m", shape, biases(maps.channels))
        .floats(name + "_v", shape, Floats(count, 0.5F));
    return node("BatchNormalization",
                {maps.name, name + "_g", name + "_o", name + "_m", name + "_v"});
  }

  Maps pooled(const Maps& from) {
    Maps to = from;
    if (from.height < 2 || from.width < 2) return to;
    const bool mean = rng_.below(2) == 0;
    if (mean && style_ == Style::kQop) {
      to = qlinear_mean("QLinearAveragePool", from);
      model_.with("kernel_shape", Ints{2, 2}).with("strides", Ints{2, 1});
      to.height = from.height / 2;
      to.width = from.width - 1;
      return dequantised(to);
    }
    to.name = node(mean ? "AveragePool" : "MaxPool", {from.name});
    model_.with("kernel_shape", Ints{2, 2}).with("strides", Ints{2, 1});
    const bool ceil = !mean && rng_.below(2) == 0;
    model_.with("ceil_mode", std::int64_t{ceil});
    to.height = ceil ? (from.height + 1) / 2 : from.height / 2;
    to.width = from.width - 1;
    return quantised(to);
  }

  Maps joined(const std::string& op, const Maps& a, const Maps& b) {
    Maps to = a;
    to.name = node(op, {a.name, b.name});
    if (op == "Concat") model_.with("axis", std::int64_t{1});
    if (op == "Concat") to.channels += b.channels;
    return quantised(to);
  }

  Maps global(const Maps& from) {
    Maps to{from.name, "", from.channels, 1, 1};
    if (style_ == Style::kQop && rng_.below(2) == 0) {
      to = qlinear_mean("QLinearGlobalAveragePool", from);
      to.height = to.width = 1;
      return dequantised(to);
    }
    const std::uint64_t way = rng_.below(4);
    to.name = node(way == 0   ? "GlobalMaxPool"
                   : way == 1 ? "GlobalAveragePool"
                   : way == 2 ? "ReduceMean"
                              : "ReduceMax",
                   {from.name});
    if (way >= 2) model_.with("axes", Ints{2, 3});
    return quantised(to);
  }

  Maps flattened(Maps maps) {
    maps.name = node("Flatten", {maps.name});
    maps.channels *= maps.height * maps.width;
    return maps;
  }

  std::string dense(const Maps& from) {
    const std::string w = weights({3, from.channels});
    const std::string y = node("Gemm", {from.name, w, bias_named(biases(3))});
    model_.with("transB", std::int64_t{1});
    return quantised({y, "", 3, 1, 1}).name;
  }

  Style style_;
  base::Rng rng_;
  ModelBuilder model_{13};
  int count_ = 0;
  std::string result_;
  Floats scales_;  // of the last weights
};

}  // namespace dialects
