// House rules for hand-written Verilog that no tool holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "declared_first.hpp"

namespace {

namespace fs = std::filesystem;
const fs::path kSource = FPSA_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Verilog, NamesAreDeclaredBeforeTheirUse) {
  int files = 0;
  for (const char* folder : {"rtl", "tb", "bench", "tests"})  // techmaps list ports without types
    for (const auto& entry : fs::recursive_directory_iterator(kSource / folder)) {
      if (entry.path().extension() != ".v") continue;
      ++files;
      EXPECT_THAT(declared_first::faults(read(entry.path())), ::testing::IsEmpty()) << entry.path();
    }
  EXPECT_GT(files, 50);
}

TEST(Verilog, AnEarlyUseIsFound) {
  using declared_first::faults;
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  EXPECT_THAT(faults("module m;\n  wire a = b[0];\n  wire [1:0] b;\nendmodule\n"),
              ElementsAre("line 2: b"));
  EXPECT_THAT(faults("module m(input wire [N-1:0] a);\n  localparam N = 1;\nendmodule\n"),
              ElementsAre("line 1: N"));
  EXPECT_THAT(faults("module m;\n  if (1) begin : g\n    assign x = 1'b0;\n  end\n  wire x;\n"
                     "endmodule\n"),
              ElementsAre("line 3: x"));
  EXPECT_THAT(faults("module m;\n  if (1) begin : g\n    wire x = 1'b0;\n  end\n  wire x, y = x;\n"
                     "  n u(.y(x)); // z\n  wire z;\nendmodule\n"),
              IsEmpty());
}

}  // namespace
