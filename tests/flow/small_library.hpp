// A small cell library as Liberty text, in whatever units: its delays are 20 ps and more with load
// and slope, its energies and loads alike.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

namespace flow_test {

/// Units as the library names them, and what 1 ns, 1 pF and 1 nW are in them.
struct LibraryForm {
  std::string time_unit = "1ns";
  double ns = 1;
  std::string load_unit = "1,pf";
  double pf = 1;
  std::string leakage_unit = "1nW";
  double nw = 1;
  std::string name = "small";
  double voltage = 1.1;
};

/// ASAP7's way: ps and fF
inline LibraryForm picoseconds() {
  return {.time_unit = "1ps",
          .ns = 1e3,
          .load_unit = "1,ff",
          .pf = 1e3,
          .leakage_unit = "1pW",
          .nw = 1e3};
}

class SmallLibrary {
 public:
  explicit SmallLibrary(LibraryForm form = {}) : form_(std::move(form)) {}

  /// A cell of gates: `outputs` are {pin, function} by turns.
  SmallLibrary& gate(const std::string& name, double area, const std::vector<std::string>& inputs,
                     const std::vector<std::string>& outputs, double limit_pf = 0.06) {
    std::string text;
    for (const std::string& input : inputs) text += input_pin(input, "", 0.002);
    for (std::size_t i = 0; i + 1 < outputs.size(); i += 2)
      text += output_pin(outputs[i], outputs[i + 1], inputs, "", limit_pf);
    return cell(name, area, text);
  }

  /// A flip-flop or latch: `state` is its ff or latch group, `control` its clock or enable.
  SmallLibrary& storage(const std::string& name, double area, const std::string& state,
                        const std::string& control, const std::string& output,
                        const std::string& function, const std::vector<std::string>& others) {
    const bool latch = state.rfind("latch", 0) == 0;
    std::string text = state + "\n" + input_pin(control, "clock : true;", 0.002);
    for (const std::string& pin : others)
      text += input_pin(pin,
                        pin == "D" ? check(control, "setup", latch) + check(control, "hold", latch)
                                   : std::string(),
                        0.002);
    const std::string edge = latch ? "" : "timing_type : rising_edge;";
    return cell(name, area, text + output_pin(output, function, {control}, edge, 0.06));
  }

  /// Any text as a cell's inside
  SmallLibrary& cell(const std::string& name, double area, const std::string& inside) {
    cells_ += fmt::format("cell ({}) {{ area : {};\ncell_leakage_power : {:.6g};\n{}}}\n", name,
                          area, 0.5 * form_.nw, inside);
    return *this;
  }

  /// What every design needs: INV, BUF, BUFX4, NAND2, NOR2, XOR2, AND2, DFF
  SmallLibrary& basis() {
    gate("INV", 1, {"A"}, {"Y", "!A"}).gate("BUF", 2, {"A"}, {"Y", "A"});
    gate("BUFX4", 4, {"A"}, {"Y", "A"}, 0.24).gate("NAND2", 2, {"A", "B"}, {"Y", "!(A B)"});
    gate("NOR2", 2, {"A", "B"}, {"Y", "!(A+B)"}).gate("XOR2", 4, {"A", "B"}, {"Y", "A^B"});
    gate("AND2", 3, {"A", "B"}, {"Y", "A*B"}, 0.12);
    return storage("DFF", 8, "ff (IQ, IQN) { next_state : D; clocked_on : \"CK\"; }", "CK", "Q",
                   "IQ", {"D"});
  }

