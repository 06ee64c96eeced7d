#include "fabric/grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

namespace {

using fabric::Architecture;
using fabric::Tile;
using testing::HasSubstr;

TEST(Grid, HasLogicInARingOfIoWithEmptyCorners) {
  Architecture architecture;
  architecture.columns = 3;
  architecture.rows = 2;
  std::string seen;
  for (int y = 3; y >= 0; --y) {
    for (int x = 0; x <= 4; ++x)
      seen += ".LI"[static_cast<int>(fabric::tile_at(architecture, x, y))];
    seen += '\n';
  }
  EXPECT_EQ(seen, ".III.\nILLLI\nILLLI\n.III.\n");
  EXPECT_EQ(fabric::tile_at(architecture, -1, 1), Tile::kEmpty);
  EXPECT_EQ(fabric::tile_at(architecture, 1, 4), Tile::kEmpty);
}

TEST(Grid, CountsPins) {
  Architecture architecture;
  architecture.hard = {{"memory", "clk_i", {{"address", 5}, {"value", 8, false}}, {3}}};
  EXPECT_EQ(fabric::inputs_at(architecture, 1, 1), 40);
  EXPECT_EQ(fabric::outputs_at(architecture, 1, 1), 10);
  EXPECT_EQ(fabric::inputs_at(architecture, 0, 1), 8);
  EXPECT_EQ(fabric::outputs_at(architecture, 0, 1), 8);
  EXPECT_EQ(fabric::inputs_at(architecture, 3, 1), 5);
  EXPECT_EQ(fabric::outputs_at(architecture, 3, 1), 8);
  EXPECT_EQ(fabric::inputs_at(architecture, 0, 0), 0);
  EXPECT_EQ(fabric::outputs_at(architecture, 0, 0), 0);
}

TEST(Grid, GivesHardTilesTheirColumns) {
  Architecture architecture;
  architecture.columns = 4;
  architecture.hard = {{"pe", {}, {{"in"}}, {2}}, {"memory", {}, {{"in"}}, {4}}};
  EXPECT_EQ(fabric::hard_in(architecture, 1), -1);
  EXPECT_EQ(fabric::hard_in(architecture, 2), 0);
  EXPECT_EQ(fabric::hard_in(architecture, 4), 1);
  EXPECT_EQ(fabric::tile_at(architecture, 4, 1), Tile::kHard);
  EXPECT_EQ(fabric::tile_at(architecture, 4, 0), Tile::kIo);
  EXPECT_NO_THROW(fabric::validate(architecture));
}

// A column that the fabric does not have, one of another tile, one out of order; a tile of no pins.
TEST(Validate, RefusesHardTilesOutOfPlace) {
  using Columns = std::vector<int>;
  for (const Columns& columns : {Columns{5}, Columns{0}, Columns{2}, Columns{3, 1}}) {
    Architecture architecture;
    architecture.columns = 4;
    architecture.hard = {{"pe", {}, {{"in"}}, {2}}, {"memory", {}, {{"in"}}, columns}};
    try {
      fabric::validate(architecture);
      FAIL();
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("tiles memory are to fill column"));
    }
  }
  Architecture architecture;
  architecture.hard = {{"empty", "clk_i", {}, {2}}};
  EXPECT_THROW(fabric::validate(architecture), base::Error);
}

// Half a link, ends of two widths, an end before another port.
TEST(Validate, RefusesLinksThatAreNone) {
  using Ports = std::vector<fabric::HardPort>;
  const fabric::HardPort a{"a"}, in{"in", 4, true, true}, out{"out", 4, false, true};
  const auto with = [](const Ports& ports) {
    Architecture architecture;
    architecture.hard = {{"pe", {}, ports, {2}}};
    return architecture;
  };
  EXPECT_NO_THROW(fabric::validate(with({a, in, out})));
  EXPECT_EQ(fabric::inputs_at(with({a, in, out}), 2, 1), 2);
  EXPECT_EQ(fabric::routed_inputs_at(with({a, in, out}), 2, 1), 1);
  EXPECT_EQ(fabric::routed_outputs_at(with({a, in, out}), 2, 1), 0);
  const fabric::HardPort wide{"out", 5, false, true};
  for (const Ports& ports : {Ports{a, in}, Ports{a, in, wide}, Ports{in, out, a}, Ports{in, a, out},
                             Ports{a, in, in}, Ports{in, out}}) {
    try {
      fabric::validate(with(ports));
      FAIL();
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("the link of tiles pe is no input and output"));
      EXPECT_THAT(error.what(), HasSubstr("put them last"));
    }
  }
}

