#include "units/smb/smb.hpp"

#include <gtest/gtest.h>

#include <set>

#include "units/smb/bench.hpp"

namespace units {
namespace {

// A window of one lane, a character a tick.
BusWindow train(const std::string& ticks) {
  BusWindow window;
  for (const char tick : ticks) {
    window.emplace_back(1);
    window.back().set(0, tick == '1');
  }
  return window;
}

// One lane's ticks of the next token.
std::string text(const BusWindow& window, std::size_t lane = 0) {
  std::string ticks;
  for (const base::Bits& bus : window) ticks += bus.get(lane) ? '1' : '0';
  return ticks;
}

SmbConfig binary(int bits) {
  SmbConfig config;
  config.value_bits = bits;
  config.write = config.read = {BusCode::kBinary, bits};
  return config;
}

TEST(Smb, PlaysTokensInTheirOrder) {
  SmbEmulator smb(binary(3));
  smb.write(train("110"));
  smb.write(train("001"));
  EXPECT_EQ(text(smb.read()), "110");
  EXPECT_EQ(text(smb.read()), "001");
  EXPECT_TRUE(smb.is_empty());
}

TEST(Smb, ZerosComeBeforeANarrowValue) {
  SmbConfig config = binary(2);
  config.write.bits = 3;
  config.read.bits = 5;
  SmbEmulator smb(config);
  smb.write(train("010"));
  EXPECT_EQ(text(smb.read()), "00010");
}

// 2 bits a value: four ticks in, at tick t a spike iff the bit-reversed t is below the value.
TEST(Smb, CountsASpikeTrainAndPlaysItEvenly) {
  SmbConfig config = binary(2);
  config.write = config.read = {BusCode::kRate, 2};
  SmbEmulator smb(config);
  smb.write(train("0011"));
  smb.write(train("1111"));
  EXPECT_EQ(text(smb.read()), "1010");
  EXPECT_EQ(text(smb.read()), "1110") << "four spikes count as three";
}

TEST(Smb, WordsBecomeTrains) {
  SmbConfig config = binary(3);
  config.lanes = 2;
  config.write.code = BusCode::kWords;
  SmbEmulator smb(config);
  BusWindow word{base::Bits(6)};
  word[0].words()[0] = 0b101'011;  // lane 1 holds 5, lane 0 holds 3
  smb.write(word);
  const BusWindow window = smb.read();
  EXPECT_EQ(text(window, 0), "011");
  EXPECT_EQ(text(window, 1), "101");
}

TEST(Smb, KeepsTheLargerOrTheSumOfATokensWindows) {
  SmbConfig config = binary(3);
  for (const auto& [merge, expected] : {std::pair{Merge::kMax, "100"}, {Merge::kAdd, "111"}}) {
    config.merge = merge;
    SmbEmulator smb(config);
    smb.write(train("111"), true, false);
    smb.write(train("011"), true, false);  // first again: starts anew
    smb.write(train("100"), false, false);
    EXPECT_TRUE(smb.is_empty());
    smb.write(train("001"), false, true);
    EXPECT_EQ(text(smb.read()), expected);
  }
}

TEST(Smb, HoldsPlanesOfBinaryTrainsOnly) {
  SmbConfig config = binary(4);
  EXPECT_TRUE(holds_planes(config));
  EXPECT_EQ(write_latency(config), 1);
  config.merge = Merge::kMax;
  EXPECT_TRUE(holds_planes(config));
  EXPECT_EQ(write_latency(config), 2);
  config.merge = Merge::kAdd;
  EXPECT_FALSE(holds_planes(config));
  config = binary(4);
  config.read.code = BusCode::kWords;
  EXPECT_FALSE(holds_planes(config));
  EXPECT_EQ(write_latency(config), 2);
}

TEST(Smb, DifferentBlocksHaveDifferentModules) {
  std::set<std::string> names;
  SmbConfig config = binary(3);
  for (const Merge merge : {Merge::kStore, Merge::kMax, Merge::kAdd})
    for (const BusCode write : {BusCode::kBinary, BusCode::kRate, BusCode::kWords})
      for (const int bits : {3, 4})
        for (const int depth : {1, 2}) {
          config.merge = merge;
          config.write = {write, bits};
          config.depth = depth;
          const bool same = write == BusCode::kWords && bits == 4;
          EXPECT_NE(names.insert(module_name(config)).second, same) << module_name(config);
        }
}

TEST(Smb, ItsModuleIsWhole) {
  SmbConfig config = binary(6);
  config.lanes = 16;
  for (const Merge merge : {Merge::kStore, Merge::kMax, Merge::kAdd}) {
    config.merge = merge;
    verilog::Design netlist(module_name(config));
    netlist.add(structure(config));
    EXPECT_NO_THROW(verify(netlist));
  }
}

}  // namespace
}  // namespace units
