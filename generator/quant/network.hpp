// The integer network: what the hardware computes, as a graph of rules over tensors of integers.
//
// A tensor holds integers q that stand for the real values scale * q, low <= q <= high. A signed
// one travels as a pair of unsigned lanes x+ and x- (at most one of them non-zero).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id_vector.hpp"
#include "quant/cell_layer.hpp"
#include "quant/sight.hpp"
#include "quant/tensor.hpp"

namespace quant {

/// One sample's values between layers.
struct Tensor {
  std::string name;  ///< of the graph's input, or of the layer that makes it
  Shape shape;
  Format format;
  std::vector<double> unit{};  ///< element e is worth unit[e] * scale * q; empty: all are 1

  int count() const { return shape.count(); }
};

/// `count` elements from `first` of what `sight` shows of `tensor`: all of it, as it is, unless its
/// maps are moved before they are read.
struct Source {
  TensorId tensor;
  int first = 0;
  int count = 0;
  Sight sight{};
  bool operator==(const Source&) const = default;
};

/// One matrix product with its requantisation. The inputs are concatenated maps, channel by
/// channel. Column c makes channel c of the output: of each window, with x what its taps meet (0 on
/// padding) and t = threshold[c],
///   S = bias[c] + sum_r weights(r, c) * x[r],  y = clip(round(S / t), low, high)
/// where round() is to nearest and low and high are those of the output's format. Columns and input
/// channels fall into as many equal groups; a column reads the channels of its own. Its rows are
/// taps times those channels: kernel row by row, channels fastest.
struct Product {
  std::vector<Source> inputs;  ///< concatenated
  Weights weights;  ///< rows x output channels, |w| < 2^(weight_bits - 1), or -2^(weight_bits - 1)
  WideVector bias;  ///< in units of the sum S
  WideVector threshold;  ///< > 0
  Rounding rounding = Rounding::kHalfUp;
  Window window{};
  int groups = 1;

  /// Columns that read the same rows' channels.
  int group_cols() const { return static_cast<int>(weights.cols()) / groups; }
};

/// The greatest element that each window of each channel meets; padding counts for nothing. All
/// inputs have codes of one meaning, which the output keeps.
struct Merge {
  std::vector<Source> inputs;  ///< concatenated
  Window window{};
};

/// A function of each element of one tensor, or of some channels of it, by its codes; none is
/// moved.
struct Table {
  std::vector<Source> inputs;        ///< one
  std::vector<std::int32_t> values;  ///< of the input's codes low .. high
  Window window{};                   ///< one tap, position by position
};

/// Recurrent cells that go along maps of one column or one row, step by step, from a state of
/// zeros: each window of one tap is a step. One window of all steps is the answer to the last. Or a
/// dense layer of words, which keeps nothing: of any maps, an answer a window, whose taps are rows
/// as those of a Product.
struct Recurrent {
  std::vector<Source> inputs;  ///< one, whole
  std::shared_ptr<const CellLayer> cells;
  Window window{};

  /// What the steps meet: positions, or windows of a dense layer that does not take all at once.
  Window walk() const {
    return cells->is_dense() && cells->taps == 1 ? window : Window{.map = window.map};
  }
};

/// How far what stands for a table is from it, over all codes, in steps of the output.
struct Fit {
  double most = 0.0;
  double rms = 0.0;
};

/// What computes a tensor.
using Rule = std::variant<Product, Merge, Table, Recurrent>;

/// A tensor and how it is computed.
struct Layer {
  std::string name;  ///< of the ONNX node
  TensorId output;   ///< which no other layer makes
  Rule rule;
  std::vector<double> weight_scale;  ///< real value of a weight step, a column
  double float_scale_error = 0.0;    ///< worst relative error of a threshold rounded to an integer
  bool is_exact = false;             ///< the model's own quantiser gives these codes, bit for bit
  /// Of a product of two signals, how far in steps of the output, where that does not end, it is at
  /// most from the exact product of what their codes stand for; 0: of any other layer.
  double error_bound = 0.0;
  std::optional<Fit> fit{};  ///< of a product that stands for a table

  const Product* if_product() const { return std::get_if<Product>(&rule); }
  const Product& product() const { return std::get<Product>(rule); }
  Product& product() { return std::get<Product>(rule); }
  const std::vector<Source>& inputs() const;
  const Window& window() const;
  int rows() const { return static_cast<int>(product().weights.rows()); }
  int cols() const { return static_cast<int>(product().weights.cols()); }
};

/// How the host turns an input's real values into integers, beside the tensor's format:
///   q = clip(round_half_even((gain * value + offset) / scale), low, high)
/// where element i of the tensor is element order[i] of a sample: a model that takes its channels
/// last has maps of channels inside.
struct InputEncoding {
  std::vector<double> gain{1.0};  ///< one for all elements of a sample, or one each
  std::vector<double> offset{0.0};
  std::vector<int> order{};  ///< a permutation; empty: as they are
};

/// Tensors and the layers that make them, in topological order.
struct Network {
  std::string name;
  int weight_bits = 8;  ///< signed
  base::IdVector<TensorId, Tensor> tensors;
  base::IdVector<LayerId, Layer> layers;
  std::vector<TensorId> inputs;          ///< which no layer makes
  std::vector<InputEncoding> encodings;  ///< one an input
  std::vector<Source> outputs;           ///< concatenated: what the host reads, as it is

  const Format& format_of(TensorId id) const { return tensors[id].format; }
  /// Of what a source is a part of.
  Shape seen_by(const Source& source) const {
    return source.sight.seen(tensors[source.tensor].shape);
  }
  int input_count() const;   ///< elements of all inputs together
  int output_count() const;  ///< elements of all outputs together
  int widest_bits() const;   ///< of all tensors
};

/// Elements of concatenated sources.
int count_of(const std::vector<Source>& sources);

/// The formats of what the rows of a product's group of columns read.
std::vector<const Format*> row_formats(const Network& network, const Product& product, int group);

}  // namespace quant
