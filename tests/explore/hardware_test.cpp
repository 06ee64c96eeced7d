// Devices, and what of them designs take.
#include "explore/hardware.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace {

using explore::Budget;
using explore::Device;
using explore::Hardware;
using testing::HasSubstr;

std::vector<Device> devices() {
  const std::string file = std::string(FPSA_SOURCE_DIR) + "/constraints/devices.toml";
  return explore::devices_of(base::read_file(file), file);
}

base::Fault refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.faults().front();
  }
  ADD_FAILURE() << "taken";
  return {};
}

TEST(Devices, AreThoseOfTheTable) {
  const std::vector<Device> all = devices();
  ASSERT_EQ(all.size(), 5u);
  const Device device = explore::device_of(all, "xcku060", "test");
  EXPECT_EQ(device.name, "XCKU060");
  EXPECT_EQ(device.dsps, 2760);
  EXPECT_EQ(device.memory_bits(), 1080 * 36 * 1024);
  EXPECT_EQ(explore::device_of(all, "iCE40UP5K", "test").memory_bits(), 30 * 4096);
  const base::Fault fault = refusal([&] { explore::device_of(all, "XC2064", "--device"); });
  EXPECT_EQ(fault.code, base::Code::kUsage);
  EXPECT_EQ(fault.where, "--device");
  EXPECT_THAT(fault.cure, HasSubstr("LFE5U-85F, XC7A100T, XC7VX690T, XCKU060, iCE40UP5K"));
}

TEST(Devices, HaveAllFigures) {
  const std::string text =
      "[X]\nluts = 1\ndsps = 2\ndsp_a = 18\ndsp_b = 18\nblock_rams = 3\nblock_ram_bits = 1024\n";
  const base::Fault fault = refusal([&] { explore::devices_of(text, "x.toml"); });
  EXPECT_EQ(fault.code, base::Code::kBadText);
  EXPECT_EQ(fault.what, "X.block_ram_width is absent, or no number above 0");
  EXPECT_EQ(explore::devices_of(text + "block_ram_width = 32\n", "x.toml").front().block_rams, 3);
}

TEST(Devices, TakeMoreDspsForWiderWords) {
  const std::vector<Device> all = devices();
  const auto dsps = [&](const char* name, int a, int b) {
    return explore::dsps_of(explore::device_of(all, name, "test"), a, b);
  };
  EXPECT_EQ(dsps("XCKU060", 16, 16), 1);
  EXPECT_EQ(dsps("XCKU060", 17, 27), 1) << "either way round";
  EXPECT_EQ(dsps("XCKU060", 19, 19), 2);
  EXPECT_EQ(dsps("XC7A100T", 27, 18), 2);
  EXPECT_EQ(dsps("LFE5U-85F", 18, 18), 1);
  EXPECT_EQ(dsps("LFE5U-85F", 20, 17), 2);
  EXPECT_EQ(dsps("iCE40UP5K", 17, 17), 4);
}

TEST(Devices, HoldMemoriesInTheBestShape) {
  const Device device = explore::device_of(devices(), "XC7A100T", "test");
  EXPECT_EQ(explore::block_rams_of(device, {{1, 36, 512}}), 1);
  EXPECT_EQ(explore::block_rams_of(device, {{1, 18, 1024}}), 1);
  EXPECT_EQ(explore::block_rams_of(device, {{1, 32, 513}}), 2);
  EXPECT_EQ(explore::block_rams_of(device, {{3, 16, 1025}}), 6);
  EXPECT_EQ(explore::block_rams_of(device, {{5, 16, 64}}), 0) << "LUTs";
}

units::RecurrentConfig layer(int block) {
  units::RecurrentConfig config;
  config.block = block;
  config.inputs = 128 / block;
  config.cells = config.outputs = 256 / block;
  return config;
}

TEST(Hardware, IsFromTheFastestToTheLeast) {
  const Budget budget{.device = {}, .multipliers = 400, .memory_bits = 0};
  const std::vector<Hardware> all = explore::hardware_of({layer(8), layer(16)}, budget, 4);
  ASSERT_GE(all.size(), 2u);
  EXPECT_LE(all.front().multipliers, 400);
  EXPECT_EQ(all.back().multipliers, units::least_price({layer(8), layer(16)}, "test"));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(all[i].fits);
    EXPECT_EQ(all[i].dsps, all[i].multipliers);
    EXPECT_EQ(all[i].layers.size(), 2u);
    EXPECT_EQ(all[i].layers[1].streams, 4);
    EXPECT_EQ(all[i].clocks, std::max(interval(all[i].layers[0]), interval(all[i].layers[1])));
    EXPECT_GE(all[i].one_stream, all[i].clocks);
    if (i == 0) continue;
    EXPECT_GE(all[i].clocks, all[i - 1].clocks);
    EXPECT_LT(all[i].multipliers, all[i - 1].multipliers);
  }
}

TEST(Hardware, ThatDoesNotFitIsTheLeast) {
  const Budget few{.device = {}, .multipliers = 3, .memory_bits = 0};
  const std::vector<Hardware> least = explore::hardware_of({layer(8)}, few, 1);
  ASSERT_EQ(least.size(), 1u);
  EXPECT_FALSE(least[0].fits);
  EXPECT_EQ(least[0].layers[0].lanes, 1);
  const Budget small{.device = {}, .multipliers = 100, .memory_bits = 1000};
  for (const Hardware& made : explore::hardware_of({layer(8)}, small, 1)) EXPECT_FALSE(made.fits);
}

TEST(Hardware, HasLimitsOfADevice) {
  const Budget budget{.device = explore::device_of(devices(), "iCE40UP5K", "test")};
  const std::vector<Hardware> all = explore::hardware_of({layer(8)}, budget, 1);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].fits) << "8 DSPs";
  EXPECT_GT(all[0].dsps, all[0].multipliers) << "16 x 16";
  const Budget large{.device = explore::device_of(devices(), "XCKU060", "test")};
  const Hardware fast = explore::hardware_of({layer(8)}, large, 1).front();
  EXPECT_TRUE(fast.fits);
  EXPECT_GT(fast.block_rams + fast.clocks, 0);
}

// 65,536 x 65,536 weights in blocks of 1: more than the load bus reaches.
TEST(Hardware, IsNoneWithoutALoadBusForTheWeights) {
  units::RecurrentConfig huge = layer(1);
  huge.inputs = huge.cells = huge.outputs = 1 << 14;
  const Budget budget{.device = {}, .multipliers = 1000, .memory_bits = 0};
  EXPECT_TRUE(explore::hardware_of({huge}, budget, 1).empty());
}

}  // namespace
