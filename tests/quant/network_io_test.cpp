#include "quant/network_io.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "random_network.hpp"

namespace {

using nlohmann::json;
using quant::Network;

Network sample_network() {
  Network network = test::random_network({.sizes = {7, 5, 3}, .signed_input = true, .seed = 3});
  network.tensors.front().format = {6, true, 1.0 / 3.0, -3, 60};
  network.encodings = {
      {.gain = {0.1, 1, 2, 3, 4, 5, 6}, .offset = {-0.5}, .order = {6, 5, 4, 3, 2, 1, 0}}};
  network.layers.front().is_exact = true;
  network.layers.front().float_scale_error = 1e-17;
  network.layers.front().product().rounding = quant::Rounding::kHalfEven;
  // A second layer that reads parts of two tensors.
  network.layers.back().product().inputs = {{quant::TensorId{1}, 1, 3}, {quant::TensorId{0}, 5, 2}};
  return network;
}

// Through text, as a run directory keeps it.
Network copied(const Network& network) {
  return quant::network_of(json::parse(quant::network_json(network).dump()));
}

TEST(NetworkIo, KeepsEveryNumber) {
  const Network network = sample_network();
  const Network copy = copied(network);
  EXPECT_EQ(quant::network_json(copy), quant::network_json(network));
  ASSERT_EQ(copy.tensors.size(), 3U);
  for (const quant::TensorId id : copy.tensors.ids())
    EXPECT_EQ(copy.format_of(id), network.format_of(id));
  EXPECT_EQ(copy.encodings.at(0).gain, network.encodings[0].gain);
  EXPECT_EQ(copy.encodings.at(0).offset, network.encodings[0].offset);
  EXPECT_EQ(copy.encodings.at(0).order, network.encodings[0].order);
  EXPECT_TRUE(copy.layers.front().is_exact);
  EXPECT_FALSE(copy.layers.back().is_exact);
  EXPECT_EQ(copy.inputs, network.inputs);
  EXPECT_EQ(copy.outputs, network.outputs);
  ASSERT_EQ(copy.layers.size(), 2U);
  for (const quant::LayerId id : copy.layers.ids()) {
    const quant::Product& product = copy.layers[id].product();
    const quant::Product& wanted = network.layers[id].product();
    EXPECT_EQ(product.weights.matrix(), wanted.weights.matrix());
    EXPECT_EQ(product.bias, wanted.bias);
    EXPECT_EQ(product.threshold, wanted.threshold);
    EXPECT_EQ(product.rounding, wanted.rounding);
    EXPECT_EQ(product.inputs, wanted.inputs);
    EXPECT_EQ(copy.layers[id].output, network.layers[id].output);
  }
  EXPECT_EQ(copy.layers.front().float_scale_error, 1e-17);
}

// A grouped product that walks over an input of maps, and the greatest of what it makes.
Network walking_network() {
  Network network;
  const quant::Source x = test::add_input(network, "x", {4, 5, 3}, quant::full_format(4, false));
  base::Rng rng(1);
  quant::Product product = test::random_product({{x.tensor, 0, 6 * 2}}, 6, {}, rng);
  product.inputs = {x};
  product.groups = 2;
  product.window = {{3, 2}, {2, 1}, {1, 2}, {1, 0}, {0, 2}, {5, 3}};
  const quant::Source y = test::add_layer(network, "conv", product, quant::full_format(4, true));
  const quant::Window pool{.kernel = {2, 2}, .map = product.window.windows()};
  network.outputs = {
      test::add_layer(network, "pool", quant::Merge{{y}, pool}, 6, quant::full_format(4, true))};
  return network;
}

TEST(NetworkIo, KeepsShapesWindowsAndMerges) {
  const Network network = walking_network();
  const Network copy = copied(network);
  EXPECT_EQ(quant::network_json(copy), quant::network_json(network));
  for (const quant::TensorId id : network.tensors.ids())
    EXPECT_EQ(copy.tensors[id].shape, network.tensors[id].shape);
  EXPECT_EQ(copy.layers.front().product().groups, 2);
  for (const quant::LayerId id : network.layers.ids())
    EXPECT_EQ(copy.layers[id].window(), network.layers[id].window());
  EXPECT_EQ(std::get<quant::Merge>(copy.layers.back().rule).inputs,
            std::get<quant::Merge>(network.layers.back().rule).inputs);
}

// A product that sees its input's maps repeated and dealt.
Network moving_network() {
  Network network;
  const quant::Source x = test::add_input(network, "x", {4, 2, 3}, quant::full_format(4, false));
  base::Rng rng(1);
  const quant::Sight sight{{3, 4}, {2, 1}, {1, 2}, {1, -1}, quant::Deal::kPartsFirst};
  quant::Product product = test::random_product({{x.tensor, 0, 2}}, 2, {}, rng);
  product.inputs = {{x.tensor, 0, 24, sight}};
  product.window.map = sight.extent;
  network.outputs = {test::add_layer(network, "conv", product, quant::full_format(4, true))};
  return network;
}

TEST(NetworkIo, KeepsSights) {
  const Network network = moving_network();
  const Network copy = copied(network);
  EXPECT_EQ(quant::network_json(copy), quant::network_json(network));
  EXPECT_EQ(copy.layers.front().inputs(), network.layers.front().inputs());
}

TEST(NetworkIo, KeepsUnits) {
  Network network = walking_network();
  const quant::TensorId last = network.layers.back().output;
  network.tensors[last].unit.assign(static_cast<std::size_t>(network.tensors[last].count()), 0.1);
  const Network copy = copied(network);
  EXPECT_EQ(copy.tensors[last].unit, network.tensors[last].unit);
  EXPECT_TRUE(copy.tensors.front().unit.empty());
}

void expect_refused(const std::string& part, const std::function<void(json&)>& damage,
                    const Network& network = sample_network()) {
  json document = quant::network_json(network);
  damage(document);
  try {
    quant::network_of(document);
    ADD_FAILURE() << "accepted without " << part;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kNotARunDirectory);
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(NetworkIo, RefusesWhatIsNoNetwork) {
  expect_refused("schema_version", [](json& d) { d["schema_version"] = 1; });
  expect_refused("weight_bits", [](json& d) { d.erase("weight_bits"); });
  expect_refused("other units", [](json& d) { d["tensors"][0]["unit"] = {1.0}; });
  expect_refused("no layers", [](json& d) { d["layers"] = json::array(); });
  expect_refused("number", [](json& d) { d["layers"][0]["bias"][0] = "much"; });
  const auto set_row = [](json& d, const std::function<std::string(std::string)>& edit) {
    json& row = d["layers"][0]["weights"][1];
    row = edit(row);
  };
  expect_refused("different lengths",
                 [&](json& d) { set_row(d, [](const auto& row) { return row + " 1"; }); });
  expect_refused("16 bits", [&](json& d) {
    set_row(d, [](const auto& row) { return "40000" + row.substr(row.find(' ')); });
  });
  expect_refused("missing", [&](json& d) {
    set_row(d, [](const auto& row) { return row.substr(row.find(' ') + 1); });
  });
  expect_refused("without weights", [](json& d) { d["layers"][0]["weights"] = json::array(); });
  expect_refused("too many or too few", [](json& d) { d["layers"][0]["threshold"].push_back(1); });
  expect_refused("not positive", [](json& d) { d["layers"][0]["threshold"][0] = 0; });
  expect_refused("comes after", [](json& d) { d["layers"][0]["inputs"][0][0] = 2; });
  expect_refused("not there", [](json& d) { d["layers"][1]["output"] = 3; });
  expect_refused("made twice", [](json& d) { d["layers"][1]["output"] = 1; });
  expect_refused("no outputs", [](json& d) { d["outputs"] = json::array(); });
  expect_refused("rounding", [](json& d) { d["layers"][1]["rounding"] = "down"; });
  expect_refused("codes", [](json& d) { d["tensors"][1]["format"]["high"] = 64; });
  expect_refused("other factors", [](json& d) { d["inputs"][0]["gain"].push_back(1); });
  expect_refused("no permutation", [](json& d) { d["inputs"][0]["order"][0] = 1; });
  expect_refused("bits", [](json& d) { d["tensors"][1]["format"]["bits"] = 17; });
  expect_refused("without elements", [](json& d) { d["tensors"][0]["count"] = 0; });
  expect_refused("other outputs", [](json& d) { d["tensors"][1]["count"] = 6; });
  expect_refused("not there", [](json& d) { d["layers"][1]["inputs"][1][2] = 3; });
  expect_refused("other inputs than rows", [](json& d) { d["layers"][0]["inputs"][0][2] = 6; });
}

TEST(NetworkIo, RefusesSightsOfNothing) {
  const auto refused = [](const std::string& part, const char* key, const json& value) {
    const auto set = [&](json& d) { d["layers"][0]["inputs"][0][3][key] = value; };
    expect_refused(part, set, moving_network());
  };
  refused("a sight of another kind", "deal", "odd");
  for (const char* key : {"extent", "repeat", "step"})
    refused("a sight that shows nothing", key, {0, 1});
  refused("a sight that shows nothing", "begin", {4, 0});
  refused("a sight that shows nothing", "repeat", {3, 1});
  refused("a sight that shows nothing", "step", {1 << 30, 1});
  refused("elements that are not there", "extent", {3, 3});
}

TEST(NetworkIo, RefusesWhatDoesNotWalk) {
  const auto refused = [](const std::string& part, const std::function<void(json&)>& damage) {
    expect_refused(part, damage, walking_network());
  };
  const auto set = [](const char* key, int y) {
    return [=](json& d) { d["layers"][0]["window"][key] = {y, 1}; };
  };
  for (const char* key : {"kernel", "stride", "dilation", "map"})
    refused("does not walk", set(key, 0));
  refused("does not walk", set("pad_begin", -1));
  refused("does not walk", set("dilation", 1 << 29));
  refused("does not walk", set("dilation", 9));
  refused("other outputs", set("pad_end", 2));
  refused("parts of maps", [](json& d) { d["layers"][0]["inputs"][0][2] = 59; });
  refused("groups that do not divide", [](json& d) { d["layers"][0]["groups"] = 4; });
  refused("other inputs than rows", [](json& d) { d["layers"][0]["groups"] = 1; });
  refused("too many elements", [](json& d) { d["tensors"][0]["shape"] = {65536, 65536, 1}; });
  refused("no or too many elements", [](json& d) { d["tensors"][0]["shape"] = {4, 0, 15}; });
}

}  // namespace
