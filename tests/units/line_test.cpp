// The line walk's closed forms against plain loops over positions, and its emulation by hand.
#include "units/line/line.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/error.hpp"
#include "base/rng.hpp"
#include "units/line/bench.hpp"
#include "units/line/walk.hpp"
#include "verilog/names.hpp"

namespace units {
namespace {

LineAxis random_axis(base::Rng& rng) {
  const auto draw = [&rng](int low, int high) { return static_cast<int>(rng.between(low, high)); };
  LineAxis axis;
  do {
    axis = {draw(1, 10), draw(1, 5), draw(1, 4), draw(1, 3), draw(0, 4), draw(0, 4)};
    if (rng.below(2)) axis.repeat = draw(1, 4);
    if (rng.below(3) == 0) axis.crop_begin = draw(0, axis.lines() - 1);
    if (rng.below(3) == 0) axis.crop_end = draw(0, axis.lines() - 1 - axis.crop_begin);
  } while (axis.extent() >= axis.pad_begin + axis.seen() + axis.pad_end);
  return axis;
}

LineShape random_shape(std::uint64_t seed) {
  base::Rng rng(seed);
  LineShape shape{random_axis(rng), random_axis(rng), static_cast<int>(rng.between(1, 4))};
  if (rng.below(2)) shape.beside = static_cast<int>(rng.between(1, shape.cols.size));
  shape.deals = rng.below(3) == 0;
  return shape;
}

// Tokens of the map that the taps of one firing lie on, found one by one.
std::set<std::int64_t> taps_of(const LineShape& shape, std::int64_t firing) {
  std::set<std::int64_t> taps;
  std::int64_t at = 0;
  for (int row = 0; row < shape.rows.windows(); ++row)
    for (int col = 0; col < shape.cols.windows(); col += shape.neighbours, ++at) {
      if (at != firing) continue;
      for (int n = 0; n < shape.neighbours && col + n < shape.cols.windows(); ++n)
        for (int i = 0; i < shape.rows.kernel; ++i)
          for (int j = 0; j < shape.cols.kernel; ++j) {
            const int y = row * shape.rows.stride + i * shape.rows.dilation - shape.rows.pad_begin;
            const int x =
                (col + n) * shape.cols.stride + j * shape.cols.dilation - shape.cols.pad_begin;
            if (y < 0 || y >= shape.rows.seen() || x < 0 || x >= shape.cols.seen()) continue;
            const int line = (y + shape.rows.crop_begin) / shape.rows.repeat;
            const int place = (x + shape.cols.crop_begin) / shape.cols.repeat;
            taps.insert(std::int64_t{line} * shape.tokens_a_row() + place / shape.beside);
          }
    }
  return taps;
}

TEST(LineWalk, NeedsWhatItReadsAndFreesNothingThatIsReadLater) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const LineShape shape = random_shape(seed);
    std::int64_t least = shape.tokens();  // that later firings read
    for (std::int64_t firing = shape.firings() - 1; firing >= 0; --firing) {
      EXPECT_LE(freed(shape, firing), least) << "seed " << seed << " firing " << firing;
      const std::set<std::int64_t> taps = taps_of(shape, firing);
      if (taps.empty()) continue;
      EXPECT_GT(reached(shape, firing), *taps.rbegin()) << "seed " << seed << " firing " << firing;
      least = std::min(least, *taps.begin());
    }
  }
}

// Only windows that lie in the padding wait for less.
TEST(LineWalk, WaitsForNothingInThePaddingIfItRunsAhead) {
  int less = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const LineShape waits = random_shape(seed);
    LineShape ahead = waits;
    ahead.ahead = true;
    for (std::int64_t firing = 0; firing < waits.firings(); ++firing) {
      EXPECT_EQ(frees(ahead, firing), frees(waits, firing));
      if (need(ahead, firing) == need(waits, firing)) continue;
      ++less;
      EXPECT_EQ(need(waits, firing), 1) << "seed " << seed << " firing " << firing;
      EXPECT_EQ(need(ahead, firing), 0) << "seed " << seed << " firing " << firing;
      EXPECT_TRUE(taps_of(ahead, firing).empty()) << "seed " << seed << " firing " << firing;
    }
  }
  EXPECT_GT(less, 100);
}

