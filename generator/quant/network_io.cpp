#include "quant/network_io.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "quant/cell_io.hpp"

namespace quant {

using nlohmann::json;

namespace {

constexpr int kSchemaVersion = 4;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

json format_json(const Format& format) {
  return {{"bits", format.bits},
          {"signed", format.is_signed},
          {"scale", format.scale},
          {"low", format.low},
          {"high", format.high}};
}

Format format_of(const json& document) {
  const Format format{document.at("bits"), document.at("signed"), document.at("scale"),
                      document.at("low"), document.at("high")};
  require(format.bits >= 1 && format.bits <= 16, "a tensor of no or too many bits");
  const std::int32_t most = full_format(format.bits, true).high;
  require(format.low <= 0 && format.high > 0 && format.magnitude() <= most &&
              (format.is_signed || format.low == 0),
          "a tensor whose codes its bits do not hold");
  return format;
}

const char* word(Rounding rounding) {
  return rounding == Rounding::kHalfUp ? "half_up" : "half_even";
}

Rounding rounding_of(const json& document) {
  const std::string text = document;
  require(text == "half_up" || text == "half_even", "an unknown rounding");
  return text == "half_up" ? Rounding::kHalfUp : Rounding::kHalfEven;
}

json tensor_json(const Tensor& tensor) {
  json document = {{"name", tensor.name}, {"format", format_json(tensor.format)}};
  const Shape& shape = tensor.shape;
  if (shape.positions() == 1)
    document["count"] = shape.count();
  else
    document["shape"] = {shape.channels, shape.height, shape.width};
  if (!tensor.unit.empty()) document["unit"] = tensor.unit;
  return document;
}

// Counts are ints.
Shape shape_of(const json& document) {
  if (!document.contains("shape")) return document.at("count").get<int>();
  const auto extents = document.at("shape").get<std::array<int, 3>>();
  std::int64_t count = 1;
  for (const int extent : extents) {
    require(extent > 0 && extent <= std::numeric_limits<int>::max() / count,
            "a tensor of no or too many elements");
    count *= extent;
  }
  return {extents[0], extents[1], extents[2]};
}

Tensor tensor_of(const json& document) {
  Tensor tensor{document.at("name"), shape_of(document), format_of(document.at("format"))};
  require(tensor.count() > 0, "a tensor without elements");
  if (document.contains("unit")) document.at("unit").get_to(tensor.unit);
  require(tensor.unit.empty() || std::ssize(tensor.unit) == tensor.count(),
          "a tensor of other units than elements");
  return tensor;
}

json pair_json(Pair pair) { return {pair.y, pair.x}; }

json window_json(const Window& window) {
  return {{"kernel", pair_json(window.kernel)},     {"stride", pair_json(window.stride)},
          {"dilation", pair_json(window.dilation)}, {"pad_begin", pair_json(window.pad_begin)},
          {"pad_end", pair_json(window.pad_end)},   {"map", pair_json(window.map)}};
}

constexpr std::array kDeals{Deal::kNone, Deal::kPartsFirst, Deal::kChannelsFirst};
constexpr std::array kDealWords{"none", "parts_first", "channels_first"};

json sight_json(const Sight& sight) {
  return {{"extent", pair_json(sight.extent)},
          {"repeat", pair_json(sight.repeat)},
          {"step", pair_json(sight.step)},
          {"begin", pair_json(sight.begin)},
          {"deal", kDealWords[static_cast<std::size_t>(sight.deal)]}};
}

// Throws unless it shows something of maps of `shape`.
Sight sight_of(const json& document, const Shape& shape) {
  constexpr std::int64_t kMostElements = std::numeric_limits<int>::max();
  const auto pair = [&](const char* key) {
    return Pair{document.at(key).at(0), document.at(key).at(1)};
  };
  Sight sight{pair("extent"), pair("repeat"), pair("step"), pair("begin")};
  const auto word = std::ranges::find(kDealWords, document.at("deal").get<std::string>());
  require(word != kDealWords.end(), "a sight of another kind");
  sight.deal = kDeals[static_cast<std::size_t>(word - kDealWords.begin())];
  const auto along = [](int extent, int size, int repeat, int step, int begin) {
    constexpr int kMost = 1 << 24;
    return extent > 0 && repeat > 0 && step > 0 && std::int64_t{step} * extent < kMost &&
           std::int64_t{size} * repeat < kMost && begin > -kMost && begin < size * repeat;
  };
  require(along(sight.extent.y, shape.height, sight.repeat.y, sight.step.y, sight.begin.y) &&
              along(sight.extent.x, shape.width, sight.repeat.x, sight.step.x, sight.begin.x) &&
              shape.channels % sight.parts() == 0 &&
              std::int64_t{sight.extent.y} * sight.extent.x * shape.channels < kMostElements,
          "a sight that shows nothing");
  return sight;
}

Window window_of(const json& document) {
  const auto pair = [&](const char* key, int least) {
    const Pair read{document.at(key).at(0), document.at(key).at(1)};
    constexpr int kMost = 1 << 28;  // sums of them are ints
    require(std::min(read.y, read.x) >= least && std::max(read.y, read.x) <= kMost,
            "a window that does not walk");
    return read;
  };
  const Window window{pair("kernel", 1),    pair("stride", 1),  pair("dilation", 1),
                      pair("pad_begin", 0), pair("pad_end", 0), pair("map", 1)};
  require(std::min(window.windows().y, window.windows().x) > 0, "a window that does not walk");
  return window;
}

template <class Vector>
json list_of(const Vector& values) {
  json list = json::array();
  for (Eigen::Index i = 0; i < values.size(); ++i) list.push_back(values(i));
  return list;
}

json sources_json(const std::vector<Source>& sources) {
  json list = json::array();
  for (const Source& source : sources) {
    list.push_back({source.tensor.index(), source.first, source.count});
    if (!source.sight.is_plain()) list.back().push_back(sight_json(source.sight));
  }
  return list;
}

// A row of weights a line of text: as a number of its own, each would take the document sixteen
// bytes.
json weights_json(const WeightMatrix& weights) {
  json rows = json::array();
  for (Eigen::Index r = 0; r < weights.rows(); ++r) {
    const auto row = weights.row(r);
    rows.push_back(fmt::format("{}", fmt::join(row.data(), row.data() + row.size(), " ")));
  }
  return rows;
}

void add_rule(json& document, const Product& product) {
  document["weights"] = weights_json(product.weights.matrix());
  document["bias"] = list_of(product.bias);
  document["threshold"] = list_of(product.threshold);
  document["rounding"] = word(product.rounding);
  if (product.groups != 1) document["groups"] = product.groups;
}

void add_rule(json& document, const Merge&) { document["merge"] = "max"; }
void add_rule(json& document, const Table& table) { document["table"] = table.values; }
void add_rule(json& document, const Recurrent& rule) {
  document["cells"] = cells_json(*rule.cells);
}

json layer_json(const Layer& layer) {
  json document = {{"name", layer.name},
                   {"output", layer.output.index()},
                   {"inputs", sources_json(layer.inputs())},
                   {"weight_scale", layer.weight_scale},
                   {"float_scale_error", layer.float_scale_error},
                   {"exact", layer.is_exact}};
  if (layer.fit) document["fit"] = {{"most", layer.fit->most}, {"rms", layer.fit->rms}};
  if (layer.error_bound > 0) document["error_bound"] = layer.error_bound;
  if (!layer.window().is_point()) document["window"] = window_json(layer.window());
  std::visit([&](const auto& rule) { add_rule(document, rule); }, layer.rule);
  return document;
}

void read_row(const std::string& text, Eigen::Ref<WeightMatrix> row) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (Eigen::Index c = 0; c < row.cols(); ++c) {
    const auto [rest, error] = std::from_chars(at, end, row(0, c));
    require(error == std::errc(), "a weight that is missing or has more than 16 bits");
    at = rest == end ? rest : rest + 1;
  }
  require(at == end, "rows of weights of different lengths");
}

WeightMatrix weights_of(const json& document) {
  require(document.is_array() && !document.empty(), "a layer without weights");
  const auto& first = document.front().get_ref<const std::string&>();
  require(!first.empty(), "a layer without weights");
  WeightMatrix weights(document.size(), std::ranges::count(first, ' ') + 1);
  for (Eigen::Index r = 0; r < weights.rows(); ++r)
    read_row(document[static_cast<std::size_t>(r)].get_ref<const std::string&>(), weights.row(r));
  return weights;
}

WideVector vector_of(const json& document, Eigen::Index size) {
  require(std::cmp_equal(document.size(), size), "a bias or threshold too many or too few");
  WideVector values(size);
  for (Eigen::Index i = 0; i < size; ++i)
    values[i] = document[static_cast<std::size_t>(i)].get<std::int64_t>();
  return values;
}

// Reads a document front to back; a tensor is made once it has a value.
class Reader {
 public:
  explicit Reader(const json& document) : document_(document) {}

