// Cell libraries: Liberty text, units, functions, roles, several files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/files.hpp"
#include "fixtures.hpp"
#include "flow/cell_library.hpp"
#include "flow/liberty_function.hpp"
#include "flow/liberty_units.hpp"
#include "small_library.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using flow_test::fault_of;
using flow_test::LibraryForm;
using flow_test::small_library;
using flow_test::SmallLibrary;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Liberty, ReadsWhatTheFieldWrites) {
  const flow::LibertyGroup library = flow::parse_liberty(R"lib(/* head */
library ("x") {
  time_unit : "1ns" ;; // a comment
  voltage_map(VDD, 1.8)
  cell(AND2_X1) { area : 1.5
    ff ("IQ","IQN") { clear : !RN ; next_state : "(D)"; }
    pin(A, B[0]) { direction : "input" } }
  values ("1, 2", \
          "3, 4"); }
)lib",
                                                         "x.lib");
  EXPECT_EQ(library.name(), "x");
  EXPECT_EQ(library.text("time_unit"), "1ns");
  EXPECT_THAT(library.find("voltage_map")->values, ElementsAre("VDD", "1.8"));
  EXPECT_THAT(library.find("values")->values, ElementsAre("1, 2", "3, 4"));
  const flow::LibertyGroup& cell = library.groups.at(0);
  EXPECT_DOUBLE_EQ(cell.number("area", 0), 1.5);
  EXPECT_EQ(cell.group("ff")->text("clear"), "!RN");
  EXPECT_THAT(cell.group("pin")->arguments, ElementsAre("A", "B[0]"));
  const std::string text = flow::print_liberty(library);
  EXPECT_THAT(text, HasSubstr("clear : \"!RN\";\n"));
  EXPECT_EQ(flow::print_liberty(flow::parse_liberty(text, "again")), text);
}

TEST(Liberty, FaultsNameTheirLine) {
  const auto fault = [](const std::string& text) {
    return fault_of([&] { flow::parse_liberty(text, "x.lib"); });
  };
  EXPECT_EQ(fault("cell (a) {}").what, "no library group");
  EXPECT_EQ(fault("library (x) {\n\n cell (a) {").code, Code::kBadLibrary);
  EXPECT_EQ(fault("library (x) {\n\n cell (a) {").where, "x.lib:3");
  EXPECT_EQ(fault("library (x) {\n area % 3;\n}").where, "x.lib:2");
  EXPECT_EQ(fault("library (x) { a : \"b; }").what, "a text without its closing quote");
  EXPECT_EQ(fault("library (x) { a : b \"c\"; }").what, "a quote within a value");
  EXPECT_EQ(fault("library (x) { /* }").what, "a comment without an end");
  EXPECT_EQ(fault("library (x) {} cell (y) {}").what, "text after the library group");
  EXPECT_EQ(fault("").code, Code::kBadLibrary);
  std::string deep = "library (x) {";
  for (int i = 0; i < 100; ++i) deep += "g (x) {";
  EXPECT_EQ(fault(deep).what, "groups too deep within groups");
}

TEST(Liberty, WhatIsNoFigureStaysAsItIs) {
  flow::LibertyGroup library = flow::parse_liberty(
      "library (x) { time_unit : \"1ps\"; default_max_transition : nan(e); pin (a) {\n"
      "max_transition : inf; min_transition : 0e99999999999; minimum_period : 1.5e+1; } }",
      "x.lib");
  flow::use_common_units(library, "x.lib");
  EXPECT_EQ(library.text("default_max_transition"), "nan(e)");
  EXPECT_EQ(library.groups[0].text("max_transition"), "inf");
  EXPECT_EQ(library.groups[0].text("min_transition"), "0e99999999999");
  EXPECT_EQ(library.groups[0].text("minimum_period"), "1.5e-2");
}

TEST(LibertyFunction, EveryOperatorAndItsStrength) {
  const std::vector<std::string> abc = {"A", "B", "C"};
  EXPECT_EQ(flow::truth_table("A", {"A"}), 0x2u);
  EXPECT_EQ(flow::truth_table("!A", {"A"}), 0x1u);
  EXPECT_EQ(flow::truth_table("A'", {"A"}), 0x1u);
  EXPECT_EQ(flow::truth_table("(A B)+(B C)+(C A)", abc), 0xe8u);
  EXPECT_EQ(flow::truth_table("A*B|B&C + C A", abc), 0xe8u);
  EXPECT_EQ(flow::truth_table("A^B^C", abc), 0x96u);
  EXPECT_EQ(flow::truth_table("(!(A+B'))'", abc), flow::truth_table("A|!B", abc));
  EXPECT_EQ(flow::truth_table("1", {}), 0x1u);
  EXPECT_EQ(flow::truth_table("A & 0", {"A"}), 0x0u);
  for (const char* bad : {"", "A +", "(A", "D", "A)", "A B D", "!"})
    EXPECT_EQ(flow::truth_table(bad, abc), std::nullopt) << bad;
}

