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
  network.input.scale = 1.0 / 3.0;
  network.encoding = {.gain = 0.1, .offset = -0.5, .low = -3, .high = 60};
  network.layers[0].float_scale_error = 1e-17;
  // A second layer that reads two slices.
  network.layers[1].inputs = {{quant::LayerId{0}, 1, 3}, {quant::LayerId(), 5, 2}};
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
  EXPECT_EQ(copy.input.scale, network.input.scale);
  EXPECT_EQ(copy.encoding.gain, 0.1);
  EXPECT_EQ(copy.encoding.low, -3);
  ASSERT_EQ(copy.layers.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(copy.layers[i].weights.matrix(), network.layers[i].weights.matrix());
    EXPECT_EQ(copy.layers[i].bias, network.layers[i].bias);
    EXPECT_EQ(copy.layers[i].threshold, network.layers[i].threshold);
    EXPECT_EQ(copy.layers[i].output.is_signed, network.layers[i].output.is_signed);
  }
  EXPECT_EQ(copy.layers[0].float_scale_error, 1e-17);
  EXPECT_FALSE(copy.layers[1].inputs[1].source.valid());
  EXPECT_EQ(copy.layers[1].inputs[1].first, 5);
}

void expect_refused(const std::string& part, const std::function<void(json&)>& damage) {
  json document = quant::network_json(sample_network());
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
  expect_refused("schema_version", [](json& d) { d["schema_version"] = 2; });
  expect_refused("weight_bits", [](json& d) { d.erase("weight_bits"); });
  expect_refused("no layers", [](json& d) { d["layers"] = json::array(); });
  expect_refused("number", [](json& d) { d["layers"][0]["bias"][0] = "much"; });
  expect_refused("different lengths", [](json& d) { d["layers"][0]["weights"][1].push_back(1); });
  expect_refused("16 bits", [](json& d) { d["layers"][0]["weights"][1][0] = 40000; });
  expect_refused("too many or too few", [](json& d) { d["layers"][0]["threshold"].push_back(1); });
  expect_refused("not positive", [](json& d) { d["layers"][0]["threshold"][0] = 0; });
  expect_refused("comes after", [](json& d) { d["layers"][0]["inputs"][0][0] = 0; });
  expect_refused("not there", [](json& d) { d["layers"][1]["inputs"][1][2] = 3; });
  expect_refused("other inputs than rows", [](json& d) { d["layers"][0]["inputs"][0][2] = 6; });
}

}  // namespace