  Network run() {
    require(document_.at("schema_version") == kSchemaVersion, "another schema_version");
    network_.name = document_.at("name");
    network_.weight_bits = document_.at("weight_bits");
    for (const json& tensor : document_.at("tensors"))
      network_.tensors.push_back(tensor_of(tensor));
    made_.assign(network_.tensors.size(), false);
    for (const json& input : document_.at("inputs")) add_input(input);
    for (const json& layer : document_.at("layers")) add_layer(layer);
    require(!network_.layers.empty(), "no layers");
    network_.outputs = sources_of(document_.at("outputs"));
    require(!network_.outputs.empty(), "no outputs");
    return std::move(network_);
  }

 private:
  TensorId make(const json& document) {
    const std::size_t index = document;
    require(index < made_.size(), "a tensor that is not there");
    require(!made_[index], "a tensor is made twice");
    made_[index] = true;
    return TensorId(index);
  }

  void add_input(const json& document) {
    network_.inputs.push_back(make(document.at("tensor")));
    const auto factors = [&](const char* key) {
      auto list = document.at(key).get<std::vector<double>>();
      const int count = network_.tensors[network_.inputs.back()].count();
      require(list.size() == 1 || std::cmp_equal(list.size(), count),
              "an input of other factors than elements");
      return list;
    };
    network_.encodings.push_back({factors("gain"), factors("offset"), order_of(document)});
  }

