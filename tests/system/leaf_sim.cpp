// Leaves whose rare cases no network reaches, each with a bench of its own in tests/rtl.
#include <gtest/gtest.h>

#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

// The verdict of tests/rtl/<bench>_tb.v on these leaves.
std::string verdict(const std::string& bench, const std::vector<std::string>& leaves) {
  const fs::path source = FPSA_SOURCE_DIR;
  std::vector<fs::path> sources{source / "tests" / "rtl" / (bench + "_tb.v")};
  for (const std::string& leaf : leaves) sources.push_back(source / "rtl" / (leaf + ".v"));
  return flow::run_bench({.directory = test::fresh_folder(bench),
                          .name = "rtl",
                          .top = bench + "_tb",
                          .sources = sources,
                          .parameters = {}})
      .verdict;
}

TEST(EventCounter, CarriesIntoItsHighWord) {
  EXPECT_EQ(verdict("fpsa_event_counter", {"fpsa_event_counter"}), "PASS 500");
}

TEST(LoadGuard, RefusesLoadsWhileBusyAndHoldsTheTickBehindOne) {
  EXPECT_EQ(verdict("fpsa_load_guard",
                    {"fpsa_axil_csr", "fpsa_axil_slave", "fpsa_event_counter", "fpsa_load_rank"}),
            "PASS 160");
}

}  // namespace
