#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"
#include "golden.hpp"
#include "verilog/random_netlist.hpp"
#include "verilog/tools.hpp"

namespace verilog {
namespace {

std::string print_top(const Design& design) { return print(*design.find(design.top()), design); }

/// Everything a module can hold, named as ONNX would.
Design showcase() {
  Module lane("fpsa_lane", {"One lane: a stage and its parity."});
  const Net clk = lane.input("clk_i");
  const Net data = lane.input("data_i", 6);
  const Net sum = lane.output("sum_o", 4);
  lane.instance(test_leaves::stage(), "u_stage")
      .parameter("Lanes", 2)
      .parameter("Bits", 3)
      .parameter("InitFile", "mem/w.mem")
      .port("clk_i", clk)
      .port("data_i", data)
      .port("enable_i", constant(1, 1))
      .port("sum_o", sum);

  Module top("/model/Gemm_0",
             {"fpsa_top: two lanes and a wide word.", "",
              "  Drawn from a network; names such as /model/Gemm_output_0 are made "
              "legal, and a header line as long as this one is broken at a blank."});
  top.comment("Clock");
  const Net clock = top.input("clk_i");
  top.comment("Streams");
  const Net input = top.input("/model/input_0", 12);
  const Net output = top.output("/model/Gemm_output_0", 10);
  const Net wide = top.output("wide_o", 700);
  const Net sums = top.wire("sums", 8);
  top.comment("Both lanes take the same clock.");
  for (int i : {0, 1})
    top.instance(lane, fmt::format("u_lane{}", i))
        .port("clk_i", clock)
        .port("data_i", input.slice(6 * i, 6))
        .port("sum_o", sums.slice(4 * i, 4));
  const Net parity = top.wire("parity");
  top.comment("Repeated bits.");
  top.assign(output, concat({replicate(2, sums.bit(7)), sums}));
  std::vector<Expr> row;
  for (int i = 0; i < 60; ++i) row.push_back(sums.slice(i % 7, 2));
  row.push_back(replicate(20, parity));
  base::Bits bits(300);
  for (int i = 0; i < 300; i += 3) bits.set(i, true);
  row.push_back(constant(bits));
  row.push_back(input);
  row.push_back(constant(248, 0));
  top.assign(wide, concat(row));
  top.instance(test_leaves::parity(), "wire")
      .parameter("Width", 12)
      .port("data_i", input)
      .port("parity_o", parity);

  Design design("/model/Gemm_0");
  design.add(std::move(lane));
  design.add(std::move(top));
  return design;
}

TEST(Print, Golden) {
  verify(showcase());
  const Design design = legalize(showcase());
  verify(design);
  expect_golden("verilog/fpsa_lane.v", print(*design.find("fpsa_lane"), design));
  expect_golden("verilog/model_Gemm0.v", print_top(design));
  tools::expect_accepted(design, "print_golden");
}

TEST(Print, LinesAreShortAndWithoutTrailingBlanks) {
  const Design design = legalize(showcase());
  std::istringstream text(print_top(design));
  for (std::string line; std::getline(text, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Print, QuotesTexts) {
  Module top("top");
  const Signature leaf{.name = "odd", .parameters = {{"File", ""}}, .ports = {out("y_o")}};
  top.instance(leaf, "u_odd").parameter("File", R"(a "b\ c)");
  Design design("top");
  design.add(std::move(top));
  const Design legal = legalize(design);
  EXPECT_THAT(print_top(legal), testing::HasSubstr(R"(.File("a \"b\\ c"))"));
}

TEST(Print, LetsNoLineOutOfAComment) {
  Module top("top", {"of \"a\nendmodule\"", std::string(60, 'x') + "\r\n" + std::string(60, 'y')});
  top.comment("b\n`include \"/etc/passwd\"");
  top.output("y_o");
  top.assign(*top.find("y_o"), constant(1, 0));
  Design design("top");
  design.add(std::move(top));
  std::istringstream text(print_top(design));
  int comments = 0;
  for (std::string line; std::getline(text, line) && !line.starts_with(");");) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string::npos && line.compare(first, 2, "//") == 0) ++comments;
    for (const char* word : {"endmodule", "include", "yyy"})
      if (line.find(word) != std::string::npos) {
        EXPECT_EQ(line.find("//"), first) << line;
      }
  }
  EXPECT_EQ(comments, 3);
}

TEST(Print, WantsLegalNames) {
  const Design design = showcase();
  try {
    print_top(design);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults()[0].code, base::Code::kNetlistInvalid);
    EXPECT_THAT(error.faults()[0].what, testing::HasSubstr("/model/Gemm_0"));
  }
}

TEST(Print, WantsOutputsClosed) {
  const Design design = showcase();
  EXPECT_THROW(print(*design.find("fpsa_lane"), design), base::Error);
}

TEST(Legalize, KeepsPortsOfTheTopThatAreLegal) {
  const Design design = legalize(showcase());
  EXPECT_EQ(design.top(), "model_Gemm0");
  const Module& top = *design.find(design.top());
  EXPECT_TRUE(top.find("clk_i") && top.find("wide_o") && top.find("model_Gemm_output0"));
}

TEST(Legalize, RenamesPortsWhereTheyAreConnected) {
  Module child("child");
  child.assign(child.output("/y_0"), child.input("/a_0"));
  Module top("top");
  top.instance(child, "u_child").port("/a_0", top.input("a_i")).port("/y_0", top.output("y_o"));
  Design design("top");
  design.add(std::move(child));
  design.add(std::move(top));
  const Design legal = legalize(design);
  verify(legal);
  const auto& ports = legal.find("top")->instances()[0].ports();
  EXPECT_EQ(ports[0].first, "a0");
  EXPECT_EQ(ports[1].first, "y0");
}

TEST(Legalize, ModuleNamesDifferInMoreThanCaseAndLeavesKeepTheirs) {
  Module first("Lane");
  first.assign(first.output("y_o"), constant(1, 0));
  Module second("lane");
  second.assign(second.output("y_o"), constant(1, 0));
  Module third("FPSA_test_parity");
  third.instance(test_leaves::parity(), "u_leaf")
      .port("data_i", constant(2, 0))
      .port("parity_o", third.output("y_o"));
  Module top("top");
  top.instance(first, "u_first");
  top.instance(second, "u_second");
  top.instance(third, "u_third");
  Design design("top");
  for (Module* module : {&first, &second, &third, &top}) design.add(*module);
  const Design legal = legalize(design);
  EXPECT_THAT(legal.module_files(),
              testing::ElementsAre("Lane", "lane_alt2", "FPSA_test_parity_alt2", "top"));
  verify(legal);
}

TEST(Legalize, TiesOpenOutputsToUnusedNets) {
  const Design design = legalize(showcase());
  const Module& lane = *design.find("fpsa_lane");
  ASSERT_TRUE(lane.find("unused_u_stage_data_o"));
  EXPECT_EQ(lane.find("unused_u_stage_data_o")->width, 6);
}

std::string print_all(const Design& design) {
  std::string text;
  for (const auto& name : design.module_files()) text += print(*design.find(name), design);
  return text;
}

TEST(Random, LegalizeIsIdempotentAndDeterministic) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Design design = random_netlist::design(seed);
    verify(design);
    const Design once = legalize(design);
    verify(once);
    EXPECT_EQ(print_all(once), print_all(legalize(once))) << seed;
    EXPECT_EQ(print_all(once), print_all(legalize(random_netlist::design(seed)))) << seed;
  }
}

TEST(Random, ToolsReadWhatWasBuilt) {
  for (std::uint64_t seed = 1000; seed < 1004; ++seed) {
    SCOPED_TRACE(seed);
    tools::expect_accepted(legalize(random_netlist::design(seed)), "random");
  }
}

}  // namespace
}  // namespace verilog
