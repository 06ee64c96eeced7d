// Tables by hand: what a window answers, and what the module carries.
#include "units/table/table.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "units/table/unit.hpp"
#include "verilog/names.hpp"

namespace units {
namespace {

using config::Train;

quant::IntegerBatch batch(std::initializer_list<std::initializer_list<int>> rows) {
  quant::IntegerBatch values(static_cast<Eigen::Index>(rows.size()),
                             static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index r = 0;
  for (const auto& row : rows) {
    Eigen::Index c = 0;
    for (const int value : row) values(r, c++) = value;
    ++r;
  }
  return values;
}

// Codes of two bits, one channel: 0 1 2 3 become 3 0 2 1.
TableConfig shuffle() {
  TableConfig config;
  config.activation_bits = config.input_bits = config.output_bits = 2;
  config.values = {3, 0, 2, 1};
  return config;
}

// Signed two bits: 3, 2, 1 below zero become -1, 1, 0; 0 to 3 become 1, -3, 2, 3.
TableConfig mixed() {
  TableConfig config = shuffle();
  config.channels = 2;
  config.activation_bits = 3;
  config.signed_input = config.signed_output = true;
  config.values = {1, -3, 2, 3, 1, 0, 1, -1};
  return config;
}

TEST(Table, AnswersWindowByWindow) {
  for (const Train train : {Train::kBinary, Train::kRate}) {
    TableConfig config = shuffle();
    config.train = train;
    const Trains in = encode(batch({{0}, {1}, {2}, {3}}), train, 2);
    EXPECT_EQ(through(config, in), encode(batch({{3}, {0}, {2}, {1}}), train, 2));
  }
}

TEST(Table, HasALegalNameWhateverItsChecksum) {
  TableConfig config = shuffle();
  for (config.values[0] = 0; config.values[0] < 500; ++config.values[0])
    EXPECT_TRUE(verilog::is_legal_name(module_name(config), verilog::NameKind::kModule))
        << module_name(config);
}

TEST(Table, TakesPairsOfLanes) {
  for (const Train train : {Train::kBinary, Train::kRate}) {
    TableConfig config = mixed();
    config.train = train;
    // Lanes: x+ of both channels, x- of both.
    const Trains in = encode(batch({{0, 1, 0, 0}, {3, 0, 0, 3}, {0, 0, 2, 1}}), train, 3);
    const Trains out = encode(batch({{1, 0, 0, 3}, {3, 0, 0, 1}, {1, 0, 0, 0}}), train, 3);
    EXPECT_EQ(through(config, in), out);
  }
}

TEST(Table, ReadsNoMoreThanItsInputBits) {
  TableConfig config = shuffle();
  config.activation_bits = 3;
  EXPECT_EQ(through(config, encode(batch({{6}}), Train::kBinary, 3)),
            encode(batch({{2}}), Train::kBinary, 3));
  config.train = Train::kRate;
  EXPECT_EQ(through(config, encode(batch({{6}}), Train::kRate, 3)),
            encode(batch({{1}}), Train::kRate, 3));
}

TEST(Table, AnswersAWindowAndATickLater) {
  EXPECT_EQ(TableUnit(shuffle()).latency(), 3);
  TableConfig config = mixed();
  config.train = Train::kRate;
  const TableUnit unit(config);
  EXPECT_EQ(unit.latency(), 9);
  EXPECT_EQ(unit.kind(), "table");
  EXPECT_EQ(unit.ports()[unit.port("spike_i")].lanes, 4);
  EXPECT_EQ(unit.ports()[unit.port("spike_o")].lanes, 4);
}

TEST(Table, HasLanesBySigns) {
  TableConfig config = mixed();
  config.signed_output = false;
  EXPECT_EQ(input_lanes(config), 4);
  EXPECT_EQ(output_lanes(config), 2);
}

// Bits of 3 0 2 1, the highest first, each from the highest code down: 0101 and 1001.
TEST(Table, IsTruthTablesInItsModule) {
  const verilog::Module module = structure(shuffle());
  ASSERT_EQ(module.instances().size(), 2);
  EXPECT_EQ(std::get<std::string>(module.instances()[1].given().at("Truth")), "1121");
  const verilog::Module pairs = structure(mixed());
  // Minus: of -1 and -3; twos: of 3, 2, -3; ones: of all but 0 and 2.
  EXPECT_EQ(std::get<std::string>(pairs.instances()[1].given().at("Truth")), "200200323123");
}

TEST(Table, HasANameOfItsOwn) {
  TableConfig other = shuffle();
  other.values[3] = 2;
  EXPECT_NE(module_name(shuffle()), module_name(other));
  EXPECT_EQ(module_name(shuffle()), module_name(shuffle()));
  for (auto change :
       {+[](TableConfig& c) { c.channels = 2; }, +[](TableConfig& c) { c.train = Train::kRate; },
        +[](TableConfig& c) { c.activation_bits = 3; }, +[](TableConfig& c) { c.output_bits = 3; },
        +[](TableConfig& c) { c.signed_output = true; }}) {
    TableConfig changed = shuffle();
    change(changed);
    EXPECT_NE(module_name(shuffle()), module_name(changed));
  }
}

TEST(Table, RefusesWhatIsNoTable) {
  for (auto damage :
       {+[](TableConfig& c) { c.values.pop_back(); }, +[](TableConfig& c) { c.values[1] = 4; },
        +[](TableConfig& c) { c.values[1] = -1; }, +[](TableConfig& c) { c.input_bits = 3; },
        +[](TableConfig& c) { c.output_bits = 3; }, +[](TableConfig& c) { c.output_bits = 0; },
        +[](TableConfig& c) { c.channels = 0; }, +[](TableConfig& c) { c.signed_input = true; }}) {
    TableConfig damaged = shuffle();
    damage(damaged);
    EXPECT_THROW(TableUnit{damaged}, base::Error);
  }
  TableConfig negative = shuffle();
  negative.signed_output = true;
  negative.values[2] = -3;
  EXPECT_NO_THROW(TableUnit{negative});
}

}  // namespace
}  // namespace units
