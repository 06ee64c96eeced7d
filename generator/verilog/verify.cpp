#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "verilog/connectivity.hpp"
#include "verilog/netlist.hpp"

namespace verilog {
namespace {

/// Faults of one design, all of one kind; remembers how many so that a caller can tell a clean
/// part.
class Faults {
 public:
  template <class... Args>
  void add(const std::string& where, fmt::format_string<Args...> format, Args&&... args) {
    list.add(base::Code::kNetlistInvalid, fmt::format(format, std::forward<Args>(args)...), where);
  }
  std::size_t count() const { return list.faults().size(); }

  base::Diagnostics list;
};

using Signatures = std::map<std::string, Signature>;

bool is_one_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < ' ' || c == 127; });
}

void check_comment(const std::string& text, const std::string& where, Faults& faults) {
  if (!is_one_line(text)) faults.add(where, "a comment holds a control character or a line break");
}

// --- hierarchy

void check_module_names(const Design& design, Faults& faults) {
  std::set<std::string> seen;
  for (const auto& module : design.modules()) {
    if (module.name().empty()) faults.add("", "a module has no name");
    if (!seen.insert(module.name()).second) faults.add(module.name(), "two modules have this name");
    if (design.leaves().contains(module.name()))
      faults.add(module.name(), "a generated module and a leaf have this name");
  }
  if (design.find(design.top()) == nullptr)
    faults.add(design.top(), "the top module is not in the design");
}

void check_reachable(const Design& design, Faults& faults) {
  const auto used = design.module_files();
  for (const auto& module : design.modules())
    if (std::find(used.begin(), used.end(), module.name()) == used.end())
      faults.add(module.name(), "no module under the top {} uses this module", design.top());
}

/// In module_files() order a module stands behind all that it uses, unless they use each other.
void check_recursion(const Design& design, Faults& faults) {
  std::set<std::string> before;
  for (const auto& name : design.module_files()) {
    for (const auto& instance : design.find(name)->instances())
      if (design.find(instance.module()) != nullptr && !before.contains(instance.module()))
        faults.add(fmt::format("{}, instance {}", name, instance.name()),
                   "module {} is under itself", instance.module());
    before.insert(name);
  }
}

// --- inside a module

void check_names(const Module& module, Faults& faults) {
  std::set<std::string> seen;
  const auto check = [&](const std::string& name) {
    if (name.empty()) faults.add(module.name(), "a net or an instance has no name");
    if (!seen.insert(name).second) faults.add(module.name(), "{} is declared twice", name);
  };
  for (const auto& net : module.nets()) check(net.name);
  for (const auto& instance : module.instances()) check(instance.name());
}

void check_comments(const Module& module, Faults& faults) {
  for (const auto& line : module.header()) check_comment(line, module.name(), faults);
  for (const auto& net : module.nets()) check_comment(net.comment, module.name(), faults);
  for (const auto& assign : module.assigns()) check_comment(assign.comment, module.name(), faults);
  for (const auto& instance : module.instances())
    check_comment(instance.comment(), module.name(), faults);
}

void check_widths(const Module& module, Faults& faults) {
  for (const auto& net : module.nets())
    if (net.width < 1) faults.add(module.name(), "{} is {} bits wide", net.name, net.width);
}

/// The nets of an expression must be those of `module`.
void check_expr(const Expr& expr, const Module& module, const std::string& where, Faults& faults) {
  for (const auto& part : expr.parts()) {
    if (part.is_constant()) continue;
    if (part.net.index() >= module.nets().size())
      faults.add(where, "a net of another module is used");
    else if (part.lo + part.width > module.net(part.net).width)
      faults.add(where,
                 "bit {} of {} is used, which is {} bits wide; is it a net of another module?",
                 part.lo + part.width - 1, module.net(part.net).name, module.net(part.net).width);
  }
}

void check_target(const Expr& expr, const Module& module, const std::string& where,
                  Faults& faults) {
  check_expr(expr, module, where, faults);
  for (const auto& part : expr.parts())
    if (part.is_constant()) faults.add(where, "a constant is driven");
}

void check_assign(const Assign& assign, const Module& module, Faults& faults) {
  const std::string where = module.name() + ", an assign";
  check_target(assign.target, module, where, faults);
  check_expr(assign.source, module, where, faults);
  if (assign.target.width() != assign.source.width())
    faults.add(where, "{} bits are assigned to {}", assign.source.width(), assign.target.width());
}

// --- instances

