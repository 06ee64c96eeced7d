#include "quant/network_io.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"

namespace quant {

using nlohmann::json;

namespace {

constexpr int kSchemaVersion = 1;

json format_json(const Format& format) {
  return {{"bits", format.bits}, {"signed", format.is_signed}, {"scale", format.scale}};
}

Format format_of(const json& document) {
  return {document.at("bits"), document.at("signed"), document.at("scale")};
}

template <class Vector>
json list_of(const Vector& values) {
  json list = json::array();
  for (Eigen::Index i = 0; i < values.size(); ++i) list.push_back(values(i));
  return list;
}

json inputs_json(const Dense& layer) {
  json list = json::array();
  for (const Slice& slice : layer.inputs)
    list.push_back({slice.source.valid() ? static_cast<std::int64_t>(slice.source.index()) : -1,
                    slice.first, slice.count});
  return list;
}

json layer_json(const Dense& layer) {
  json weights = json::array();
  for (Eigen::Index r = 0; r < layer.weights.rows(); ++r)
    weights.push_back(list_of(layer.weights.matrix().row(r)));
  return {{"name", layer.name},
          {"format", format_json(layer.output)},
          {"inputs", inputs_json(layer)},
          {"weights", std::move(weights)},
          {"bias", list_of(layer.bias)},
          {"threshold", list_of(layer.threshold)},
          {"weight_scale", layer.weight_scale},
          {"float_scale_error", layer.float_scale_error}};
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::invalid_argument(what);
}

// Elements of what a slice takes its own from: the network's input, or an earlier layer.
Eigen::Index width_of(const Network& network, LayerId source) {
  if (!source.valid()) return network.input_count;
  require(source.index() < network.layers.size(), "a layer reads one that comes after it");
  return network.layer(source).weights.cols();
}

std::vector<Slice> inputs_of(const json& document, const Network& network) {
  std::vector<Slice> slices;
  for (const json& item : document) {
    const std::int64_t source = item.at(0);
    Slice slice{source < 0 ? LayerId() : LayerId(static_cast<std::size_t>(source)), item.at(1),
                item.at(2)};
    require(slice.first >= 0 && slice.count > 0 &&
                slice.first <= width_of(network, slice.source) - slice.count,
            "a layer reads elements that are not there");
    slices.push_back(slice);
  }
  return slices;
}

std::int16_t weight_of(const json& document) {
  const std::int64_t weight = document;
  require(std::in_range<std::int16_t>(weight), "a weight of more than 16 bits");
  return static_cast<std::int16_t>(weight);
}

WeightMatrix weights_of(const json& document) {
  require(document.is_array() && !document.empty() && !document.front().empty(),
          "a layer without weights");
  WeightMatrix weights(document.size(), document.front().size());
  for (Eigen::Index r = 0; r < weights.rows(); ++r) {
    const json& row = document[static_cast<std::size_t>(r)];
    require(std::cmp_equal(row.size(), weights.cols()), "rows of weights of different lengths");
    for (Eigen::Index c = 0; c < weights.cols(); ++c)
      weights(r, c) = weight_of(row[static_cast<std::size_t>(c)]);
  }
  return weights;
}

WideVector vector_of(const json& document, Eigen::Index size) {
  require(std::cmp_equal(document.size(), size), "a bias or threshold too many or too few");
  WideVector values(size);
  for (Eigen::Index i = 0; i < size; ++i)
    values[i] = document[static_cast<std::size_t>(i)].get<std::int64_t>();
  return values;
}

Dense layer_of(const json& document, const Network& network) {
  Dense layer;
  layer.name = document.at("name");
  layer.output = format_of(document.at("format"));
  layer.inputs = inputs_of(document.at("inputs"), network);
  layer.weights = weights_of(document.at("weights"));
  layer.bias = vector_of(document.at("bias"), layer.weights.cols());
  layer.threshold = vector_of(document.at("threshold"), layer.weights.cols());
  layer.weight_scale = document.at("weight_scale").get<std::vector<double>>();
  layer.float_scale_error = document.at("float_scale_error");
  Eigen::Index rows = 0;
  for (const Slice& slice : layer.inputs) rows += slice.count;
  require(rows == layer.weights.rows(), "a layer with other inputs than rows");
  require(layer.threshold.minCoeff() > 0, "a threshold that is not positive");
  return layer;
}

Network read(const json& document) {
  require(document.at("schema_version") == kSchemaVersion, "another schema_version");
  const json& input = document.at("input");
  const json& encoding = input.at("encoding");
  Network network;
  network.name = document.at("name");
  network.input_name = input.at("name");
  network.input = format_of(input.at("format"));
  network.encoding = {encoding.at("gain"), encoding.at("offset"), encoding.at("low"),
                      encoding.at("high")};
  network.input_count = input.at("count");
  network.weight_bits = document.at("weight_bits");
  network.activation_bits = document.at("activation_bits");
  for (const json& layer : document.at("layers"))
    network.layers.push_back(layer_of(layer, network));
  require(!network.layers.empty(), "no layers");
  return network;
}

}  // namespace

json network_json(const Network& network) {
  json layers = json::array();
  for (const Dense& layer : network.layers) layers.push_back(layer_json(layer));
  const InputEncoding& encoding = network.encoding;
  return {{"schema_version", kSchemaVersion},
          {"name", network.name},
          {"input",
           {{"name", network.input_name},
            {"count", network.input_count},
            {"format", format_json(network.input)},
            {"encoding",
             {{"gain", encoding.gain},
              {"offset", encoding.offset},
              {"low", encoding.low},
              {"high", encoding.high}}}}},
          {"weight_bits", network.weight_bits},
          {"activation_bits", network.activation_bits},
          {"layers", std::move(layers)}};
}

Network network_of(const json& document) {
  try {
    return read(document);
  } catch (const json::exception& error) {
    base::fail(base::Code::kNotARunDirectory, error.what(), {}, "compile again");
  } catch (const std::invalid_argument& error) {
    base::fail(base::Code::kNotARunDirectory, error.what(), {}, "compile again");
  }
}

}  // namespace quant