  // Of the input added last.
  std::vector<int> order_of(const json& document) const {
    if (!document.contains("order")) return {};
    auto order = document.at("order").get<std::vector<int>>();
    const int count = network_.tensors[network_.inputs.back()].count();
    std::vector<int> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    require(std::ranges::is_permutation(order, all), "an order that is no permutation");
    return order;
  }

  std::vector<Source> sources_of(const json& document) const {
    std::vector<Source> sources;
    for (const json& item : document) {
      const std::size_t index = item.at(0);
      require(index < made_.size() && made_[index], "a layer reads what comes after it");
      Source source{TensorId(index), item.at(1), item.at(2)};
      if (item.size() > 3) source.sight = sight_of(item[3], network_.tensors[source.tensor].shape);
      require(source.first >= 0 && source.count > 0 &&
                  source.first <= network_.seen_by(source).count() - source.count,
              "a layer reads elements that are not there");
      sources.push_back(source);
    }
    return sources;
  }

  static Product product_of(const json& document) {
    Product product;
    product.weights = weights_of(document.at("weights"));
    const Eigen::Index cols = product.weights.cols();
    product.bias = vector_of(document.at("bias"), cols);
    product.threshold = vector_of(document.at("threshold"), cols);
    product.rounding = rounding_of(document.at("rounding"));
    product.groups = document.value("groups", 1);
    require(product.threshold.minCoeff() > 0, "a threshold that is not positive");
    require(product.groups > 0 && cols % product.groups == 0, "groups that do not divide columns");
    return product;
  }

  // Channels of the maps that a layer reads.
  static int channels_of(const Layer& layer) {
    const int area = layer.window().map.area();
    for (const Source& source : layer.inputs())
      require(source.count % area == 0, "a layer that reads parts of maps");
    return count_of(layer.inputs()) / area;
  }

  // Whether inputs and output are what the rule takes and makes.
  void check_sizes(const Layer& layer) const {
    const int channels = channels_of(layer);
    int outputs = channels;
    if (const Product* product = layer.if_product()) {
      outputs = layer.cols();
      require(channels % product->groups == 0 &&
                  Eigen::Index{product->window.taps()} * (channels / product->groups) ==
                      product->weights.rows(),
              "a layer with other inputs than rows");
    }
    if (const auto* table = std::get_if<Table>(&layer.rule)) check_table(layer, *table);
    if (const auto* rule = std::get_if<Recurrent>(&layer.rule)) {
      check_cells(layer, *rule->cells, channels * rule->walk().taps());
      outputs = rule->cells->cells;
    }
    const Pair windows = layer.window().windows();
    require(network_.tensors[layer.output].shape == Shape(outputs, windows.y, windows.x),
            "a layer with other outputs than columns");
  }