void check_value(const Parameter& parameter, const ParameterValue& value, const std::string& where,
                 Faults& faults) {
  const bool wants_text = std::holds_alternative<std::string>(parameter.initial);
  const auto* text = std::get_if<std::string>(&value);
  if (wants_text != (text != nullptr)) {
    faults.add(where, "parameter {} takes {}", parameter.name, wants_text ? "a text" : "a number");
  } else if (text != nullptr) {
    if (!is_one_line(*text))
      faults.add(where, "parameter {} holds control characters", parameter.name);
  } else if (const auto number = std::get<std::int64_t>(value);
             number < std::numeric_limits<std::int32_t>::min() ||
             number > std::numeric_limits<std::int32_t>::max()) {
    faults.add(where, "parameter {} = {} does not fit in 32 bits", parameter.name, number);
  }
}

void check_parameters(const Instance& instance, const Signature& signature,
                      const std::string& where, Faults& faults) {
  std::set<std::string> given;
  for (const auto& [name, value] : instance.parameters()) {
    const auto found = std::find_if(signature.parameters.begin(), signature.parameters.end(),
                                    [&name = name](const Parameter& p) { return p.name == name; });
    if (found == signature.parameters.end())
      faults.add(where, "{} has no parameter {}", signature.name, name);
    else
      check_value(*found, value, where, faults);
    if (!given.insert(name).second) faults.add(where, "parameter {} is set twice", name);
  }
}

void check_port(const Port& port, const Expr* expr, const Environment& environment,
                const Module& module, const std::string& where, Faults& faults) {
  const std::string port_where = fmt::format("{}, port {}", where, port.name);
  const std::int64_t width = port.width.evaluate(environment);
  if (width < 1) faults.add(port_where, "the port is {} = {} bits wide", port.width.text(), width);
  if (expr == nullptr) {
    if (port.direction == Direction::kInput) faults.add(port_where, "the input is not connected");
    return;
  }
  if (width != expr->width())
    faults.add(port_where, "the port is {} = {} bits wide, connected to {} bits", port.width.text(),
               width, expr->width());
  if (port.direction == Direction::kInput)
    check_expr(*expr, module, port_where, faults);
  else
    check_target(*expr, module, port_where, faults);
}

void check_ports(const Instance& instance, const Signature& signature, const Environment& values,
                 const Module& module, const std::string& where, Faults& faults) {
  std::map<std::string, const Expr*> connected;
  for (const auto& [name, expr] : instance.ports())
    if (!connected.emplace(name, &expr).second)
      faults.add(where, "port {} is connected twice", name);
  for (const auto& port : signature.ports) {
    const auto found = connected.find(port.name);
    check_port(port, found == connected.end() ? nullptr : found->second, values, module, where,
               faults);
    connected.erase(port.name);
  }
  for (const auto& [name, expr] : connected)
    faults.add(where, "{} has no port {}", signature.name, name);
}

void check_instance(const Instance& instance, const Module& module, const Signatures& signatures,
                    Faults& faults) {
  const std::string where = fmt::format("{}, instance {}", module.name(), instance.name());
  const auto signature = signatures.find(instance.module());
  if (signature == signatures.end()) {
    faults.add(where, "module {} is neither in the design nor a leaf", instance.module());
    return;
  }
  const std::size_t before = faults.count();
  check_parameters(instance, signature->second, where, faults);
  if (faults.count() != before) return;  // widths would mean nothing
  try {
    check_ports(instance, signature->second, signature->second.environment(instance.given()),
                module, where, faults);
  } catch (const base::Error& error) {  // an expression of the signature names no parameter
    faults.add(where, "{}", error.faults().front().what);
  }
}

Signatures all_signatures(const Design& design) {
  Signatures result = design.leaves();
  for (const auto& module : design.modules()) result.emplace(module.name(), module.signature());
  return result;
}

void check_module(const Module& module, const Signatures& signatures, Faults& faults) {
  check_names(module, faults);
  check_comments(module, faults);
  check_widths(module, faults);
  for (const auto& assign : module.assigns()) check_assign(assign, module, faults);
  for (const auto& instance : module.instances())
    check_instance(instance, module, signatures, faults);
}

}  // namespace

void verify(const Design& design) {
  Faults faults;
  check_module_names(design, faults);
  check_reachable(design, faults);
  check_recursion(design, faults);
  faults.list.throw_if_any();

  const Signatures signatures = all_signatures(design);
  std::map<std::string, Feedthrough> feedthroughs;
  for (const auto& name : design.module_files()) {
    const Module& module = *design.find(name);
    const std::size_t before = faults.count();
    check_module(module, signatures, faults);
    if (faults.count() == before)  // bits can be followed only where connections fit
      feedthroughs[name] = check_connectivity(module, signatures, feedthroughs, faults.list);
  }
  faults.list.throw_if_any();
}

}  // namespace verilog