struct Field {
  int Architecture::*field;
  std::string name;
  int least, greatest;
};

// A field at its bounds is valid, one beyond them is a fault that names field and range.
TEST(Validate, HoldsEveryFieldToItsRange) {
  const std::vector<Field> fields = {
      {&Architecture::columns, "columns", 1, 1000},
      {&Architecture::rows, "rows", 1, 1000},
      {&Architecture::lut_inputs, "lut_inputs", 2, 8},
      {&Architecture::luts, "luts", 1, 128},
      {&Architecture::clb_inputs, "clb_inputs", 1, 1024},
      {&Architecture::io_slots, "io_slots", 1, 64},
      {&Architecture::channel_width, "channel_width", 8, 1000},
      {&Architecture::segment_length, "segment_length", 1, 50},
      {&Architecture::fc_in_percent, "fc_in_percent", 1, 100},
      {&Architecture::fc_out_percent, "fc_out_percent", 1, 100},
  };
  for (const Field& field : fields)
    for (const auto& [value, valid] : {std::pair(field.least, true),
                                       {field.least - 1, false},
                                       {field.greatest, true},
                                       {field.greatest + 1, false}}) {
      Architecture architecture;
      architecture.*field.field = value;
      try {
        fabric::validate(architecture);
        EXPECT_TRUE(valid) << field.name << " " << value;
      } catch (const base::Error& error) {
        EXPECT_FALSE(valid) << field.name << " " << value;
        EXPECT_EQ(error.faults().front().code, base::Code::kFabricRange);
        EXPECT_EQ(error.exit_code(), base::Exit::kSpec);
      }
    }
}

std::vector<base::Fault> faults_of(const Architecture& architecture) {
  try {
    fabric::validate(architecture);
  } catch (const base::Error& error) {
    return error.faults();
  }
  return {};
}

TEST(Validate, WantsAsManyPairsAsTilesInAWire) {
  Architecture architecture;
  architecture.channel_width = 6;
  ASSERT_EQ(faults_of(architecture).size(), 1u);
  EXPECT_EQ(faults_of(architecture)[0].cure, "set channel_width within 8 .. 1000");
  architecture.channel_width = 8;
  EXPECT_TRUE(faults_of(architecture).empty());
}

TEST(Validate, WantsAnEvenChannelWidth) {
  Architecture architecture;
  architecture.channel_width = 101;
  ASSERT_EQ(faults_of(architecture).size(), 1u);
  EXPECT_THAT(faults_of(architecture)[0].cure, HasSubstr("even"));
}

TEST(Validate, HoldsEveryDelayToItsRange) {
  for (int fabric::Delays::*delay :
       {&fabric::Delays::lut, &fabric::Delays::setup, &fabric::Delays::clock_to_q,
        &fabric::Delays::local_in, &fabric::Delays::local_back, &fabric::Delays::output,
        &fabric::Delays::input_pad, &fabric::Delays::output_pad, &fabric::Delays::multiplexer,
        &fabric::Delays::connection})
    for (const int value : {-1, 1'000'001}) {
      Architecture architecture;
      architecture.delays.*delay = value;
      EXPECT_EQ(faults_of(architecture).size(), 1u);
    }
}

TEST(Validate, RefusesLoadsOutOfRange) {
  for (double fabric::Delays::*load :
       {&fabric::Delays::driver_resistance, &fabric::Delays::driver_capacitance,
        &fabric::Delays::wire_resistance, &fabric::Delays::wire_capacitance,
        &fabric::Delays::multiplexer_capacitance, &fabric::Delays::connection_capacitance})
    for (const double value : {-0.1, 10'000.5, std::nan("")}) {
      Architecture architecture;
      architecture.delays.*load = value;
      EXPECT_EQ(faults_of(architecture).size(), 1u);
    }
}

TEST(Validate, CollectsAllFaults) {
  Architecture architecture;
  architecture.columns = 0;
  architecture.fc_in_percent = 0;
  architecture.delays.multiplexer = 0;
  EXPECT_EQ(faults_of(architecture).size(), 3u);
}

}  // namespace
