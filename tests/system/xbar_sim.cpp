// The crossbars as simulation, as synthesis and as an iCE40 see them, against sums that their bench
// computes by itself.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

struct Shape {
  int rows, cols, weight_bits, is_signed, passes, ticks;
};

void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.rows << "x" << shape.cols; }

// Forms that fpsa_gated_adder comes in, with what else they need.
struct Form {
  const char* name;
  std::vector<std::string> defines;
  std::vector<std::string> files;
};

const std::vector<Form> kForms{
    {"model", {}, {"rtl/fpsa_xbar_macro.v", "rtl/fpsa_xbar_lanes.v"}},
    {"synthesis", {"SYNTHESIS"}, {"rtl/fpsa_gated_adder.v"}},
    {"ice40",
     {"SYNTHESIS", "NO_ICE40_DEFAULT_ASSIGNMENTS"},
     {"flows/yosys/ice40_gated_adder.v", "/usr/share/yosys/ice40/cells_sim.v"}}};

flow::BenchRequest request(const Shape& shape, const Form& form, const fs::path& folder) {
  flow::BenchRequest request{
      .directory = folder, .name = form.name, .top = "fpsa_xbar_tb", .parameters = {}};
  request.defines = form.defines;
  request.parameters = {{"Rows", std::to_string(shape.rows)},
                        {"Cols", std::to_string(shape.cols)},
                        {"WeightBits", std::to_string(shape.weight_bits)},
                        {"Signed", std::to_string(shape.is_signed)},
                        {"Passes", std::to_string(shape.passes)},
                        {"Ticks", std::to_string(shape.ticks)}};
  std::vector<std::string> files{"tests/rtl/fpsa_xbar_tb.v", "rtl/fpsa_xbar_parallel.v",
                                 "rtl/fpsa_xbar_serial.v",   "rtl/fpsa_first_one.v",
                                 "rtl/fpsa_column_sum.v",    "rtl/fpsa_load_register.v"};
  files.insert(files.end(), form.files.begin(), form.files.end());
  for (const std::string& file : files) request.sources.push_back(fs::path(FPSA_SOURCE_DIR) / file);
  return request;
}

class AnyCrossbar : public ::testing::TestWithParam<Shape> {};

TEST_P(AnyCrossbar, SumsTheWeightsOfTheRowsThatSpike) {
  const Shape shape = GetParam();
  const fs::path folder = test::fresh_folder("xbar_" + ::testing::PrintToString(shape));
  for (const Form& form : kForms)
    EXPECT_EQ(flow::run_bench(request(shape, form, folder)).verdict,
              "PASS " + std::to_string(shape.ticks))
        << form.name;
}

INSTANTIATE_TEST_SUITE_P(Shapes, AnyCrossbar,
                         ::testing::Values(Shape{1, 1, 1, 0, 1, 50}, Shape{1, 3, 2, 1, 1, 50},
                                           Shape{2, 5, 16, 1, 2, 50}, Shape{3, 2, 8, 0, 1, 50},
                                           Shape{4, 9, 7, 1, 2, 100}, Shape{5, 4, 8, 1, 1, 100},
                                           Shape{6, 9, 12, 1, 4, 100}, Shape{9, 6, 8, 1, 2, 100},
                                           Shape{13, 7, 5, 0, 2, 100}, Shape{16, 16, 8, 1, 2, 50},
                                           Shape{33, 5, 3, 1, 2, 50}, Shape{256, 2, 8, 1, 1, 20}));

}  // namespace