  // Of cells each step a window, or all in one; a dense layer walks as it likes.
  static bool is_of_steps(const Window& window, const CellLayer& cells) {
    const Pair map = window.map;
    const bool all = window == Window{.kernel = map, .map = map};
    if (cells.is_dense()) return cells.taps == (all ? window.taps() : 1);
    return std::min(map.y, map.x) == 1 && (all || window == Window{.map = map});
  }

  void check_cells(const Layer& layer, const CellLayer& cells, int channels) const {
    const Format& from = network_.format_of(layer.inputs()[0].tensor);
    require(layer.inputs().size() == 1 && is_of_steps(layer.window(), cells) &&
                cells.inputs == channels && from.bits + cells.in_shift < cells.rule.bits,
            "cells of other inputs");
  }

  void check_table(const Layer& layer, const Table& table) const {
    require(table.inputs.size() == 1 && layer.window().taps() == 1, "a table of several elements");
    const Format& from = network_.format_of(table.inputs[0].tensor);
    const Format& to = network_.format_of(layer.output);
    require(std::ssize(table.values) == from.high - from.low + 1, "a table that lacks codes");
    for (const std::int32_t value : table.values)
      require(value >= to.low && value <= to.high, "a table with values past its tensor's");
  }

  void add_layer(const json& document) {
    Layer layer;
    layer.name = document.at("name");
    const Window window = document.contains("window") ? window_of(document["window"]) : Window();
    if (document.contains("merge"))
      layer.rule = Merge{};
    else if (document.contains("table"))
      layer.rule = Table{{}, document["table"].get<std::vector<std::int32_t>>()};
    else if (document.contains("cells"))
      layer.rule =
          Recurrent{{}, std::make_shared<const CellLayer>(cells_of(document["cells"])), {}};
    else
      layer.rule = product_of(document);
    std::visit(
        [&](auto& rule) {
          rule.inputs = sources_of(document.at("inputs"));
          rule.window = window;
        },
        layer.rule);
    layer.weight_scale = document.at("weight_scale").get<std::vector<double>>();
    layer.float_scale_error = document.at("float_scale_error");
    layer.is_exact = document.at("exact");
    layer.error_bound = document.value("error_bound", 0.0);
    if (document.contains("fit"))
      layer.fit = Fit{document["fit"].at("most"), document["fit"].at("rms")};
    layer.output = make(document.at("output"));
    check_sizes(layer);
    network_.layers.push_back(std::move(layer));
  }

  const json& document_;
  Network network_;
  std::vector<bool> made_;  // a tensor
};

}  // namespace

json network_json(const Network& network) {
  json tensors = json::array();
  for (const Tensor& tensor : network.tensors) tensors.push_back(tensor_json(tensor));
  json inputs = json::array();
  for (std::size_t i = 0; i < network.inputs.size(); ++i) {
    inputs.push_back({{"tensor", network.inputs[i].index()},
                      {"gain", network.encodings[i].gain},
                      {"offset", network.encodings[i].offset}});
    if (const auto& order = network.encodings[i].order; !order.empty())
      inputs.back()["order"] = order;
  }
  json layers = json::array();
  for (const Layer& layer : network.layers) layers.push_back(layer_json(layer));
  return {{"schema_version", kSchemaVersion},
          {"name", network.name},
          {"weight_bits", network.weight_bits},
          {"tensors", std::move(tensors)},
          {"inputs", std::move(inputs)},
          {"layers", std::move(layers)},
          {"outputs", sources_json(network.outputs)}};
}

Network network_of(const json& document) {
  try {
    return Reader(document).run();
  } catch (const json::exception& error) {
    base::fail(base::Code::kNotARunDirectory, error.what(), {}, "compile again");
  } catch (const std::invalid_argument& error) {
    base::fail(base::Code::kNotARunDirectory, error.what(), {}, "compile again");
  }
}

}  // namespace quant