// Lines that memory skips are lines behind the others that no window sees.
TEST(LineWalk, SkipsLinesThatNoWindowSees) {
  int skips = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    base::Rng rng(seed);
    LineConfig skipped{.channels = 2, .value_bits = 3, .write = {}, .read = {}, .shape = {}};
    skipped.write.bits = skipped.read.bits = 3;
    if (seed % 3 == 0) skipped.read.code = BusCode::kRate;
    skipped.shape = random_shape(seed);
    LineConfig cropped = skipped;
    for (const auto& [one, other] : {std::pair(&skipped.shape.rows, &cropped.shape.rows),
                                     std::pair(&skipped.shape.cols, &cropped.shape.cols)}) {
      one->skipped = static_cast<int>(rng.between(0, 3));
      other->size += one->skipped;
      other->crop_end += one->skipped * one->repeat;
    }
    skips += skipped.shape.takes_all() ? 0 : 1;
    EXPECT_EQ(skipped.shape.sent(), cropped.shape.tokens());
    Trains sent(write_lanes(skipped),
                2 * static_cast<std::size_t>(skipped.shape.sent() * window_ticks(skipped.write)));
    for (std::size_t t = 0; t < sent.ticks(); ++t)
      for (int lane = 0; lane < sent.lanes(); ++lane)
        if (rng.below(2)) sent.set(t, lane);
    EXPECT_EQ(through(skipped, sent), through(cropped, sent)) << "seed " << seed;
  }
  EXPECT_GT(skips, 40);
}

TEST(LineWalk, FreesAMapsTokensOnceEach) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const LineShape shape = random_shape(seed);
    std::int64_t all = 0;
    for (std::int64_t firing = 0; firing < shape.firings(); ++firing) {
      EXPECT_GE(frees(shape, firing), 0);
      EXPECT_GE(need(shape, firing), frees(shape, firing));
      EXPECT_LE(need(shape, firing), least_tokens(shape));
      all += frees(shape, firing);
    }
    EXPECT_EQ(all, shape.tokens()) << "seed " << seed;
  }
}

// Without dilation and crops, and windows that all reach into the map, nothing is waited for or
// kept in vain.
TEST(LineWalk, IsExactForWindowsWithoutGaps) {
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    LineShape shape = random_shape(seed);
    shape.rows.dilation = shape.cols.dilation = 1;
    bool inside = true;
    for (LineAxis* axis : {&shape.rows, &shape.cols}) {
      axis->crop_begin = axis->crop_end = 0;
      axis->pad_begin = std::min(axis->pad_begin, axis->extent());
      axis->pad_end = std::min(axis->pad_end, axis->extent());
      inside = inside && axis->extent() < axis->pad_begin + axis->seen() + axis->pad_end;
    }
    if (!inside) continue;
    ++seen;
    std::int64_t least = shape.tokens();
    for (std::int64_t firing = shape.firings() - 1; firing >= 0; --firing) {
      EXPECT_EQ(freed(shape, firing), least) << "seed " << seed << " firing " << firing;
      const std::set<std::int64_t> taps = taps_of(shape, firing);
      ASSERT_FALSE(taps.empty());
      EXPECT_EQ(reached(shape, firing), std::max(*taps.rbegin() + 1, least)) << "seed " << seed;
      least = std::min(least, *taps.begin());
    }
  }
  EXPECT_GT(seen, 100);
}

// 3x3 with a border of zeros on 4x5: a row and two tokens first, then a token a firing; a firing
// lets go of what only it and its left neighbours look at.
TEST(LineWalk, HasALegalNameWhateverItsChecksum) {
  LineConfig config;
  for (config.channels = 1; config.channels <= 500; ++config.channels)
    EXPECT_TRUE(verilog::is_legal_name(module_name(config), verilog::NameKind::kModule))
        << module_name(config);
}

TEST(LineWalk, CountsByHand) {
  const LineShape shape{{4, 3, 1, 1, 1, 1}, {5, 3, 1, 1, 1, 1}};
  EXPECT_EQ(reached(shape, 0), 7);
  EXPECT_EQ(reached(shape, 3), 10);
  EXPECT_EQ(reached(shape, 4), 10);
  EXPECT_EQ(freed(shape, 4), 0) << "the second row of windows begins with the map, too";
  EXPECT_EQ(reached(shape, 5), 12);
  EXPECT_EQ(freed(shape, 5), 0);
  EXPECT_EQ(freed(shape, 6), 1);
  EXPECT_EQ(freed(shape, 9), 5);
  EXPECT_EQ(reached(shape, 15), 17);
  EXPECT_EQ(reached(shape, 18), 20);
  EXPECT_EQ(frees(shape, 19), 20 - freed(shape, 18));
  EXPECT_EQ(least_tokens(shape), 13);
}

