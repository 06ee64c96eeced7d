// Random networks whose inputs, and outputs, are maps of several sizes: the RTL equals its
// emulation however the streams stall, and counts the clocks that the replay of its tokens says.
#include "core/duplicate.hpp"
#include "maps_rig.hpp"

namespace {

test::Rig random_rig(std::uint64_t seed, const std::string& name) {
  base::Rng rng(seed);
  const test::MapShape shape{.moves = seed % 3 == 0,
                             .inputs = static_cast<int>(rng.between(1, 3)),
                             .outputs = static_cast<int>(rng.between(2, 3)),
                             .seed = seed};
  const test::MapSpec spec = test::random_map_spec(shape, 2, rng);
  const core::Program once = core::lower(spec.network, {spec.pe.rows, spec.pe.cols});
  const int degree = static_cast<int>(rng.between(1, 3));
  return spec.rig(name + std::to_string(seed), core::balanced(spec.network, once, degree));
}

class Frames : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Frames, EqualTheirEmulationAndTheirReplay) {
  test::expect_equal_in_verilator(random_rig(GetParam(), "frames_verilator"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Sizes, Frames, ::testing::Range<std::uint64_t>(1, 17));

class FramesInIcarus : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FramesInIcarus, HaveNothingUnknown) {
  test::expect_equal_in_icarus(random_rig(GetParam(), "frames_icarus"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Sizes, FramesInIcarus, ::testing::Range<std::uint64_t>(17, 23));

}  // namespace
