// Random networks that walk over maps: the RTL equals its emulation however the streams stall, and
// counts the clocks that the replay of its tokens says.
#include "maps_rig.hpp"

namespace {

// Every second network sees its maps moved.
test::Rig random_rig(std::uint64_t seed, const std::string& name) {
  base::Rng rng(seed);
  const test::MapSpec spec = test::random_map_spec({.moves = seed % 2 == 0, .seed = seed}, 3, rng);
  core::Duplication duplication;
  if (rng.below(3) != 0) duplication = test::random_duplication(spec.network, seed);
  return spec.rig(name + std::to_string(seed), duplication);
}

class MapNetwork : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(MapNetwork, EqualsItsEmulationAndItsReplay) {
  test::expect_equal_in_verilator(random_rig(GetParam(), "maps_verilator"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Maps, MapNetwork, ::testing::Range<std::uint64_t>(1, 37));

// Its channel past the others holds more lines than a walk takes by itself.
TEST(LongWayRound, EqualsItsEmulationAndItsReplay) {
  const test::Rig rig =
      test::build_rig(test::long_way_round(8), {}, {}, test::fresh_folder("long_way_round"),
                      test::kMapSamples, config::Islands::kAuto);
  test::expect_equal_in_verilator(rig, 1);
}

class UnknownFree : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(UnknownFree, InIcarus) {
  test::expect_equal_in_icarus(random_rig(GetParam(), "maps_icarus"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Maps, UnknownFree, ::testing::Range<std::uint64_t>(37, 53));

}  // namespace