// The same library in ns and pF, and in ps and fF, is one library.
TEST(LibertyUnits, PicosecondsAndFemtofaradsAreTheSameFigures) {
  const auto in_common = [](const std::string& text) {
    flow::LibertyGroup library = flow::parse_liberty(text, "x.lib");
    flow::use_common_units(library, "x.lib");
    return library;
  };
  const flow::LibertyGroup small = in_common(small_library(flow_test::picoseconds()));
  EXPECT_EQ(small.text("time_unit"), "1ns");
  EXPECT_THAT(small.find("capacitive_load_unit")->values, ElementsAre("1", "pf"));
  const flow::LibertyGroup* shape = small.group("lu_table_template");
  EXPECT_THAT(shape->find("index_1")->values, ElementsAre("10e-3, 500e-3"));
  EXPECT_THAT(shape->find("index_2")->values, ElementsAre("1e-3, 200e-3"));
  const flow::LibertyGroup* cell = small.group("cell");
  EXPECT_EQ(cell->text("cell_leakage_power"), "500e-3");
  const flow::LibertyGroup& output = cell->groups.at(1);
  EXPECT_EQ(output.text("max_capacitance"), "60e-3");
  EXPECT_THAT(output.group("timing")->group("cell_rise")->find("values")->values,
              ElementsAre("20e-3, 700e-3", "60e-3, 800e-3"));
  EXPECT_THAT(output.group("internal_power")->group("rise_power")->find("values")->values,
              ElementsAre("1e-3, 2e-3", "1.5e-3, 3e-3"));
  // A library in these units already keeps every digit.
  flow::LibertyGroup same = flow::parse_liberty(small_library(), "x.lib");
  EXPECT_EQ(in_common(small_library()).groups.size(), same.groups.size());
  EXPECT_EQ(flow::print_liberty(in_common(small_library()).groups.back()),
            flow::print_liberty(same.groups.back()));
}

TEST(LibertyUnits, EnergyGoesWithTheVoltageSquared) {
  flow::LibertyGroup library = flow::parse_liberty(
      R"lib(library (x) { voltage_unit : "100mV"; capacitive_load_unit (10, ff); nom_voltage : 12;
        time_unit : "10 ps";
        cell (a) { pin (Y) { max_transition : 3; internal_power () { power (t) { values ("5"); }}}}})lib",
      "x.lib");
  flow::use_common_units(library, "x.lib");
  EXPECT_EQ(library.text("nom_voltage"), "12e-1");
  const flow::LibertyGroup* pin = library.groups[0].group("pin");
  EXPECT_EQ(pin->text("max_transition"), "3e-2");
  EXPECT_THAT(pin->group("internal_power")->group("power")->find("values")->values,
              ElementsAre("5e-4"));
  flow::LibertyGroup odd =
      flow::parse_liberty(R"(library (x) { time_unit : "1e-1fortnight"; })", "x.lib");
  EXPECT_EQ(fault_of([&] { flow::use_common_units(odd, "x.lib"); }).code, Code::kBadLibrary);
}

class Libraries : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) {
    base::write_file(folder_.path() / name, text);
    return folder_.path() / name;
  }
  flow::CellLibrary read(const std::string& text, const std::vector<std::string>& dont_use = {}) {
    return flow::read_library({write("x.lib", text)}, dont_use);
  }
  static std::string roles(const flow::CellLibrary& library) {
    return flow::roles_text(library.roles);
  }

  flow_test::TemporaryDirectory folder_;
};

TEST_F(Libraries, RolesAreFoundByFunction) {
  EXPECT_EQ(roles(read(small_library())),
            "FPSA_ADDER_BIT FA A A B B C CI S S K CO\n"
            "FPSA_HALF_ADDER_BIT HA A A B B S S K CO\n"
            "FPSA_AND AND2 A A B B Y Y\n"
            "FPSA_FLIP_FLOP DFF C CK D D Q Q\n"
            "FPSA_LATCH LATCH E G D D Q Q\n"
            "FPSA_BUFFER BUF A A Y Y\n"
            "FPSA_BUFFER BUFX4 A A Y Y\n");
}

