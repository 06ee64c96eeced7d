#include "quant/in_products.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "quant/fitted.hpp"

namespace quant {

namespace {

using Matrix = Eigen::Matrix<std::int16_t, Eigen::Dynamic, Eigen::Dynamic>;

bool meets_padding(const Window& window) {
  for (int w = 0; w < window.windows().area(); ++w)
    for (int tap = 0; tap < window.taps(); ++tap)
      if (window.position(w, tap) < 0) return true;
  return false;
}

// Rows of a group whose sum a value is.
using Value = std::vector<int>;

// What a level of a tree reads, channel by channel: `widths` channels of each source.
struct Level {
  std::vector<Source> sources;
  std::vector<int> widths;
  Window window{};
  std::vector<Value> values;
};

void add_to(Matrix& weights, const Value& value, Eigen::Index col, std::int16_t sign) {
  for (const int row : value) weights(row, col) = sign;
}

class Rewriting {
 public:
  Rewriting(const Network& network, const ProductForms& forms)
      : old_(network), forms_(forms), tensors_(network.tensors.size()) {
    new_.name = network.name;
    new_.weight_bits = network.weight_bits;
    new_.encodings = network.encodings;
    for (const TensorId id : network.inputs) {
      tensors_[id] = new_.tensors.push_back(network.tensors[id]);
      new_.inputs.push_back(tensors_[id]);
    }
  }

  Network run() {
    for (const Layer& layer : old_.layers)
      std::visit([&](const auto& rule) { add(layer, rule); }, layer.rule);
    new_.outputs = renamed(old_.outputs);
    return std::move(new_);
  }

 private:
  std::vector<Source> renamed(std::vector<Source> sources) const {
    for (Source& source : sources) source.tensor = tensors_[source.tensor];
    return sources;
  }

  void keep(Layer layer) {
    std::visit([&](auto& rule) { rule.inputs = renamed(rule.inputs); }, layer.rule);
    layer.output = tensors_[layer.output] = new_.tensors.push_back(old_.tensors[layer.output]);
    new_.layers.push_back(std::move(layer));
  }

  void add(const Layer& layer, const Product&) { keep(layer); }

  // An unsigned tensor of as many codes more as differences of codes of `from` have.
  Format differences(const Layer& layer, const Format& from) const {
    const std::int32_t high = from.high - from.low;
    const int bits = base::clog2(static_cast<std::uint64_t>(high) + 1);
    if (bits > forms_.most_bits || (bits > from.bits && !forms_.exact_neurons))
      base::fail(base::Code::kCannotLower,
                 fmt::format("differences of its codes have {} bits; there are at most {}", bits,
                             forms_.exact_neurons ? forms_.most_bits : from.bits),
                 "layer " + base::quoted_name(layer.name),
                 "set quantise.maximum to \"compare\" and quantise.table_neurons to 0");
    if (!forms_.exact_neurons) return full_format(from.bits, false, from.scale);
    return {std::max(1, bits), false, from.scale, 0, std::max(1, high)};
  }

  // Groups of one channel each, all with the weights, biases and threshold of `group`.
  TensorId push(std::string name, const Level& level, const Format& format, const Matrix& group,
                const Eigen::VectorXi& bias, int threshold = 1) {
    const int channels = level.sources.front().count / level.window.map.area() / level.widths[0];
    Product product;
    for (int c = 0; c < channels; ++c)
      for (std::size_t s = 0; s < level.sources.size(); ++s) {
        const Source& all = level.sources[s];
        const int part = all.count / channels;
        product.inputs.push_back({all.tensor, all.first + c * part, part});
      }
    product.weights = WeightMatrix(group.replicate(1, channels));
    product.bias = bias.cast<std::int64_t>().replicate(channels, 1);
    product.threshold = WideVector::Constant(product.bias.size(), threshold);
    product.window = level.window;
    product.groups = channels;
    const Pair map = level.window.windows();
    Layer layer;
    layer.name = name;
    layer.weight_scale.assign(static_cast<std::size_t>(product.bias.size()), 1.0);
    layer.is_exact = true;
    layer.output = new_.tensors.push_back(
        {std::move(name), Shape(static_cast<int>(product.bias.size()), map.y, map.x), format});
    layer.rule = std::move(product);
    new_.layers.push_back(std::move(layer));
    return new_.layers.back().output;
  }