// A stride passes over tokens: they are waited for, and let go.
TEST(LineWalk, WaitsForWhatItPassesOver) {
  const LineShape shape{{3, 1, 2, 1, 0, 0}, {4, 1, 3, 1, 0, 0}};
  EXPECT_EQ(shape.firings(), 4);
  EXPECT_EQ(freed(shape, 0), 3);
  EXPECT_EQ(reached(shape, 0), 3);
  EXPECT_EQ(freed(shape, 1), 8);
  EXPECT_EQ(reached(shape, 3), 12);
}

// 3x3 with a border of zeros on 2x5, two positions a token and two windows a firing: three tokens a
// row, of which the last one is half empty.
TEST(LineWalk, CountsTokensOfSeveralPositionsByHand) {
  const LineShape shape{{2, 3, 1, 1, 1, 1}, {5, 3, 1, 1, 1, 1}, 2, 2};
  EXPECT_EQ(shape.tokens(), 6);
  EXPECT_EQ(shape.firings(), 6);
  EXPECT_EQ(reached(shape, 0), 5) << "columns 0 to 2 of both rows";
  EXPECT_EQ(reached(shape, 1), 6);
  EXPECT_EQ(freed(shape, 2), 0) << "the second row of windows begins with the map, too";
  EXPECT_EQ(freed(shape, 3), 0) << "the next window begins in the first token";
  EXPECT_EQ(freed(shape, 4), 1) << "and the last one in column 3, that is token 1";
  EXPECT_EQ(freed(shape, 5), 6);
  EXPECT_EQ(least_tokens(shape), 6);
}

// 3x3 with a border of zeros on 2x3 seen twice along both axes: windows of 4x6.
TEST(LineWalk, CountsRepeatedLinesByHand) {
  const LineShape shape{{2, 3, 1, 1, 1, 1, 2}, {3, 3, 1, 1, 1, 1, 2}};
  EXPECT_EQ(shape.firings(), 24);
  EXPECT_EQ(reached(shape, 0), 1) << "rows 0 and 1 are the map's first";
  EXPECT_EQ(reached(shape, 1), 2) << "column 2 is the map's second";
  EXPECT_EQ(reached(shape, 5), 3);
  EXPECT_EQ(reached(shape, 6), 4) << "row 2 is the map's second";
  EXPECT_EQ(freed(shape, 11), 0) << "the third row of windows begins in row 1";
  EXPECT_EQ(freed(shape, 15), 1) << "and the last one in row 2";
  EXPECT_EQ(freed(shape, 17), 3);
  EXPECT_EQ(least_tokens(shape), 6);
}

// What windows do not see is waited for where they would, and let go in order.
TEST(LineWalk, CountsCroppedLinesByHand) {
  const LineShape shape{{5, 1, 1, 1, 0, 0, 1, 2, 1}, {4, 1, 1, 1, 0, 0, 1, 1, 2}};
  EXPECT_EQ(shape.firings(), 2);
  EXPECT_EQ(reached(shape, 0), 12) << "before row 3";
  EXPECT_EQ(freed(shape, 0), 12);
  EXPECT_EQ(reached(shape, 1), 20);
}

// A map of one position, everywhere: its token stays.
TEST(LineWalk, ShowsOnePositionEverywhere) {
  const LineShape shape{{1, 1, 1, 1, 0, 0, 3}, {1, 1, 1, 1, 0, 0, 4}};
  EXPECT_EQ(shape.firings(), 12);
  for (int firing = 0; firing < 12; ++firing) {
    EXPECT_EQ(need(shape, firing), 1);
    EXPECT_EQ(frees(shape, firing), firing == 11 ? 1 : 0);
  }
  EXPECT_EQ(line_banks(shape.rows, 1), 1);
}

TEST(LineWalk, BanksKeepTapsApart) {
  const auto banks = [](int kernel, int stride, int dilation, int neighbours, int beside = 1) {
    return line_banks({30, kernel, stride, dilation, 0, 0}, neighbours, beside);
  };
  EXPECT_EQ(banks(1, 1, 1, 1), 1);
  EXPECT_EQ(banks(3, 1, 1, 1), 3);
  EXPECT_EQ(banks(3, 2, 2, 1), 3);
  EXPECT_EQ(banks(3, 1, 3, 1), 4);
  EXPECT_EQ(banks(2, 1, 2, 1), 3);
  EXPECT_EQ(banks(3, 1, 1, 2), 4);
  EXPECT_EQ(banks(3, 2, 1, 2), 5);
  EXPECT_EQ(banks(7, 1, 1, 1), 7);
  EXPECT_EQ(banks(1, 1, 1, 1, 4), 4);
  EXPECT_EQ(banks(3, 1, 1, 1, 2), 4);
  EXPECT_EQ(banks(3, 1, 1, 4, 3), 6);
  const auto seen = [](int repeat, int kernel, int dilation) {
    return line_banks({30, kernel, 1, dilation, 0, 0, repeat}, 1);
  };
  EXPECT_EQ(seen(2, 3, 1), 2) << "three lines are two of the map";
  EXPECT_EQ(seen(2, 2, 1), 2);
  EXPECT_EQ(seen(3, 5, 1), 3);
  EXPECT_EQ(seen(2, 2, 3), 3) << "one or two lines apart";
}

