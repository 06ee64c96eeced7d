// The Verilog bench of a whole network on the toy, under Icarus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "flow/icarus.hpp"
#include "toy.hpp"

namespace {

using base::Code;
using flow::Verdict;
using flow_test::fault_of;

class ToyIcarus : public testing::Test {
 protected:
  ToyIcarus() {
    flow_test::make_toy(run_.path(), 8);
    request_.directory = run_.path();
    request_.timeout = 1000;
  }

  flow::SimulationResult simulate(int mode) {
    flow_test::write_verilog_bench(run_.path(), flow_test::toy_samples(8), mode);
    return flow::simulate_icarus(request_);
  }

  flow_test::TemporaryDirectory run_;
  flow::SimulationRequest request_;
};

TEST_F(ToyIcarus, SoundDesignPassesUnderStallsAndPauses) {
  for (const double chance : {0.0, 0.5, 0.9}) {
    request_.backpressure = chance;
    request_.idle = chance / 2;
    const flow::SimulationResult result = simulate(0);
    EXPECT_EQ(result.verdict, Verdict::kPass);
    EXPECT_EQ(result.samples, 8u);
    EXPECT_EQ(result.counters->live_windows, 8u);
  }
}

TEST_F(ToyIcarus, WrongValueNamesItsElement) {
  const flow::SimulationResult result = simulate(1);
  EXPECT_EQ(result.verdict, Verdict::kMismatch);
  ASSERT_TRUE(result.first_mismatch);
  EXPECT_EQ(result.first_mismatch->text,
            "layer output stream, element 7, sample 2: expected value 0x05, the design has 0x07");
  EXPECT_EQ(fault_of([&] { flow::require_match(result); }).code, Code::kMismatch);
}

TEST_F(ToyIcarus, HangIsATimeout) {
  const flow::SimulationResult result = simulate(2);
  EXPECT_EQ(result.verdict, Verdict::kTimeout);
  EXPECT_THAT(result.hang, testing::HasSubstr("TIMEOUT sent="));
  EXPECT_EQ(fault_of([&] { flow::require_match(result); }).code, Code::kSimulationHang);
}

TEST_F(ToyIcarus, WhatItCannotDoIsRefused) {
  request_.samples = 3;
  EXPECT_EQ(fault_of([&] { flow::simulate_icarus(request_); }).code, Code::kUsage);
  request_.samples = 0;
  request_.trace = true;
  EXPECT_EQ(fault_of([&] { flow::simulate_icarus(request_); }).code, Code::kUsage);
}

}  // namespace
