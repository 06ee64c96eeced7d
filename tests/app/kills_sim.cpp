// A run that is killed at a random moment, once by each signal; flows/kills.sh says what it is held
// to.
#include <gtest/gtest.h>

#include "app/small_project.hpp"
#include "base/subprocess.hpp"

namespace {

TEST(Kills, LeaveNothingBehindAndNothingClaimed) {
  const test::SmallProject project;
  const base::Finished ended =
      base::run({.argv = {FPSA_SOURCE_DIR "/flows/kills.sh", "4", project / "spec.toml"},
                 .environment = {{"FPSA", FPSA_BINARY_DIR "/fpsa"}},
                 .directory = {},
                 .log = {}});
  EXPECT_EQ(ended.status, 0) << ended.output;
}

}  // namespace