LineConfig small_config() {
  LineConfig config;
  config.channels = 1;
  config.value_bits = 2;
  config.write = config.read = {BusCode::kBinary, 2};
  config.shape = {{2, 2, 1, 1, 1, 0}, {2, 2, 1, 1, 0, 0}};
  config.rows = 2;
  return config;
}

// One lane's ticks, most significant bit first, as a number a lane.
std::vector<int> values_of(const BusWindow& window) {
  std::vector<int> values(window[0].size(), 0);
  for (const base::Bits& bus : window)
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 2 * values[i] + bus.get(i);
  return values;
}

void write_map(LineEmulator& line, const LineConfig& config, const std::vector<std::int64_t>& map) {
  for (const std::int64_t value : map)
    line.write(window_of({value}, config.write, config.value_bits));
}

// Rows slowest, then columns; a row of zeros above.
TEST(Line, ShowsWindowsInOrder) {
  const LineConfig config = small_config();
  LineEmulator line(config);
  write_map(line, config, {1, 2, 3, 0});
  write_map(line, config, {2, 2, 1, 3});
  EXPECT_EQ(values_of(line.read()), (std::vector{0, 0, 1, 2}));
  EXPECT_EQ(values_of(line.read()), (std::vector{1, 2, 3, 0}));
  EXPECT_EQ(values_of(line.read()), (std::vector{0, 0, 2, 2})) << "the next map";
}

TEST(Line, ShowsNeighboursSideBySide) {
  LineConfig config = small_config();
  config.shape.rows = {1, 1, 1, 1, 0, 0};
  config.shape.cols = {3, 2, 1, 1, 0, 1};
  config.shape.neighbours = 2;
  LineEmulator line(config);
  write_map(line, config, {1, 2, 3});
  EXPECT_EQ(values_of(line.read()), (std::vector{1, 2, 2, 3}));
  EXPECT_EQ(values_of(line.read()), (std::vector{3, 0, 0, 0})) << "there is no fourth window";
}

// A row of 1, 2, each seen twice, without the first: 1, 2, 2.
TEST(Line, ShowsRepeatedLines) {
  LineConfig config = small_config();
  config.shape.rows = {1, 1, 1, 1, 0, 0};
  config.shape.cols = {2, 2, 1, 1, 1, 0, 2, 1, 0};
  LineEmulator line(config);
  write_map(line, config, {1, 2});
  EXPECT_EQ(values_of(line.read()), (std::vector{0, 1}));
  EXPECT_EQ(values_of(line.read()), (std::vector{1, 2}));
  EXPECT_EQ(values_of(line.read()), (std::vector{2, 2}));
}

// A position brings what stands in its four phases.
TEST(Line, DealsChannelsToPhases) {
  LineConfig config = small_config();
  config.shape.rows = {1, 1, 1, 1, 0, 0, 2};
  config.shape.cols = {2, 1, 1, 1, 0, 0, 2};
  config.shape.deals = true;
  EXPECT_EQ(write_lanes(config), 4);
  EXPECT_EQ(read_lanes(config), 1);
  LineEmulator line(config);
  for (const std::vector<std::int64_t>& token :
       {std::vector<std::int64_t>{0, 1, 2, 3}, {3, 2, 1, 0}})
    line.write(window_of(token, config.write, config.value_bits));
  for (const int expected : {0, 1, 3, 2, 2, 3, 1, 0})
    EXPECT_EQ(values_of(line.read()), std::vector{expected});
}

TEST(Line, TakesPositionsSideBySide) {
  LineConfig config = small_config();
  config.shape.rows = {1, 1, 1, 1, 0, 0};
  config.shape.cols = {3, 2, 1, 1, 0, 1};
  config.shape.beside = 2;
  for (const BusCode code : {BusCode::kBinary, BusCode::kRate}) {
    config.write.code = code;
    LineEmulator line(config);
    for (const std::vector<std::int64_t>& token : {std::vector<std::int64_t>{1, 2}, {3, 1}})
      line.write(window_of(token, config.write, config.value_bits));
    EXPECT_EQ(values_of(line.read()), (std::vector{1, 2}));
    EXPECT_EQ(values_of(line.read()), (std::vector{2, 3}));
    EXPECT_EQ(values_of(line.read()), (std::vector{3, 0}))
        << "what lies beyond the row is not shown";
  }
  EXPECT_EQ(write_lanes(config), 2);
  EXPECT_EQ(depth(config), 4);
}

