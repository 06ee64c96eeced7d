#include <fmt/format.h>

#include <set>

#include "verilog/names.hpp"
#include "verilog/netlist.hpp"

namespace verilog {
namespace {

/// Names of one scope, old to new, and what is taken there.
struct Names {
  NameScope scope;
  std::map<std::string, std::string> to;

  void keep_legal(const std::string& name, NameKind kind) {
    if (scope.reserve(name, kind)) to[name] = name;
  }
  void make_legal(const std::string& name, NameKind kind) {
    if (!to.contains(name)) to[name] = scope.take(name, kind);
  }
};

/// Legal names first, so that no other name takes theirs.
Names module_names(const Design& design) {
  Names names{NameScope(NameScope::Case::kIgnored), {}};
  for (const auto& leaf : design.leaf_files()) names.scope.reserve(leaf, NameKind::kModule);
  for (const auto& module : design.module_files()) names.keep_legal(module, NameKind::kModule);
  for (const auto& module : design.module_files()) names.make_legal(module, NameKind::kModule);
  return names;
}

Names names_inside(const Module& module) {
  Names names;
  for (const auto& net : module.nets()) names.keep_legal(net.name, NameKind::kNet);
  for (const auto& instance : module.instances())
    names.keep_legal(instance.name(), NameKind::kInstance);
  for (const auto& net : module.nets()) names.make_legal(net.name, NameKind::kNet);
  for (const auto& instance : module.instances())
    names.make_legal(instance.name(), NameKind::kInstance);
  return names;
}

/// Builds the design again under its new names.
class Legalizer {
 public:
  explicit Legalizer(const Design& old)
      : old_(old), modules_(module_names(old)), result_(modules_.to.at(old.top())) {
    for (const auto& module : old.modules()) inside_.emplace(module.name(), names_inside(module));
  }

  Design run() {
    for (const auto& name : old_.module_files()) result_.add(rebuild(*old_.find(name)));
    return std::move(result_);
  }

 private:
  Module rebuild(const Module& old) {
    Module module(modules_.to.at(old.name()), old.header());
    for (const auto& net : old.nets()) declare(old, net, module);
    for (const auto& assign : old.assigns()) {
      module.comment(assign.comment);
      module.assign(assign.target, assign.source);
    }
    for (const auto& instance : old.instances()) instantiate(old, instance, module);
    return module;
  }

  void declare(const Module& old, const NetDeclaration& net, Module& module) const {
    const std::string& name = inside_.at(old.name()).to.at(net.name);
    module.comment(net.comment);
    switch (net.kind) {
      case NetKind::kInput:
        module.input(name, net.width);
        break;
      case NetKind::kOutput:
        module.output(name, net.width);
        break;
      case NetKind::kWire:
        module.wire(name, net.width);
        break;
    }
  }

  /// The new instance, still without parameters and ports.
  Instance& start(const Module& old, const Instance& instance, Module& module) const {
    const std::string& name = inside_.at(old.name()).to.at(instance.name());
    module.comment(instance.comment());
    const auto leaf = old_.leaves().find(instance.module());
    if (leaf != old_.leaves().end()) return module.instance(leaf->second, name);
    return module.instance(*result_.find(modules_.to.at(instance.module())), name);
  }

  void instantiate(const Module& old, const Instance& instance, Module& module) {
    Instance& copy = start(old, instance, module);
    for (const auto& parameter : instance.parameters())
      std::visit([&](const auto& value) { copy.parameter(parameter.first, value); },
                 parameter.second);
    const auto child = inside_.find(instance.module());
    std::set<std::string> connected;
    for (const auto& [port, expr] : instance.ports()) {
      const std::string& name = child == inside_.end() ? port : child->second.to.at(port);
      copy.port(name, expr);
      connected.insert(name);
    }
    close_outputs(inside_.at(old.name()), connected, copy, module);
  }

  void close_outputs(Names& names, const std::set<std::string>& connected, Instance& instance,
                     Module& module) const {
    const Signature signature = *signature_of(instance.module());
    const Environment values = signature.environment(instance.given());
    for (const auto& port : signature.ports) {
      if (port.direction == Direction::kInput || connected.contains(port.name)) continue;
      const std::string name =
          names.scope.take(fmt::format("unused_{}_{}", instance.name(), port.name), NameKind::kNet);
      const auto width = static_cast<int>(port.width.evaluate(values));
      instance.port(port.name, module.wire(name, width));
    }
  }

  std::optional<Signature> signature_of(const std::string& name) const {
    const auto leaf = old_.leaves().find(name);
    return leaf == old_.leaves().end() ? result_.signature(name) : leaf->second;
  }

  const Design& old_;
  Names modules_;
  std::map<std::string, Names> inside_;
  Design result_;
};

}  // namespace

Design legalize(const Design& design) { return Legalizer(design).run(); }

}  // namespace verilog
