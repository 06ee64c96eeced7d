#include "verilog/netlist.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "base/error.hpp"

namespace verilog {

Instance& Instance::parameter(std::string name, std::int64_t value) {
  parameters_.emplace_back(std::move(name), value);
  return *this;
}

Instance& Instance::parameter(std::string name, std::string value) {
  parameters_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Instance& Instance::port(std::string name, Expr expr) {
  ports_.emplace_back(std::move(name), std::move(expr));
  return *this;
}

Module::Module(std::string name, std::vector<std::string> header)
    : name_(std::move(name)), header_(std::move(header)) {}

std::string Module::take_comment() { return std::exchange(next_comment_, {}); }

void Module::comment(std::string text) { next_comment_ = std::move(text); }

Net Module::declare(std::string name, NetKind kind, int width) {
  nets_.push_back({std::move(name), kind, width, take_comment()});
  return {NetId(nets_.size() - 1), width};
}

Net Module::input(std::string name, int width) {
  return declare(std::move(name), NetKind::kInput, width);
}

Net Module::output(std::string name, int width) {
  return declare(std::move(name), NetKind::kOutput, width);
}

Net Module::wire(std::string name, int width) {
  return declare(std::move(name), NetKind::kWire, width);
}

Instance& Module::instance(const Signature& leaf, std::string name) {
  const auto [known, added] = leaves_.emplace(leaf.name, leaf);
  if (!added && known->second != leaf)
    base::fail(base::Code::kNetlistInvalid,
               fmt::format("leaf {} is declared with two different signatures", leaf.name), name_);
  return instances_.emplace_back(leaf.name, std::move(name), take_comment());
}

Instance& Module::instance(const Module& child, std::string name) {
  return instances_.emplace_back(child.name(), std::move(name), take_comment());
}

void Module::assign(Expr target, Expr source) {
  assigns_.push_back({std::move(target), std::move(source), take_comment()});
}

void Module::discard(const std::string& name, const Expr& bits) {
  assign(wire("unused_" + name, bits.width()), bits);
}

std::optional<Net> Module::find(const std::string& name) const {
  for (std::size_t i = 0; i < nets_.size(); ++i)
    if (nets_[i].name == name) return Net{NetId(i), nets_[i].width};
  return std::nullopt;
}

Signature Module::signature() const {
  Signature result{.name = name_, .parameters = {}, .ports = {}};
  for (const auto& net : nets_) {
    if (net.kind == NetKind::kInput) result.ports.push_back(in(net.name, net.width));
    if (net.kind == NetKind::kOutput) result.ports.push_back(out(net.name, net.width));
  }
  return result;
}

const Module& Design::add(Module module) {
  for (const auto& [name, leaf] : module.leaves()) {
    const auto [known, added] = leaves_.emplace(name, leaf);
    if (!added && known->second != leaf)
      base::fail(base::Code::kNetlistInvalid,
                 fmt::format("leaf {} is declared with two different signatures", name),
                 module.name());
  }
  return modules_.emplace_back(std::move(module));
}

const Module* Design::find(const std::string& name) const {
  for (const auto& module : modules_)
    if (module.name() == name) return &module;
  return nullptr;
}

std::optional<Signature> Design::signature(const std::string& name) const {
  if (const Module* module = find(name)) return module->signature();
  const auto leaf = leaves_.find(name);
  return leaf == leaves_.end() ? std::nullopt : std::optional(leaf->second);
}

std::vector<std::string> Design::module_files() const {
  std::vector<std::string> order;
  std::set<std::string> seen;
  const std::function<void(const std::string&)> visit = [&](const std::string& name) {
    const Module* module = find(name);
    if (module == nullptr || !seen.insert(name).second) return;
    for (const auto& instance : module->instances()) visit(instance.module());
    order.push_back(name);
  };
  visit(top_);
  return order;
}

std::vector<std::string> Design::leaf_files() const {
  std::set<std::string> names;
  for (const auto& name : module_files()) {
    for (const auto& [leaf, signature] : find(name)->leaves()) {
      names.insert(leaf);
      names.insert(signature.needs.begin(), signature.needs.end());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace verilog