// Inverted adders and flip-flops as ASAP7's, a reset as IHP's, and what must not be taken.
TEST_F(Libraries, OddCellsInTheirRoles) {
  const std::string found = roles(read(
      SmallLibrary()
          .gate("INV", 1, {"A"}, {"Y", "!A"})
          .gate("BUFx2", 2, {"A"}, {"Y", "A"})
          .gate("NOR2", 2, {"A", "B"}, {"Y", "!(A+B)"})
          .gate("BUFx2p4", 3, {"A"}, {"Y", "A"}, 0.08)  // hardly stronger
          .cell("PAD", 3,
                "pad_cell : true; pin (A) { direction : input; } pin (Y) { direction : "
                "output; function : \"A\"; max_capacitance : 9; }")
          .gate("FAx1", 12, {"A", "B", "CI"}, {"CON", "!((A B)+(B CI)+(CI A))", "SN", "!(A^B^CI)"})
          .storage("DFFHQN", 7,
                   "ff (IQ, IQN) { next_state : \"D\"; clocked_on : CLK; "
                   "clear : !RN ; }",
                   "CLK", "QN", "IQN", {"D", "RN"})
          .storage("SDFF", 1,
                   "ff (IQ, IQN) { next_state : \"(SE SI)+(!SE D)\"; clocked_on : CLK; }", "CLK",
                   "Q", "IQ", {"D", "SE", "SI"})
          .storage("DFFN", 1, "ff (IQ, IQN) { next_state : \"D\"; clocked_on : \"!CLK\"; }", "CLK",
                   "Q", "IQ", {"D"})
          .storage("DLLx1", 5, "latch (IQ, IQN) { data_in : \"D\"; enable : \"!CLK\"; }", "CLK",
                   "Q", "IQ", {"D"})
          .storage("DLR", 1, "latch (IQ, IQN) { data_in : \"D\"; enable : CLK; clear : !RN; }",
                   "CLK", "Q", "IQ", {"D", "RN"})
          .text()));
  EXPECT_EQ(found,
            "FPSA_ADDER_BIT FAx1 A A B B C CI S !SN K !CON\n"
            "FPSA_FLIP_FLOP DFFHQN C CLK D D 1 RN Q !QN\n"
            "FPSA_FLIP_FLOP_R DFFHQN C CLK D D R RN Q !QN\n"
            "FPSA_LATCH_N DLLx1 E CLK D D Q Q\n"
            "FPSA_BUFFER BUFx2 A A Y Y\n");
}

// A clear may be high or low; of a state that is stored inverted it would make a one.
TEST_F(Libraries, ClearedFlipFlops) {
  const auto flip_flop = [this](const std::string& data, const std::string& clear) {
    return roles(
        read(SmallLibrary()
                 .basis()
                 .storage("DFFR", 9,
                          "ff (IQ, IQN) { next_state : \"" + data +
                              "\"; clocked_on : CK; clear : \"" + clear + "\"; preset : \"!S\"; }",
                          "CK", "Q", "IQ", {"D", "R", "S"})
                 .text()));
  };
  EXPECT_THAT(flip_flop("D", "!R"), HasSubstr("FPSA_FLIP_FLOP_R DFFR C CK D D R R 1 S Q Q\n"));
  EXPECT_THAT(flip_flop("D", "R"), HasSubstr("FPSA_FLIP_FLOP_R DFFR C CK D D R !R 1 S Q Q\n"));
  EXPECT_THAT(flip_flop("!D", "R"), Not(HasSubstr("FPSA_FLIP_FLOP_R")));
}

TEST_F(Libraries, CellsThatNothingUsesAreLeftOut) {
  const flow::CellLibrary library =
      read(SmallLibrary()
               .basis()
               .cell("FILL", 1, "")
               .cell("ANTENNA", 1, "pin (A) { direction : input; }")
               .cell("ICG", 5,
                     "statetable (\"CK E\", \"IQ\") { } pin (CK) { direction : input; } "
                     "pin (Y) { direction : output; state_function : \"CK IQ\"; }")
               .gate("NEVER", 1, {"A"}, {"Y", "!A"})
               .cell("OWN", 1,
                     "dont_use : TRUE; pin (A) { direction : input; }"
                     "pin (Y) { direction : output; function : \"!A\"; }")
               .cell("TRI", 1,
                     "pin (A, E) { direction : input; } pin (Y) { direction : output; "
                     "three_state : \"E\"; function : \"A\"; }")
               .text(),
           {"NEV*", "DFF?", "N[AB]ND9"});
  for (const char* cell : {"FILL", "ANTENNA", "ICG", "NEVER", "OWN", "TRI"})
    EXPECT_THAT(library.text, Not(HasSubstr(std::string("cell (") + cell + ")"))) << cell;
  EXPECT_EQ(library.left_out, 6u);
  EXPECT_EQ(library.cells, 8u);
  EXPECT_THAT(library.warnings, ElementsAre("dont_use: no cell is called DFF?",
                                            "dont_use: no cell is called N[AB]ND9"));
  EXPECT_THAT(library.areas, Contains(testing::Pair("NAND2", 2.0)));
}

