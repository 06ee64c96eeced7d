// Leaves whose rare cases no network reaches, each with a bench of its own in tests/rtl.
#include <gtest/gtest.h>

#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

// The verdict of tests/rtl/<leaf>_tb.v.
std::string verdict(const std::string& leaf) {
  const fs::path source = FPSA_SOURCE_DIR;
  return flow::run_bench({.directory = test::fresh_folder(leaf),
                          .name = "rtl",
                          .top = leaf + "_tb",
                          .sources = {source / "tests" / "rtl" / (leaf + "_tb.v"),
                                      source / "rtl" / (leaf + ".v")},
                          .parameters = {}})
      .verdict;
}

TEST(EventCounter, CarriesIntoItsHighWord) { EXPECT_EQ(verdict("fpsa_event_counter"), "PASS 500"); }

}  // namespace
