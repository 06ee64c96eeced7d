// The faults that mutants_of() finds in small sources.
#include "mutants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Around one line of a module's body, which stands alone in its line.
std::string around(const std::string& line) {
  return "// a + b\nmodule m #(parameter A = 1 + 2) (input wire [3+4:0] a_i);\n  " + line +
         "\nendmodule\n";
}

std::vector<std::string> faults_of(const std::string& line) {
  const std::string source = around(line);
  std::vector<std::string> faults;
  for (const mutation::Mutant& mutant : mutation::mutants_of(source)) {
    EXPECT_EQ(mutant.line, 3u);
    faults.push_back(mutation::faulty_line(source, mutant));
  }
  return faults;
}

TEST(Mutants, SwapOperatorsWithTheirNeighbours) {
  EXPECT_THAT(faults_of("assign y = a && b || c;"),
              ElementsAre("assign y = a || b || c;", "assign y = a && b && c;"));
  EXPECT_THAT(faults_of("assign y = &a & ~b;"),
              ElementsAre("assign y = |a & ~b;", "assign y = &a | ~b;", "assign y = &a & b;"));
  EXPECT_THAT(faults_of("assign y = a == b;"), ElementsAre("assign y = a != b;"));
  EXPECT_THAT(faults_of("assign y = a + b - c;"),
              ElementsAre("assign y = a - b - c;", "assign y = a + b + c;"));
}

TEST(Mutants, TakeNegationsAway) {
  EXPECT_THAT(faults_of("assign y = !a;"), ElementsAre("assign y = a;"));
}

TEST(Mutants, MakeConditionsConstantOrOpposite) {
  EXPECT_THAT(faults_of("assign y = a ? b : c;"),
              ElementsAre("assign y = a || 1'b1 ? b : c;", "assign y = a && 1'b0 ? b : c;"));
  EXPECT_THAT(faults_of("always @* if (a) y = b;"), ElementsAre("always @* if (!(a)) y = b;"));
}

TEST(Mutants, ChangeLiteralsByOne) {
  EXPECT_THAT(faults_of("assign y = 4'd7;"), ElementsAre("assign y = 4'd6;"));
  EXPECT_THAT(faults_of("assign y = 1'b0;"), ElementsAre("assign y = 1'b1;"));
  EXPECT_THAT(faults_of("assign y = a[2];"), ElementsAre("assign y = a[3];"));
}

TEST(Mutants, TellAssignmentsFromComparisons) {
  EXPECT_THAT(faults_of("always @(posedge c) {x, y[k]} <= a;"),
              ElementsAre("always @(posedge c) /* {x, y[k]} <= a */;"));
  EXPECT_THAT(faults_of("always @(posedge c) y[k] <= a;"),
              ElementsAre("always @(posedge c) /* y[k] <= a */;"));
  EXPECT_THAT(faults_of("assign y = a <= b;"), ElementsAre("assign y = a < b;"));
  EXPECT_THAT(faults_of("assign y = (a <= b);"), ElementsAre("assign y = (a < b);"));
}

TEST(Mutants, LeaveWidthsHeadsAndGuardsAlone) {
  for (const char* line :
       {"wire [A+1:0] y;", "localparam A_BITS = A + 1;", "wire unused_y = &{1'b0, a};",
        "assign y[A-1:0] = a;", "assign y = {(A+1){b}};", "for (k = 0; k < A; k = k + 1) begin end",
        "if (A < 1 || A > 4) begin : gen_limits m_parameter_out_of_range u_limits (); end",
        "initial if (A < 1) $fatal(1, \"A + 1\");", "// a + b", "genvar k;", "integer i;"})
    EXPECT_THAT(faults_of(line), IsEmpty()) << line;
  EXPECT_THAT(faults_of("assign y = a[A*k +: A+1];"), ElementsAre("assign y = a[A+k +: A+1];"));
  EXPECT_THAT(faults_of("assign y = {(A+1){!b}};"), ElementsAre("assign y = {(A+1){b}};"));
}

TEST(Mutants, DifferFromTheSourceInOnePlaceEach) {
  const std::string source = around("assign y = a && b;");
  const auto mutants = mutation::mutants_of(source);
  ASSERT_EQ(mutants.size(), 1u);
  EXPECT_EQ(mutation::mutate(source, mutants[0]), around("assign y = a || b;"));
}

}  // namespace
