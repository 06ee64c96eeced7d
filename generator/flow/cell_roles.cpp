#include "flow/cell_roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/error.hpp"
#include "flow/liberty_function.hpp"

namespace flow {
namespace {

using Pins = std::vector<std::pair<std::string, std::string>>;

struct Output {
  std::string pin;
  std::string function;
  double drive = 0;  // max_capacitance
};

// A cell as its pins tell it
struct Cell {
  const LibertyGroup* group;
  std::vector<std::string> inputs{};
  std::vector<Output> outputs{};
  bool is_odd = false;  // other pins, states or three-state outputs

  double area() const { return group->number("area", 0); }
  double drive() const {
    double most = 0;
    for (const Output& output : outputs) most = std::max(most, output.drive);
    return most;
  }
};

// Names that Verilog has to escape are beyond the flow's scripts.
bool is_name(const std::string& text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) &&
         std::ranges::all_of(text, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
         });
}

void add_pin(Cell& cell, const LibertyGroup& pin) {
  const std::string direction = pin.text("direction");
  if (direction == "input")
    cell.inputs.push_back(pin.name());
  else if (direction == "output")
    cell.outputs.push_back({pin.name(), pin.text("function"), pin.number("max_capacitance", 0)});
  else
    cell.is_odd = true;
  if (pin.find("three_state") || !is_name(pin.name())) cell.is_odd = true;
}

// Groups of cells that are neither gates nor one flip-flop or latch
bool is_beyond(const std::string& kind) {
  static const std::vector<std::string> kKinds = {"statetable", "test_cell",  "bus",    "bundle",
                                                  "ff_bank",    "latch_bank", "memory", "lut"};
  return std::ranges::find(kKinds, kind) != kKinds.end();
}

Cell cell_of(const LibertyGroup& group) {
  Cell cell{&group};
  cell.is_odd = group.is_true("pad_cell") || !is_name(group.name());
  for (const LibertyGroup& part : group.groups)
    if (part.kind == "pin")
      add_pin(cell, part);
    else if (is_beyond(part.kind))
      cell.is_odd = true;
  return cell;
}

bool is_stateless(const Cell& cell) {
  return !cell.is_odd && !cell.group->group("ff") && !cell.group->group("latch");
}

// The outputs' functions as truth tables over all inputs; empty if they are not that.
std::vector<std::uint64_t> tables_of(const Cell& cell) {
  std::vector<std::uint64_t> tables;
  for (const Output& output : cell.outputs) {
    const auto table = truth_table(output.function, cell.inputs);
    if (!table) return {};
    tables.push_back(*table);
  }
  return tables;
}

std::uint64_t all_of(std::size_t inputs) {
  return inputs == 6 ? ~std::uint64_t{0} : (std::uint64_t{1} << (std::size_t{1} << inputs)) - 1;
}

// --- Gates: a role is one truth table a port -----------------------------------------------------

struct Gate {
  const char* role;
  std::vector<const char*> inputs;
  std::vector<std::pair<const char*, std::uint64_t>> outputs;
  bool may_invert = true;
};

const Gate kFullAdder{"FPSA_ADDER_BIT", {"A", "B", "C"}, {{"S", 0x96}, {"K", 0xe8}}};
const Gate kHalfAdder{"FPSA_HALF_ADDER_BIT", {"A", "B"}, {{"S", 0x6}, {"K", 0x8}}};
const Gate kAnd{"FPSA_AND", {"A", "B"}, {{"Y", 0x8}}, false};
const Gate kBuffer{"FPSA_BUFFER", {"A"}, {{"Y", 0x2}}, false};
const Gate kInverter{"", {"A"}, {{"Y", 0x1}}, false};
const Gate kNand{"", {"A", "B"}, {{"Y", 0x7}}, false};
const Gate kNor{"", {"A", "B"}, {{"Y", 0x1}}, false};

