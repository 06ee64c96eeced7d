// Ports of a netlist, as the scan wrapper needs them.
#include "flow/wrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace {

using flow::NetlistPort;

constexpr const char* kNetlist =
    R"({"modules": {"other": {"ports": {}}, "unit": {"ports": {
         "spike_o": {"direction": "output", "bits": [5, 6, "0"]},
         "clk_i": {"direction": "input", "bits": [2]}}}}})";

TEST(NetlistPorts, AreThoseOfTheTop) {
  EXPECT_THAT(
      flow::netlist_ports(kNetlist, "unit", "n.json"),
      testing::ElementsAre(NetlistPort{"clk_i", true, 1}, NetlistPort{"spike_o", false, 3}));
}

TEST(NetlistPorts, OfAnUnreadableNetlistAreAToolsFault) {
  for (const char* text : {"{", "{}", kNetlist}) {
    const base::Fault fault =
        flow_test::fault_of([&] { flow::netlist_ports(text, "nobody", "n.json"); });
    EXPECT_EQ(fault.code, base::Code::kToolOutput);
    EXPECT_EQ(fault.where, "n.json");
  }
}

}  // namespace
