#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "verilog/names.hpp"
#include "verilog/netlist.hpp"

namespace verilog {
namespace {

constexpr std::size_t kColumns = 100;
constexpr int kLiteralBits = 256;  // wider constants are printed in pieces, which can be wrapped

// --- text

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string padded(const std::string& text, std::size_t width) {
  return text + spaces(width - std::min(width, text.size()));
}

std::string trimmed(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// Puts `words`, separated by blanks, on as few lines as fit, each after `margin`.
std::string filled(const std::vector<std::string>& words, const std::string& margin) {
  std::string lines;
  std::string line = margin;
  for (const auto& word : words) {
    const bool first = line.size() == margin.size();
    if (!first && line.size() + 1 + word.size() > kColumns) {
      lines += line + "\n";
      line = margin + word;
    } else {
      line += (first ? "" : " ") + word;
    }
  }
  return lines + line + "\n";
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c != ' ')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// A comment line, broken where too long; a line that fits keeps its spacing. What is not printable
/// shows as an escape: a line break in a name would end the comment.
std::string comment_lines(const std::string& text, int indent) {
  const std::string margin = spaces(indent) + "//";
  if (text.empty()) return margin + "\n";
  const std::string line = margin + " " + base::printable(text);
  return line.size() <= kColumns ? line + "\n"
                                 : filled(words_of(line.substr(indent + 3)), margin + " ");
}

std::string comment_above(const std::string& text, int indent) {
  return text.empty() ? "" : comment_lines(text, indent);
}

// --- expressions

/// "1'b0", "12'h0ff" without leading zeros: "12'hff".
std::string literal(const Part& part, int lo, int width) {
  const auto bit = [&](int i) { return i < width && part.value.get(lo + i); };
  if (width == 1) return bit(0) ? "1'b1" : "1'b0";
  std::string digits;
  for (int i = 0; i < width; i += 4)
    digits += "0123456789abcdef"[bit(i) + 2 * bit(i + 1) + 4 * bit(i + 2) + 8 * bit(i + 3)];
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  std::reverse(digits.begin(), digits.end());
  return fmt::format("{}'h{}", width, digits);
}

/// A constant as one literal, or as several if it is long.
void add_literals(const Part& part, std::vector<std::string>& list) {
  if (part.value == base::Bits(part.width)) {
    list.push_back(literal(part, 0, part.width));
    return;
  }
  for (int hi = part.width; hi > 0;) {
    const int lo = (hi - 1) / kLiteralBits * kLiteralBits;
    list.push_back(literal(part, lo, hi - lo));
    hi = lo;
  }
}

std::string net_text(const Part& part, const Module& module) {
  const auto& net = module.net(part.net);
  if (part.width == net.width) return net.name;
  if (part.width == 1) return fmt::format("{}[{}]", net.name, part.lo);
  return fmt::format("{}[{}:{}]", net.name, part.lo + part.width - 1, part.lo);
}

std::string repeated(std::ptrdiff_t count, const std::string& text) {
  return count == 1 ? text : fmt::format("{{{}{{{}}}}}", count, text);
}

/// The members of the concatenation that is `expr`; repeated ones as replications.
std::vector<std::string> members(const Expr& expr, const Module& module) {
  std::vector<std::string> result;
  const auto& parts = expr.parts();
  for (auto part = parts.begin(); part != parts.end();) {
    const auto end = std::find_if(part, parts.end(), [&](const Part& p) { return p != *part; });
    if (part->is_constant())
      add_literals(*part, result);
    else
      result.push_back(repeated(end - part, net_text(*part, module)));
    part = end;
  }
  return result;
}

/// before + expr + after, each member on its line or more to a line where it is too long for one.
std::string expr_lines(const std::string& before, const Expr& expr, const Module& module,
                       const std::string& after) {
  auto list = members(expr, module);
  const bool one = list.size() == 1;
  const std::string text = one ? list[0] : fmt::format("{{{}}}", fmt::join(list, ", "));
  if (before.size() + text.size() + after.size() <= kColumns) return before + text + after + "\n";
  const std::size_t indent = before.find_first_not_of(' ');
  if (one) return trimmed(before) + "\n" + spaces(indent + 4) + text + after + "\n";
  for (std::size_t i = 0; i + 1 < list.size(); ++i) list[i] += ",";
  return before + "{\n" + filled(list, spaces(indent + 2)) + spaces(indent) + "}" + after + "\n";
}

// --- declarations

std::string range(int width) { return width == 1 ? "" : fmt::format("[{}:0]", width - 1); }

std::size_t widest_range(const std::vector<NetDeclaration>& nets) {
  std::size_t widest = 0;
  for (const auto& net : nets) widest = std::max(widest, range(net.width).size());
  return widest;
}

/// "wire [7:0] name", names below each other.
std::string declaration(const NetDeclaration& net, std::size_t widest) {
  const std::string gap = widest == 0 ? "" : padded(range(net.width), widest) + " ";
  return "wire " + gap + net.name;
}

std::vector<NetDeclaration> select(const Module& module, bool ports) {
  std::vector<NetDeclaration> result;
  for (const auto& net : module.nets())
    if ((net.kind != NetKind::kWire) == ports) result.push_back(net);
  return result;
}

std::string port_list(const Module& module) {
  const auto ports = select(module, true);
  const std::size_t widest = widest_range(ports);
  std::string text;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    text += comment_above(ports[i].comment, 2);
    text += ports[i].kind == NetKind::kInput ? "  input  " : "  output ";
    text += declaration(ports[i], widest) + (i + 1 < ports.size() ? ",\n" : "\n");
  }
  return text;
}

std::string wire_lines(const Module& module) {
  const auto wires = select(module, false);
  const std::size_t widest = widest_range(wires);
  std::string text;
  for (const auto& wire : wires)
    text += comment_above(wire.comment, 2) + "  " + declaration(wire, widest) + ";\n";
  return text;
}

std::string assign_lines(const Module& module) {
  std::string text;
  for (const auto& assign : module.assigns()) {
    std::string target = expr_lines("  assign ", assign.target, module, " = ");
    target.pop_back();
    const std::size_t last_line = target.rfind('\n') + 1;  // 0 if there is one line
    text += comment_above(assign.comment, 2) + target.substr(0, last_line) +
            expr_lines(target.substr(last_line), assign.source, module, ";");
  }
  return text;
}

// --- instances

std::string value_text(const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return base::quoted(*text);
  return std::to_string(std::get<std::int64_t>(value));
}

template <class Value>
std::size_t widest_name(const std::vector<std::pair<std::string, Value>>& list) {
  std::size_t widest = 0;
  for (const auto& [name, value] : list) widest = std::max(widest, name.size());
  return widest;
}

std::string parameter_list(const Instance& instance) {
  const auto& list = instance.parameters();
  const std::size_t widest = widest_name(list);
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text += fmt::format("    .{}({}){}\n", padded(list[i].first, widest),
                        value_text(list[i].second), i + 1 < list.size() ? "," : "");
  return text;
}

std::string connections(const Instance& instance, const Module& module) {
  const auto& list = instance.ports();
  const std::size_t widest = widest_name(list);
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text += expr_lines(fmt::format("    .{}(", padded(list[i].first, widest)), list[i].second,
                       module, i + 1 < list.size() ? ")," : ")");
  return text;
}

std::string instance_lines(const Instance& instance, const Module& module) {
  std::string text = comment_above(instance.comment(), 2) + "  " + instance.module();
  if (!instance.parameters().empty()) text += " #(\n" + parameter_list(instance) + "  )";
  return text + " " + instance.name() + " (\n" + connections(instance, module) + "  );\n";
}

// --- the module

void check_printable(const Module& module, const Design& design) {
  base::Diagnostics faults;
  const auto check = [&](const std::string& name, NameKind kind) {
    if (!is_legal_name(name, kind))
      faults.add(base::Code::kNetlistInvalid, fmt::format("the name \"{}\" is not legal", name),
                 module.name(), "legalize() before print()");
  };
  check(module.name(), NameKind::kModule);
  for (const auto& net : module.nets()) check(net.name, NameKind::kNet);
  for (const auto& instance : module.instances()) {
    check(instance.name(), NameKind::kInstance);
    const auto signature = design.signature(instance.module());
    if (!signature || signature->ports.size() != instance.ports().size())
      faults.add(base::Code::kNetlistInvalid, "ports are left open",
                 fmt::format("{}, instance {}", module.name(), instance.name()),
                 "legalize() before print()");
  }
  faults.throw_if_any();
}

}  // namespace

std::string print(const Module& module, const Design& design) {
  check_printable(module, design);
  std::string text;
  for (const auto& line : module.header()) text += comment_lines(line, 0);
  if (!module.header().empty()) text += "\n";
  text += fmt::format("module {} (\n{});\n", module.name(), port_list(module));
  std::vector<std::string> blocks = {wire_lines(module), assign_lines(module)};
  for (const auto& instance : module.instances())
    blocks.push_back(instance_lines(instance, module));
  for (const auto& block : blocks)
    if (!block.empty()) text += "\n" + block;
  return text + "\nendmodule\n";
}

}  // namespace verilog