  std::string text() const {
    return fmt::format(
        "/* small */ library ({}) {{\n  delay_model : table_lookup\n  time_unit : \"{}\";\n"
        "  voltage_unit : \"1V\";\n  leakage_power_unit : \"{}\";\n"
        "  capacitive_load_unit ({});\n  nom_voltage : {};\n"
        "  operating_conditions (typical) {{ process : 1; voltage : {}; temperature : 25; }}\n"
        "  default_operating_conditions : typical;\n"
        "  slew_lower_threshold_pct_rise : 20; slew_upper_threshold_pct_rise : 80;\n"
        "  slew_lower_threshold_pct_fall : 20; slew_upper_threshold_pct_fall : 80;\n"
        "  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50;\n"
        "  output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;\n"
        "{}{}{}}}\n",
        form_.name, form_.time_unit, form_.leakage_unit, form_.load_unit, form_.voltage,
        form_.voltage,
        shape("lu_table_template", "delay", "input_net_transition", "total_output_net_capacitance"),
        shape("power_lut_template", "energy", "input_transition_time",
              "total_output_net_capacitance") +
            shape("lu_table_template", "limit", "constrained_pin_transition",
                  "related_pin_transition"),
        cells_);
  }

 private:
  std::string time(double ns) const { return fmt::format("{:.6g}", ns * form_.ns); }
  std::string load(double pf) const { return fmt::format("{:.6g}", pf * form_.pf); }

  std::string shape(const char* kind, const char* name, const char* one, const char* two) const {
    return fmt::format(
        "{} ({}) {{ variable_1 : {}; variable_2 : {};\n  index_1 (\"{}, {}\");"
        " index_2 (\"{}, {}\"); }}\n",
        kind, name, one, two, time(0.01), time(0.5),
        name == std::string("limit") ? time(0.01) : load(0.001),
        name == std::string("limit") ? time(0.5) : load(0.2));
  }

  // Four values from (little slope, little load) to (much of both)
  static std::string table(const std::string& kind, const char* shape,
                           const std::vector<std::string>& values) {
    return fmt::format("{} ({}) {{ values (\"{}, {}\", \\\n \"{}, {}\"); }}\n", kind, shape,
                       values[0], values[1], values[2], values[3]);
  }

  std::string input_pin(const std::string& name, const std::string& more, double pf) const {
    return fmt::format("pin ({}) {{ direction : input; capacitance : {};\n{} }}\n", name, load(pf),
                       more);
  }

  std::string check(const std::string& clock, const std::string& kind, bool latch) const {
    const std::vector<std::string> values(4, time(0.03));
    return fmt::format("timing () {{ related_pin : \"{}\"; timing_type : {}_{};\n{}{}}}\n", clock,
                       kind, latch ? "falling" : "rising",
                       table("rise_constraint", "limit", values),
                       table("fall_constraint", "limit", values));
  }

  std::string output_pin(const std::string& name, const std::string& function,
                         const std::vector<std::string>& from, const std::string& type,
                         double limit_pf) const {
    std::string text =
        fmt::format("pin ({}) {{ direction : output; function : \"{}\"; max_capacitance : {};\n",
                    name, function, load(limit_pf));
    const std::vector<std::string> delays = {time(0.02), time(0.7), time(0.06), time(0.8)};
    // pJ in capacitance times V^2
    const std::vector<std::string> energies = {load(0.001), load(0.002), load(0.0015), load(0.003)};
    for (const std::string& pin : from) {
      text += fmt::format("timing () {{ related_pin : \"{}\"; {}\n", pin, type);
      for (const char* kind : {"cell_rise", "cell_fall", "rise_transition", "fall_transition"})
        text += table(kind, "delay", delays);
      text += fmt::format("}}\ninternal_power () {{ related_pin : \"{}\";\n", pin);
      for (const char* kind : {"rise_power", "fall_power"}) text += table(kind, "energy", energies);
      text += "}\n";
    }
    return text + "}\n";
  }

  LibraryForm form_;
  std::string cells_;
};

/// Full and half adders, a latch and an AND as well
inline std::string small_library(const LibraryForm& form = {}) {
  return SmallLibrary(form)
      .basis()
      .gate("FA", 12, {"A", "B", "CI"}, {"CO", "(A B)+(B CI)+(CI A)", "S", "A^B^CI"})
      .gate("HA", 7, {"A", "B"}, {"CO", "(A B)", "S", "(A^B)"})
      .storage("LATCH", 6, "latch (IQ, IQN) { data_in : \"D\"; enable : \"G\"; }", "G", "Q", "IQ",
               {"D"})
      .text();
}

}  // namespace flow_test
