// Many random netlists through all tools: what print_test.cpp does with four.
#include <gtest/gtest.h>

#include "verilog/random_netlist.hpp"
#include "verilog/tools.hpp"

namespace {

TEST(LintSweep, ToolsReadWhatWasBuilt) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    tools::expect_accepted(verilog::legalize(random_netlist::design(seed)), "lint_sweep");
  }
}

}  // namespace