  TensorId push(std::string name, const Level& level, const Format& format, const Matrix& group) {
    return push(std::move(name), level, format, group, Eigen::VectorXi::Zero(group.cols()));
  }

  Source whole(TensorId id) const { return {id, 0, new_.tensors[id].count()}; }

  // Of each pair of values Relu(a - b), and beside them all b.
  Level halved(const Layer& layer, const Level& level, const Format& from, int number) {
    const auto pairs = static_cast<Eigen::Index>(level.values.size() / 2);
    const auto rest = static_cast<Eigen::Index>(level.values.size() % 2);
    int rows = level.window.taps();
    if (level.sources.size() > 1) rows = level.widths[0] + level.widths[1];
    Matrix differ = Matrix::Zero(rows, pairs);
    Matrix pass = Matrix::Zero(rows, pairs + rest);
    Level next;
    for (Eigen::Index i = 0; i < pairs; ++i) {
      const Value& a = level.values[static_cast<std::size_t>(2 * i)];
      const Value& b = level.values[static_cast<std::size_t>(2 * i + 1)];
      add_to(differ, a, i, 1);
      add_to(differ, b, i, -1);
      add_to(pass, b, i, 1);
      next.values.push_back({static_cast<int>(i), static_cast<int>(pairs + i)});
    }
    if (rest > 0) {
      add_to(pass, level.values.back(), pairs, 1);
      next.values.push_back({static_cast<int>(2 * pairs)});
    }
    const TensorId more =
        push(fmt::format("{}_more{}", layer.name, number), level, differences(layer, from), differ);
    const TensorId less = push(fmt::format("{}_less{}", layer.name, number), level, from, pass);
    next.sources = {whole(more), whole(less)};
    next.widths = {static_cast<int>(pairs), static_cast<int>(pairs + rest)};
    next.window.map = level.window.windows();
    return next;
  }

  void add(const Layer& layer, const Merge& merge) {
    const Format from = old_.format_of(merge.inputs.front().tensor);
    const bool plain = merge.inputs.size() == 1;
    if (!forms_.maxima || !plain || (from.is_signed && meets_padding(merge.window)))
      return keep(layer);
    Level level{renamed(merge.inputs), {1}, merge.window, {}};
    for (int tap = 0; tap < merge.window.taps(); ++tap) level.values.push_back({tap});
    int number = 0;
    while (level.values.size() > 1) level = halved(layer, level, from, ++number);
    int rows = 0;
    for (const int width : level.widths) rows += width;
    Matrix sum = Matrix::Zero(rows, 1);
    add_to(sum, level.values.front(), 0, 1);
    tensors_[layer.output] = push(layer.name, level, from, sum);
  }

  // Whether a product of two signals reads the table, which says how far it is off.
  bool is_of_a_product(const Layer& layer) const {
    return std::ranges::any_of(old_.layers, [&](const Layer& reader) {
      return reader.error_bound > 0 && std::ranges::find(reader.inputs(), layer.output,
                                                         &Source::tensor) != reader.inputs().end();
    });
  }

  void add(const Layer& layer, const Recurrent&) { keep(layer); }

  void add(const Layer& layer, const Table& table) {
    if (forms_.table_neurons == 0 || is_of_a_product(layer)) return keep(layer);
    const Format from = old_.format_of(table.inputs.front().tensor);
    const Format to = old_.format_of(layer.output);
    const Fitted fitted =
        fitted_to(table.values, from, to, forms_.table_neurons, (1 << (old_.weight_bits - 1)) - 1);
    const auto neurons = static_cast<Eigen::Index>(fitted.knots.size());
    const Level input{renamed(table.inputs), {1}, table.window, {}};
    const TensorId hidden = push(layer.name + "_knots", input, differences(layer, from),
                                 Matrix::Ones(1, neurons), -fitted.knots);
    const Level second{{whole(hidden)}, {static_cast<int>(neurons)}, table.window, {}};
    tensors_[layer.output] = push(layer.name, second, to, fitted.weights.cast<std::int16_t>(),
                                  Eigen::VectorXi::Constant(1, fitted.bias), fitted.threshold);
    new_.layers.back().is_exact = false;
    new_.layers.back().fit = fitted.fit;
  }

  const Network& old_;
  ProductForms forms_;
  base::IdVector<TensorId, TensorId> tensors_;
  Network new_;
};

}  // namespace

Network in_products(const Network& network, const ProductForms& forms) {
  return Rewriting(network, forms).run();
}

}  // namespace quant
