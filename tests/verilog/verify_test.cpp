#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "verilog/netlist.hpp"
#include "verilog/test_leaves.hpp"

namespace verilog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "where: what" of every fault.
std::vector<std::string> faults(const Design& design) {
  std::vector<std::string> result;
  try {
    verify(design);
  } catch (const base::Error& error) {
    for (const auto& fault : error.faults()) {
      EXPECT_EQ(fault.code, base::Code::kNetlistInvalid);
      result.push_back(fault.where + ": " + fault.what);
    }
  }
  return result;
}

Design design_of(Module top) {
  Design design(top.name());
  design.add(std::move(top));
  return design;
}

/// A module with one parity leaf, complete; tests add one fault each.
struct Small {
  Module module{"top"};
  Net data = module.input("data_i", 4);
  Net parity = module.output("parity_o");
  Instance& leaf = module.instance(test_leaves::parity(), "u_parity").parameter("Width", 4);

  std::vector<std::string> run() { return faults(design_of(std::move(module))); }
};

TEST(Verify, AcceptsAGoodDesign) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  EXPECT_THAT(small.run(), IsEmpty());
}

TEST(Verify, OutputsMayStayOpenInputsMayNot) {
  Small small;
  small.module.assign(small.parity, constant(1, 0));
  EXPECT_THAT(small.run(),
              ElementsAre("top, instance u_parity, port data_i: the input is not connected"));
}

TEST(Verify, WidthOfAPort) {
  Small small;
  small.leaf.port("data_i", small.data.slice(1, 3)).port("parity_o", small.parity);
  EXPECT_THAT(small.run(), ElementsAre("top, instance u_parity, port data_i: the port is Width = 4 "
                                       "bits wide, connected to 3 bits"));
}

TEST(Verify, WidthOfAnAssign) {
  Small small;
  const Net copy = small.module.wire("copy", 4);
  small.module.assign(copy, small.data.slice(0, 2));
  small.leaf.port("data_i", copy).port("parity_o", small.parity);
  EXPECT_THAT(small.run(), ElementsAre("top, an assign: 2 bits are assigned to 4"));
}

TEST(Verify, PortOfNoWidth) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  Signature leaf{.name = "odd", .parameters = {{"N", 0}}, .ports = {out("y_o", param("N"))}};
  small.module.instance(leaf, "u_odd");
  EXPECT_THAT(small.run(),
              ElementsAre("top, instance u_odd, port y_o: the port is N = 0 bits wide"));
}

TEST(Verify, PortsConnectedTwiceOrUnknown) {
  Small small;
  small.leaf.port("data_i", small.data).port("data_i", small.data).port("parity_o", small.parity);
  small.leaf.port("carry_o", small.parity);
  EXPECT_THAT(small.run(),
              ElementsAre("top, instance u_parity: port data_i is connected twice",
                          "top, instance u_parity: fpsa_test_parity has no port carry_o"));
}

TEST(Verify, Parameters) {
  Small small;
  small.leaf.parameter("Width", 4).parameter("Depth", 2).parameter("Width", "four");
  small.module.instance(test_leaves::stage(), "u_stage")
      .parameter("InitFile", 3)
      .parameter("Lanes", std::int64_t{1} << 31)
      .parameter("Bits", -(std::int64_t{1} << 31));
  small.module.instance(test_leaves::stage(), "u_other").parameter("InitFile", "a\nb");
  EXPECT_THAT(small.run(),
              ElementsAre("top, instance u_parity: parameter Width is set twice",
                          "top, instance u_parity: fpsa_test_parity has no parameter Depth",
                          "top, instance u_parity: parameter Width takes a number",
                          "top, instance u_parity: parameter Width is set twice",
                          "top, instance u_stage: parameter InitFile takes a text",
                          "top, instance u_stage: parameter Lanes = 2147483648 does not fit in 32 "
                          "bits",
                          "top, instance u_other: parameter InitFile holds control characters"));
}

TEST(Verify, SignatureThatUsesAnUnknownParameter) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  Signature leaf{.name = "odd", .parameters = {}, .ports = {out("y_o", param("N"))}};
  small.module.instance(leaf, "u_odd");
  EXPECT_THAT(small.run(), ElementsAre(HasSubstr("top, instance u_odd: an expression uses the "
                                                 "parameter N")));
}