// The pins with which `cell` is `gate`; all functions are symmetrical, so the inputs' order is
// free.
std::optional<Pins> as_gate(const Gate& gate, const Cell& cell) {
  if (!is_stateless(cell) || cell.inputs.size() != gate.inputs.size() ||
      cell.outputs.size() != gate.outputs.size())
    return std::nullopt;
  const std::vector<std::uint64_t> tables = tables_of(cell);
  Pins pins;
  for (std::size_t i = 0; i < gate.inputs.size(); ++i)
    pins.emplace_back(gate.inputs[i], cell.inputs[i]);
  for (const auto& [port, wanted] : gate.outputs) {
    const std::uint64_t inverse = wanted ^ all_of(gate.inputs.size());
    for (std::size_t i = 0; i < tables.size(); ++i)
      if (tables[i] == wanted)
        pins.emplace_back(port, cell.outputs[i].pin);
      else if (tables[i] == inverse && gate.may_invert)
        pins.emplace_back(port, "!" + cell.outputs[i].pin);
  }
  if (pins.size() != gate.inputs.size() + gate.outputs.size()) return std::nullopt;
  return pins;
}

// --- Flip-flops and latches ----------------------------------------------------------------------

// An input, or its inverse
struct Literal {
  std::string pin;
  bool inverted = false;
};

std::optional<Literal> literal_in(const std::string& function,
                                  const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    const auto table = truth_table(function, {input});
    if (table == 0x2u || table == 0x1u) return Literal{input, table == 0x1u};
  }
  return std::nullopt;
}

// The pin of clear or preset at the value that leaves the state alone; false if it is not a pin.
bool tie(const LibertyGroup& state, const char* name, const Cell& cell, Pins& pins) {
  if (!state.find(name)) return true;
  const auto active = literal_in(state.text(name), cell.inputs);
  if (active) pins.emplace_back(active->inverted ? "1" : "0", active->pin);
  return active.has_value();
}

// The pin of clear as port R, which clears while it is 0.
bool add_clear(const LibertyGroup& state, const Cell& cell, Pins& pins) {
  const auto active = literal_in(state.text("clear"), cell.inputs);
  if (active) pins.emplace_back("R", (active->inverted ? "" : "!") + active->pin);
  return active.has_value();
}

// An output that is the state, or its inverse if `inverted`
void add_output(const Cell& cell, const LibertyGroup& state, bool inverted, Pins& pins) {
  std::optional<std::string> other;
  for (const Output& output : cell.outputs) {
    // The second state variable, if there is one, is the inverse of the first.
    const auto table = truth_table(output.function, state.arguments);
    const bool is_state = table == 0xau || table == 0x3u || table == 0x2u;
    const bool is_inverse = table == 0x5u || table == 0xcu || table == 0x1u;
    if (!is_state && !is_inverse) continue;
    if (is_inverse == inverted) return pins.emplace_back("Q", output.pin), void();
    other = output.pin;
  }
  if (other) pins.emplace_back("Q", "!" + *other);
}

struct Storage {
  const char* role;
  const char* group;    // ff or latch
  const char* data;     // attribute of D
  const char* control;  // attribute of the clock or the enable
  const char* port;     // its name in the role
  bool inverted;        // of the control
  bool is_latch;
  bool is_cleared = false;  // it has a port R
};

const Storage kFlipFlop{"FPSA_FLIP_FLOP", "ff", "next_state", "clocked_on", "C", false, false};
const Storage kClearedFlipFlop{
    "FPSA_FLIP_FLOP_R", "ff", "next_state", "clocked_on", "C", false, false, true};
const Storage kLatch{"FPSA_LATCH", "latch", "data_in", "enable", "E", false, true};
const Storage kLatchN{"FPSA_LATCH_N", "latch", "data_in", "enable", "E", true, true};

std::optional<Pins> as_storage(const Storage& storage, const Cell& cell) {
  const LibertyGroup* state = cell.group->group(storage.group);
  if (!state || cell.is_odd || state->arguments.empty()) return std::nullopt;
  const auto data = literal_in(state->text(storage.data), cell.inputs);
  const auto control = literal_in(state->text(storage.control), cell.inputs);
  if (!data || !control || control->inverted != storage.inverted) return std::nullopt;
  Pins pins = {{storage.port, control->pin}, {"D", data->pin}};
  // Yosys 0.23 makes wrong models of latches with a clear or a preset.
  if (storage.is_latch && pins.size() != cell.inputs.size()) return std::nullopt;
  // A state that is the inverse of what is stored would be 1 when cleared.
  if (storage.is_cleared && data->inverted) return std::nullopt;
  if (storage.is_cleared ? !add_clear(*state, cell, pins) : !tie(*state, "clear", cell, pins))
    return std::nullopt;
  if (!tie(*state, "preset", cell, pins) || pins.size() != cell.inputs.size()) return std::nullopt;
  add_output(cell, *state, data->inverted, pins);
  if (pins.back().first != "Q") return std::nullopt;
  return pins;
}

