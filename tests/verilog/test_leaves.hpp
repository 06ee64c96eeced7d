// Signatures of the leaves in tests/verilog/rtl.
#pragma once

#include <filesystem>

#include "verilog/signature.hpp"

namespace test_leaves {

inline std::filesystem::path rtl() {
  return std::filesystem::path(FPSA_SOURCE_DIR) / "tests" / "verilog" / "rtl";
}

inline verilog::Signature parity() {
  using namespace verilog;
  return {.name = "fpsa_test_parity",
          .parameters = {{"Width", 2}},
          .ports = {in("data_i", param("Width")), out("parity_o")}};
}

inline verilog::Signature stage() {
  using namespace verilog;
  return {.name = "fpsa_test_stage",
          .parameters = {{"Lanes", 4},
                         {"Bits", 3},
                         {"SumBits", param("Bits") + clog2(param("Lanes"))},
                         {"InitFile", ""}},
          .ports = {in("clk_i"), in("data_i", param("Lanes") * param("Bits")), in("enable_i"),
                    out("data_o", param("Lanes") * param("Bits")), out("sum_o", param("SumBits")),
                    out("parity_o")},
          .needs = {"fpsa_test_parity"}};
}

}  // namespace test_leaves
