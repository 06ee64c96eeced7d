// The architecture file for VPR: well-formed, and every figure of a fabric arrives in it.
#include "fabric/vpr.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "base/error.hpp"

namespace {

using fabric::Architecture;
using testing::ElementsAre;

struct Element {
  std::string name{};
  std::map<std::string, std::string> attributes{};
  std::string text{};
  std::vector<Element> children{};

  // The first one down a path "a/b[name]", where [..] asks for an attribute name="..".
  const Element& at(const std::string& path) const {
    const std::string step = path.substr(0, path.find('/'));
    const std::string tag = step.substr(0, step.find('['));
    for (const Element& child : children) {
      if (child.name != tag) continue;
      if (tag != step && step != tag + "[" + child.attributes.at("name") + "]") continue;
      return tag.size() == path.size() || step.size() == path.size()
                 ? child
                 : child.at(path.substr(step.size() + 1));
    }
    throw std::runtime_error("no " + step + " in " + name);
  }
  const std::string& operator()(const std::string& path, const std::string& attribute) const {
    return at(path).attributes.at(attribute);
  }
};

// Reads the part of XML that an architecture file has; throws at the first fault of its form.
class Reader {
 public:
  explicit Reader(std::string text) : text_(std::move(text)) {}

  Element document() {
    skip();
    Element root = element();
    skip();
    require(at_ == text_.size(), "something behind the root");
    return root;
  }

 private:
  static void require(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
  }
  bool next(const std::string& what) {
    if (text_.compare(at_, what.size(), what) != 0) return false;
    at_ += what.size();
    return true;
  }
  void spaces() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  void skip() {
    for (spaces(); next("<!--"); spaces()) {
      const std::size_t end = text_.find("--", at_);
      at_ = end;
      require(end != std::string::npos && next("-->"), "two dashes in a comment");
    }
  }
  std::string word() {
    const std::size_t first = at_;
    while (std::isalnum(static_cast<unsigned char>(text_.at(at_))) || text_[at_] == '_') ++at_;
    require(at_ > first, "no name");
    return text_.substr(first, at_ - first);
  }

  Element element() {
    require(next("<"), "no element");
    Element read{.name = word()};
    for (spaces(); text_.at(at_) != '>' && text_[at_] != '/'; spaces()) {
      const std::string name = word();
      require(next("=\""), "no value of " + name);
      const std::size_t end = text_.find('"', at_);
      require(read.attributes.emplace(name, text_.substr(at_, end - at_)).second, "twice: " + name);
      at_ = end + 1;
    }
    if (next("/>")) return read;
    require(next(">"), "a tag without an end");
    for (skip(); text_.compare(at_, 2, "</") != 0; skip()) {
      if (text_.at(at_) == '<')
        read.children.push_back(element());
      else
        while (text_.at(at_) != '<') read.text += text_[at_++];
    }
    require(next("</" + read.name + ">"), "the end of " + read.name);
    return read;
  }