TEST(Verify, UndrivenBits) {
  Small small;
  const Net word = small.module.wire("word", 4);
  small.module.assign(word.bit(1), constant(1, 1));
  small.leaf.port("data_i", word);
  small.module.discard("data", small.data);
  EXPECT_THAT(small.run(),
              ElementsAre("top: parity_o is never driven", "top: word[0] is never driven",
                          "top: word[3:2] is never driven"));
}

TEST(Verify, DriversThatClash) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  small.module.assign(small.parity, constant(1, 0));
  small.module.assign(small.data.slice(2, 2), constant(2, 0));
  EXPECT_THAT(small.run(), ElementsAre("top: parity_o is driven more than once",
                                       "top: data_i[3:2], an input, is driven inside"));
}

TEST(Verify, BitTwiceInOneTarget) {
  Small small;
  small.leaf.port("data_i", small.data);
  small.module.assign(concat({small.parity, small.parity}), constant(2, 0));
  EXPECT_THAT(small.run(), ElementsAre("top: parity_o is driven more than once"));
}

TEST(Verify, UnreadBits) {
  Small small;
  const Net spare = small.module.wire("spare", 2);
  small.module.assign(spare, constant(2, 0));
  const Net good = small.module.wire("unused_spare", 2);
  small.module.assign(good, constant(2, 0));
  small.module.input("unused_i", 2);
  small.leaf.port("data_i", concat({small.data.slice(0, 2), constant(2, 0)}))
      .port("parity_o", small.parity);
  EXPECT_THAT(small.run(),
              ElementsAre("top: data_i[3:2] is never read, and its name does not begin with unused",
                          "top: spare is never read, and its name does not begin with unused"));
}

TEST(Verify, ConstantsAreNotDriven) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", constant(1, 0));
  small.module.assign(concat({small.parity, constant(1, 0)}), constant(2, 0));
  EXPECT_THAT(small.run(),
              ElementsAre("top, an assign: a constant is driven",
                          "top, instance u_parity, port parity_o: a constant is driven"));
}

TEST(Verify, NetsOfAnotherModule) {
  Module other("other");
  other.input("a", 2);
  other.input("b", 9);
  const Net far = other.input("far", 4);
  const Net wide = Net{NetId(0), 9};  // as if data_i were a net of `other`
  Small small;
  small.leaf.port("data_i", far).port("parity_o", small.parity);
  small.module.discard("wide", wide);
  EXPECT_THAT(small.run(), testing::Contains(HasSubstr("bit 8 of data_i is used")));
  Small again;
  const Net very_far = Net{NetId(77), 4};
  again.leaf.port("data_i", very_far).port("parity_o", again.parity);
  EXPECT_THAT(again.run(), ElementsAre("top, instance u_parity, port data_i: a net of another "
                                       "module is used"));
}

TEST(Verify, NamesInAModule) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  small.module.discard("x", small.data);
  small.module.discard("x", small.data);
  small.module.instance(test_leaves::parity(), "data_i").port("data_i", constant(2, 1));
  small.module.instance(test_leaves::parity(), "").port("data_i", constant(2, 1));
  EXPECT_THAT(small.run(),
              ElementsAre("top: unused_x is declared twice", "top: data_i is declared twice",
                          "top: a net or an instance has no name"));
}

TEST(Verify, NetsOfNoWidth) {
  Small small;
  small.leaf.port("data_i", small.data).port("parity_o", small.parity);
  small.module.wire("none", 0);
  EXPECT_THAT(small.run(), ElementsAre("top: none is 0 bits wide"));
}

TEST(Verify, CommentsAreOneLine) {
  Module module("top", {"two\nlines"});
  const Net a = module.input("a");
  module.comment("endmodule\n");
  module.assign(module.output("y"), a);
  const std::string fault = "top: a comment holds a control character or a line break";
  EXPECT_THAT(faults(design_of(std::move(module))), ElementsAre(fault, fault));
}

TEST(Verify, AssignsThatFormALoop) {
  Module module("top");
  const Net a = module.wire("a", 2);
  const Net b = module.wire("b", 2);
  module.assign(a, b);
  module.assign(b, concat({a.bit(0), a.bit(1)}));
  const auto found = faults(design_of(std::move(module)));
  EXPECT_THAT(found, ElementsAre("top: a is assigned from itself, directly or through other nets",
                                 "top: b is assigned from itself, directly or through other nets"));
}