// Trains of whole maps pass as their windows do one by one.
TEST(Line, PassesTokensOfSeveralPositions) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Rng rng(seed);
    LineConfig config = small_config();
    config.channels = 2;
    config.shape = random_shape(seed);
    Trains written(write_lanes(config), static_cast<std::size_t>(2 * 2 * config.shape.tokens()));
    LineEmulator line(config);
    for (std::int64_t token = 0; token < 2 * config.shape.tokens(); ++token) {
      const BusWindow window = random_window(config.write, write_lanes(config), 2, rng);
      line.write(window);
      put_window(window, static_cast<std::size_t>(token), written);
    }
    Trains expected(read_lanes(config), static_cast<std::size_t>(2 * 2 * config.shape.firings()));
    for (std::int64_t firing = 0; firing < 2 * config.shape.firings(); ++firing)
      put_window(line.read(), static_cast<std::size_t>(firing), expected);
    EXPECT_EQ(through(config, written), expected) << "seed " << seed;
  }
}

TEST(Line, ShowsTheLargest) {
  LineConfig config = small_config();
  config.most = true;
  LineEmulator line(config);
  write_map(line, config, {1, 2, 3, 0});
  EXPECT_EQ(values_of(line.read()), std::vector{2});
  EXPECT_EQ(values_of(line.read()), std::vector{3});
  EXPECT_EQ(read_lanes(config), 1);
}

TEST(Line, PassesTrainsOfWholeMaps) {
  LineConfig config = small_config();
  config.read = {BusCode::kRate, 2};
  Trains written(1, 8);
  for (const std::size_t t : {1U, 2U, 4U, 5U}) written.set(t, 0);  // 1, 2, 3, 0
  const Trains read = through(config, written);
  ASSERT_EQ(read.ticks(), 8U);
  EXPECT_EQ(read.lanes(), 4);
  const auto spikes = [&read](std::size_t from, int lane) {
    int count = 0;
    for (std::size_t t = from; t < from + 4; ++t) count += read.get(t, lane);
    return count;
  };
  EXPECT_EQ(spikes(0, 2), 1);
  EXPECT_EQ(spikes(0, 3), 2);
  EXPECT_EQ(spikes(4, 2), 3);
}

TEST(Line, NamesTellConfigurationsApart) {
  std::set<std::string> names;
  LineConfig config = small_config();
  names.insert(module_name(config));
  for (int* choice :
       {&config.channels, &config.value_bits, &config.write.bits, &config.read.bits,
        &config.shape.rows.size, &config.shape.rows.stride, &config.shape.cols.kernel,
        &config.shape.cols.dilation, &config.shape.rows.pad_end, &config.shape.neighbours,
        &config.shape.beside, &config.rows, &config.shape.rows.repeat, &config.shape.cols.repeat,
        &config.shape.rows.crop_begin, &config.shape.cols.crop_end}) {
    ++*choice;
    names.insert(module_name(config));
  }
  config.most = true;
  names.insert(module_name(config));
  config.shape.deals = true;
  names.insert(module_name(config));
  EXPECT_EQ(names.size(), 19U);
}

// What `check` says helps.
TEST(Line, RefusesWhatCannotWork) {
  const auto cure = [](const LineConfig& config) {
    try {
      check(config);
      return std::string("none");
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults().front().code, base::Code::kOutOfRange);
      return error.faults().front().cure;
    }
  };
  LineConfig config = small_config();
  EXPECT_EQ(cure(config), "none");
  config.rows = 1;
  EXPECT_EQ(cure(config), "--set rows=2");
  config.rows = 2;
  config.shape.beside = 3;
  EXPECT_EQ(cure(config), "--set beside=2");
  config.shape.beside = 2;
  EXPECT_EQ(cure(config), "none");
  config.shape.cols = {2, 3, 1, 2, 1, 1};
  EXPECT_EQ(cure(config), "--set kernel_cols=2");
  config.shape.cols.kernel = 2;
  EXPECT_EQ(cure(config), "none");
  config.shape.rows.crop_begin = 1;
  config.shape.rows.crop_end = 1;
  EXPECT_EQ(cure(config), "--set crop_top=0 --set crop_bottom=0");
}

}  // namespace
}  // namespace units