  std::string text_;
  std::size_t at_ = 0;
};

Element read(const Architecture& architecture) {
  return Reader(fabric::vpr_architecture(architecture)).document();
}

// No figure twice, so that none can stand in for another.
Architecture special() {
  Architecture all{.columns = 5, .rows = 3, .lut_inputs = 4, .luts = 6, .clb_inputs = 14};
  all.io_slots = 7;
  all.channel_width = 46;
  all.segment_length = 2;
  all.fc_in_percent = 25;
  all.fc_out_percent = 8;
  all.delays = {.lut = 201,
                .setup = 202,
                .clock_to_q = 203,
                .local_in = 204,
                .local_back = 205,
                .output = 206,
                .input_pad = 207,
                .output_pad = 208,
                .connection = 210,
                .multiplexer = 209};
  return all;
}

TEST(VprArchitecture, HasTheFabricsSizes) {
  const Element vpr = read(special());
  EXPECT_EQ(vpr.name, "architecture");
  EXPECT_EQ(vpr("layout/fixed_layout", "name"), "fpsa");
  EXPECT_EQ(vpr("layout/fixed_layout", "width"), "7");
  EXPECT_EQ(vpr("layout/fixed_layout", "height"), "5");
  EXPECT_EQ(vpr("tiles/tile[io]/sub_tile", "capacity"), "7");
  for (const std::string where : {"tiles/tile[clb]/sub_tile/", "complexblocklist/pb_type[clb]/"}) {
    EXPECT_EQ(vpr(where + "input[I]", "num_pins"), "14");
    EXPECT_EQ(vpr(where + "output[O]", "num_pins"), "6");
    EXPECT_EQ(vpr(where + "input[I]", "equivalent"), "full");
  }
  const Element& element = vpr.at("complexblocklist/pb_type[clb]/pb_type[fle]");
  EXPECT_EQ(element.attributes.at("num_pb"), "6");
  EXPECT_EQ(element("input[in]", "num_pins"), "4");
  EXPECT_EQ(element("pb_type[lut]/input[in]", "num_pins"), "4");
  EXPECT_EQ(vpr("complexblocklist/pb_type[clb]/interconnect/complete[crossbar]", "input"),
            "clb.I fle[5:0].out");
}

TEST(VprArchitecture, HasItsRouting) {
  const Element vpr = read(special());
  for (const std::string tile : {"tiles/tile[io]", "tiles/tile[clb]"}) {
    EXPECT_EQ(vpr(tile + "/sub_tile/fc", "in_val"), "0.25");
    EXPECT_EQ(vpr(tile + "/sub_tile/fc", "out_val"), "0.08");
  }
  EXPECT_EQ(vpr("segmentlist/segment", "length"), "2");
  EXPECT_EQ(vpr("segmentlist/segment", "type"), "unidir");
  EXPECT_EQ(vpr.at("segmentlist/segment/sb").text, "1 1 1");
  EXPECT_EQ(vpr.at("segmentlist/segment/cb").text, "1 1");
  EXPECT_EQ(vpr("device/switch_block", "type"), "wilton");
  EXPECT_THAT(fabric::vpr_architecture(special()), testing::HasSubstr("of 46 tracks"));
  Architecture disjoint = special();
  disjoint.pattern = fabric::Pattern::kDisjoint;
  EXPECT_EQ(read(disjoint)("device/switch_block", "type"), "subset");
}

TEST(VprArchitecture, HasItsDelays) {
  const Element vpr = read(special());
  EXPECT_EQ(vpr("switchlist/switch[wire]", "Tdel"), "209e-12");
  EXPECT_EQ(vpr("switchlist/switch[connection]", "Tdel"), "210e-12");
  EXPECT_EQ(vpr("switchlist/switch[wire]", "R"), "551");
  EXPECT_EQ(vpr("switchlist/switch[wire]", "Cout"), "4e-15");
  EXPECT_EQ(vpr("switchlist/switch[connection]", "Cin"), "1.47e-15");
  EXPECT_EQ(vpr("segmentlist/segment", "Rmetal"), "101");
  EXPECT_EQ(vpr("segmentlist/segment", "Cmetal"), "22.5e-15");
  const Element& block = vpr.at("complexblocklist/pb_type[clb]");
  const Element& crossbar = block.at("interconnect/complete[crossbar]");
  EXPECT_EQ(crossbar.children[0].attributes.at("max"), "204e-12");
  EXPECT_EQ(crossbar.children[0].attributes.at("in_port"), "clb.I");
  EXPECT_EQ(crossbar.children[1].attributes.at("max"), "205e-12");
  EXPECT_EQ(block("interconnect/direct[outputs]/delay_constant", "max"), "206e-12");
  EXPECT_EQ(block.at("pb_type[fle]/pb_type[lut]/delay_matrix").text,
            "201e-12\n201e-12\n201e-12\n201e-12");
  EXPECT_EQ(block("pb_type[fle]/pb_type[ff]/T_setup", "value"), "202e-12");
  EXPECT_EQ(block("pb_type[fle]/pb_type[ff]/T_clock_to_Q", "max"), "203e-12");
  const Element& pad = vpr.at("complexblocklist/pb_type[io]");
  EXPECT_EQ(pad("mode[inpad]/interconnect/direct/delay_constant", "max"), "207e-12");
  EXPECT_EQ(pad("mode[outpad]/interconnect/direct/delay_constant", "max"), "208e-12");
}

// Pin k of a tile lies on side k mod 4, as Graph has it.
TEST(VprArchitecture, HasEveryPinOnItsSide) {
  std::vector<std::string> sides;
  const Element vpr = read(special());
  for (const Element& side : vpr.at("tiles/tile[clb]/sub_tile/pinlocations").children)
    sides.push_back(side.attributes.at("side") + ": " + side.text);
  EXPECT_THAT(sides,
              ElementsAre("top: clb.clk clb.I[0:0] clb.I[4:4] clb.I[8:8] clb.I[12:12] clb.O[0:0] "
                          "clb.O[4:4]",
                          "right: clb.I[1:1] clb.I[5:5] clb.I[9:9] clb.I[13:13] clb.O[1:1] "
                          "clb.O[5:5]",
                          "bottom: clb.I[2:2] clb.I[6:6] clb.I[10:10] clb.O[2:2]",
                          "left: clb.I[3:3] clb.I[7:7] clb.I[11:11] clb.O[3:3]"));
}

TEST(VprArchitecture, OfTheLeastTileIsWellFormed) {
  const Element vpr = read({.columns = 1,
                            .rows = 1,
                            .lut_inputs = 2,
                            .luts = 1,
                            .clb_inputs = 2,
                            .io_slots = 1,
                            .channel_width = 8,
                            .segment_length = 1});
  EXPECT_EQ(vpr.at("tiles/tile[clb]/sub_tile/pinlocations").children.size(), 2U);
  EXPECT_EQ(vpr("complexblocklist/pb_type[clb]/interconnect/complete[clocks]", "output"),
            "fle[0:0].clk");
}

TEST(VprArchitecture, OfAnInvalidFabricIsRefused) {
  EXPECT_THROW(fabric::vpr_architecture({.lut_inputs = 9}), base::Error);
}

}  // namespace