// --- The choice ----------------------------------------------------------------------------------

struct Candidate {
  Cell cell;
  Pins pins;
};

// Cells that `fits` gives pins to, the smallest first, of equals the strongest
template <class Fits>
std::vector<Candidate> candidates(const std::vector<Cell>& cells, Fits&& fits) {
  std::vector<Candidate> found;
  for (const Cell& cell : cells)
    if (const std::optional<Pins> pins = fits(cell)) found.push_back({cell, *pins});
  std::ranges::stable_sort(found, [](const Candidate& a, const Candidate& b) {
    if (a.cell.area() != b.cell.area()) return a.cell.area() < b.cell.area();
    return a.cell.drive() > b.cell.drive();
  });
  return found;
}

CellRole role_of(const char* role, const Candidate& candidate) {
  return {role, candidate.cell.group->name(), candidate.pins};
}

std::vector<Candidate> gates(const std::vector<Cell>& cells, const Gate& gate) {
  return candidates(cells, [&](const Cell& cell) { return as_gate(gate, cell); });
}

std::vector<Candidate> storages(const std::vector<Cell>& cells, const Storage& storage) {
  return candidates(cells, [&](const Cell& cell) { return as_storage(storage, cell); });
}

void add_buffers(const std::vector<Cell>& cells, std::vector<CellRole>& roles) {
  double strongest = 0;
  for (const Candidate& buffer : gates(cells, kBuffer)) {
    if (buffer.cell.drive() <= 1.5 * strongest) continue;
    strongest = buffer.cell.drive();
    roles.push_back(role_of(kBuffer.role, buffer));
  }
}

void require(bool present, const char* what, std::vector<std::string>& missing) {
  if (!present) missing.emplace_back(what);
}

void check_complete(const std::vector<Cell>& cells, const std::vector<CellRole>& roles,
                    const std::string& source) {
  const auto has = [&](const char* role) {
    return std::ranges::find(roles, role, &CellRole::role) != roles.end();
  };
  std::vector<std::string> missing;
  require(has(kFlipFlop.role), "flip-flop for a rising clock edge", missing);
  require(has(kBuffer.role), "buffer with a max_capacitance", missing);
  require(!gates(cells, kInverter).empty(), "inverter", missing);
  require(!gates(cells, kNand).empty() || !gates(cells, kNor).empty(), "NAND or NOR of two inputs",
          missing);
  if (!missing.empty())
    base::fail(base::Code::kBadLibrary,
               fmt::format("the cells that may be used have no {}", fmt::join(missing, ", no ")),
               source, "give the library's other files too, or a shorter dont_use list");
}

}  // namespace

bool is_gate(const LibertyGroup& group) {
  const Cell cell = cell_of(group);
  return is_stateless(cell) && !cell.outputs.empty() &&
         std::ranges::all_of(cell.outputs, [&](const Output& output) {
           return evaluate(output.function, cell.inputs, 0).has_value();
         });
}

std::vector<CellRole> find_roles(const LibertyGroup& library, const std::string& source) {
  std::vector<Cell> cells;
  for (const LibertyGroup& group : library.groups)
    if (group.kind == "cell") cells.push_back(cell_of(group));
  std::vector<CellRole> roles;
  for (const Gate* gate : {&kFullAdder, &kHalfAdder, &kAnd})
    if (const auto found = gates(cells, *gate); !found.empty())
      roles.push_back(role_of(gate->role, found.front()));
  for (const Storage* storage : {&kFlipFlop, &kClearedFlipFlop, &kLatch, &kLatchN})
    if (const auto found = storages(cells, *storage); !found.empty())
      roles.push_back(role_of(storage->role, found.front()));
  add_buffers(cells, roles);
  check_complete(cells, roles, source);
  return roles;
}

std::string roles_text(const std::vector<CellRole>& roles) {
  std::string text;
  for (const CellRole& role : roles) {
    text += role.role + " " + role.cell;
    for (const auto& [port, pin] : role.pins) text += " " + port + " " + pin;
    text += "\n";
  }
  return text;
}

}  // namespace flow
