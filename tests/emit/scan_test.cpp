// The scan wrapper: every port bit of the unit is on the chain, once.
#include "emit/scan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "temporary_folder.hpp"

namespace {

const std::vector<emit::UnitPort> kPorts{
    {"clk_i", true, 1}, {"data_i", true, 8}, {"ready_o", false, 1}, {"spike_o", false, 5}};

TEST(ScanWrapper, DrivesAndObservesEveryPort) {
  const verilog::Design design = emit::scan_wrapper("fpsa_unit", kPorts);
  EXPECT_EQ(design.top(), "fpsa_unit_scan");
  const std::string text = print(*design.find(design.top()), design);
  for (const char* part : {"wire [7:0] drive;", "wire [5:0] observe;", "fpsa_unit u_unit (",
                           ".clk_i  (clk_i)", ".data_i (drive)", ".ready_o(observe[0])",
                           ".spike_o(observe[5:1])", ".Inputs (8)", ".Outputs(6)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
}

TEST(ScanWrapper, ComesWithItsLeafAndItsFileList) {
  const test::TemporaryFolder folder;
  const std::filesystem::path leaves = std::filesystem::path(FPSA_SOURCE_DIR) / "rtl";
  emit::write_scan_wrapper(folder.path(), emit::scan_wrapper("fpsa_unit", kPorts), leaves);
  EXPECT_EQ(base::read_file(folder.path() / "design.f"), "fpsa_scan_pins.v\nfpsa_unit_scan.v\n");
  EXPECT_EQ(base::read_file(folder.path() / "fpsa_scan_pins.v"),
            base::read_file(leaves / "fpsa_scan_pins.v"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "fpsa_unit_scan.v"));
}

}  // namespace