TEST_F(Libraries, DontUseTakesTheNextBestOrSaysWhatIsMissing) {
  EXPECT_THAT(roles(read(small_library(), {"FA", "BUF"})),
              HasSubstr("FPSA_BUFFER BUFX4 A A Y Y\n"));
  EXPECT_THAT(roles(read(small_library(), {"FA"})), Not(HasSubstr("FPSA_ADDER_BIT")));
  const base::Fault fault = fault_of([&] { read(small_library(), {"DFF", "N*2", "BUF*"}); });
  EXPECT_EQ(fault.code, Code::kBadLibrary);
  EXPECT_EQ(fault.what,
            "the cells that may be used have no flip-flop for a rising clock edge, no buffer with "
            "a max_capacitance, no NAND or NOR of two inputs");
}

// ASAP7 comes in files by kind of cell; templates of one name differ between them.
TEST_F(Libraries, SeveralFilesAreOneLibrary) {
  LibraryForm form = flow_test::picoseconds();
  form.name = "seq";
  const fs::path gates = write("gates.lib", SmallLibrary().basis().text());
  const fs::path adders =
      write("adders.lib",
            SmallLibrary(form)
                .gate("FA", 12, {"A", "B", "CI"}, {"CO", "(A B)+(B CI)+(CI A)", "S", "A^B^CI"})
                .text());
  const flow::CellLibrary both = flow::read_library({gates, adders}, {});
  EXPECT_EQ(both.name, "small + seq");
  EXPECT_THAT(roles(both), HasSubstr("FPSA_ADDER_BIT FA "));
  EXPECT_THAT(roles(both), HasSubstr("FPSA_FLIP_FLOP DFF "));
  EXPECT_THAT(both.text, HasSubstr("cell_rise (delay_2) {"));
  EXPECT_THAT(both.text, HasSubstr("lu_table_template (delay_2) {"));
  EXPECT_EQ(fault_of([&] {
              flow::read_library({gates, gates}, {});
            }).what,
            "the cell INV is there twice");
  form.voltage = 0.9;
  const fs::path slow =
      write("slow.lib", SmallLibrary(form).gate("OR2", 2, {"A", "B"}, {"Y", "A+B"}).text());
  const base::Fault fault = fault_of([&] { flow::read_library({gates, slow}, {}); });
  EXPECT_EQ(fault.code, Code::kBadLibrary);
  EXPECT_EQ(fault.what, "nom_voltage is 0.9 here and 1.1 in the files before");
  // A file of macros, none of which is used
  const fs::path rams = write(
      "rams.lib", SmallLibrary(form).cell("RAM", 99, "pin (A) { direction : input; }").text());
  EXPECT_THAT(flow::read_library({gates, rams}, {}).text, Not(HasSubstr("RAM")));
}

TEST_F(Libraries, CompressedFilesAreReadAndLeftAlone) {
  const fs::path file = folder_.path() / "cells.lib.gz";
  const std::string text = small_library();
  gzFile stream = gzopen(file.c_str(), "wb");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
  EXPECT_EQ(flow::read_library({file}, {}).text, read(text).text);
}

TEST_F(Libraries, WhatCannotBeUsedIsRefused) {
  const auto fault = [&](const std::string& text) { return fault_of([&] { read(text); }); };
  std::string text = small_library();
  const std::string voltage = "nom_voltage : 1.1;";
  const std::string without = std::string(text).erase(text.find(voltage), voltage.size());
  EXPECT_THAT(read(without).text, HasSubstr("voltage : 1.1;"));
  const std::string conditions = "voltage : 1.1;";
  EXPECT_THAT(fault(std::string(without).erase(without.find(conditions), conditions.size())).what,
              HasSubstr("give a voltage"));
  const std::string model = "table_lookup";
  EXPECT_EQ(fault(std::string(text).replace(text.find(model), model.size(), "generic_cmos")).what,
            "delay_model is generic_cmos");
  EXPECT_EQ(fault_of([&] { flow::read_library({folder_.path() / "none.lib"}, {}); }).code,
            Code::kFileUnreadable);
}

}  // namespace