Module feedthrough() {
  Module pass("pass");
  const Net a = pass.input("a_i", 2);
  const Net w = pass.wire("w", 2);
  pass.assign(w, a);
  pass.assign(pass.output("y_o", 2), w);
  return pass;
}

TEST(Verify, LoopsThroughInstances) {
  const Module pass = feedthrough();
  Module module("top");
  const Net first = module.wire("first", 2);
  const Net second = module.wire("second", 2);
  module.instance(pass, "u_first").port("a_i", second).port("y_o", first);
  module.instance(pass, "u_second").port("a_i", first).port("y_o", second);
  Design design("top");
  design.add(pass);
  design.add(std::move(module));
  EXPECT_THAT(faults(design),
              ElementsAre("top: first is assigned from itself, directly or through other nets",
                          "top: second is assigned from itself, directly or through other nets"));
}

TEST(Verify, ChainsThroughInstancesAreNoLoops) {
  const Module pass = feedthrough();
  Module module("top");
  const Net first = module.wire("first", 2);
  module.instance(pass, "u_first").port("a_i", module.input("a_i", 2)).port("y_o", first);
  module.instance(pass, "u_second").port("a_i", first).port("y_o", module.output("y_o", 2));
  Design design("top");
  design.add(pass);
  design.add(std::move(module));
  EXPECT_THAT(faults(design), IsEmpty());
}

TEST(Verify, ModuleNames) {
  Design design("top");
  Module leafy("fpsa_test_parity");
  leafy.assign(leafy.output("y"), leafy.input("a"));
  design.add(leafy);
  design.add(leafy);
  Module user("user");
  user.instance(test_leaves::parity(), "u_leaf");
  design.add(std::move(user));
  design.add(Module(""));
  EXPECT_THAT(faults(design),
              ElementsAre("fpsa_test_parity: a generated module and a leaf have this name",
                          "fpsa_test_parity: two modules have this name",
                          "fpsa_test_parity: a generated module and a leaf have this name",
                          ": a module has no name", "top: the top module is not in the design",
                          "fpsa_test_parity: no module under the top top uses this module",
                          "fpsa_test_parity: no module under the top top uses this module",
                          "user: no module under the top top uses this module",
                          ": no module under the top top uses this module"));
}

TEST(Verify, UnknownModule) {
  Module module("top");
  module.instance(Module("ghost"), "u_ghost");
  EXPECT_THAT(
      faults(design_of(std::move(module))),
      ElementsAre("top, instance u_ghost: module ghost is neither in the design nor a leaf"));
}

TEST(Verify, Recursion) {
  Module a("a");
  a.instance(Module("b"), "u_b");
  Module b("b");
  b.instance(Module("a"), "u_a");
  Design design("a");
  design.add(std::move(a));
  design.add(std::move(b));
  EXPECT_THAT(faults(design), ElementsAre("b, instance u_a: module a is under itself"));
}

TEST(Verify, ReportsTheFaultsOfAllModules) {
  Module child("child");
  child.input("a");
  Module top("top");
  top.instance(child, "u_child").port("a", top.input("a"));
  top.output("y");
  Design design("top");
  design.add(std::move(top));
  design.add(std::move(child));
  EXPECT_THAT(faults(design),
              ElementsAre("child: a is never read, and its name does not begin with unused",
                          "top: y is never driven"));
}

TEST(Design, OneLeafHasOneSignature) {
  Signature other = test_leaves::parity();
  other.parameters[0].initial = 3;
  Module module("top");
  module.instance(test_leaves::parity(), "u_a");
  EXPECT_NO_THROW(module.instance(test_leaves::parity(), "u_b"));
  EXPECT_THROW(module.instance(other, "u_c"), base::Error);
  Module second("second");
  second.instance(other, "u_d");
  Design design("top");
  design.add(std::move(module));
  EXPECT_THROW(design.add(std::move(second)), base::Error);
}

TEST(Design, ListsFilesChildrenFirst) {
  Module low("low");
  low.instance(test_leaves::stage(), "u_stage");
  Module high("a_top");
  high.instance(low, "u_low");
  high.instance(low, "u_low_too");
  Design design("a_top");
  design.add(std::move(high));
  design.add(std::move(low));
  EXPECT_THAT(design.module_files(), ElementsAre("low", "a_top"));
  EXPECT_THAT(design.leaf_files(), ElementsAre("fpsa_test_parity", "fpsa_test_stage"));
}

}  // namespace
}  // namespace verilog
