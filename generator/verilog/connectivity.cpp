#include "verilog/connectivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

namespace verilog {
namespace {

constexpr int kConstant = -1;

/// Numbers the bits of all nets of a module: bit b of net n is first[n] + b.
class BitIndex {
 public:
  explicit BitIndex(const Module& module) : module_(module) {
    for (const auto& net : module.nets()) {
      first_.push_back(static_cast<int>(owner_.size()));
      owner_.insert(owner_.end(), net.width, NetId(first_.size() - 1));
    }
  }
  int size() const { return static_cast<int>(owner_.size()); }
  int of(NetId net, int bit) const { return first_[net.index()] + bit; }
  NetId net(int index) const { return owner_[index]; }
  int bit(int index) const { return index - first_[net(index).index()]; }
  const NetDeclaration& declaration(int index) const { return module_.net(net(index)); }

  /// The bits of `expr`, least significant first; kConstant where it is constant.
  std::vector<int> bits(const Expr& expr) const {
    std::vector<int> result;
    for (auto part = expr.parts().rbegin(); part != expr.parts().rend(); ++part)
      for (int i = 0; i < part->width; ++i)
        result.push_back(part->is_constant() ? kConstant : of(part->net, part->lo + i));
    return result;
  }

 private:
  const Module& module_;
  std::vector<int> first_;
  std::vector<NetId> owner_;
};

struct Uses {
  explicit Uses(int size) : drivers(size, 0), read(size, false) {}
  std::vector<int> drivers;
  std::vector<bool> read;

  void drive(const std::vector<int>& bits) {
    for (const int bit : bits) ++drivers[bit];
  }
  void take(const std::vector<int>& bits) {
    for (const int bit : bits)
      if (bit != kConstant) read[bit] = true;
  }
};

void use_ports(const BitIndex& index, Uses& uses) {
  for (int i = 0; i < index.size(); ++i) {
    const NetKind kind = index.declaration(i).kind;
    if (kind == NetKind::kInput) ++uses.drivers[i];
    if (kind == NetKind::kOutput) uses.read[i] = true;
  }
}

void use_instance(const Instance& instance, const Signature& signature, const BitIndex& index,
                  Uses& uses) {
  std::map<std::string, Direction> directions;
  for (const auto& port : signature.ports) directions.emplace(port.name, port.direction);
  for (const auto& [port, expr] : instance.ports()) {
    if (directions.at(port) == Direction::kInput)
      uses.take(index.bits(expr));
    else
      uses.drive(index.bits(expr));
  }
}

/// "name", "name[3]" or "name[7:4]".
std::string range_text(const NetDeclaration& net, int lo, int hi) {
  if (net.width == 1 || hi - lo + 1 == net.width) return net.name;
  return lo == hi ? fmt::format("{}[{}]", net.name, lo)
                  : fmt::format("{}[{}:{}]", net.name, hi, lo);
}

/// Calls report(text) for every longest run of bits of one net that are `bad`.
void for_each_run(const BitIndex& index, const std::function<bool(int)>& bad,
                  const std::function<void(const std::string&)>& report) {
  for (int i = 0; i < index.size(); ++i) {
    if (!bad(i)) continue;
    int end = i + 1;
    while (end < index.size() && index.net(end) == index.net(i) && bad(end)) ++end;
    report(range_text(index.declaration(i), index.bit(i), index.bit(end - 1)));
    i = end - 1;
  }
}

void check_drivers(const BitIndex& index, const Uses& uses, const std::string& where,
                   base::Diagnostics& faults) {
  const auto is_input = [&](int i) { return index.declaration(i).kind == NetKind::kInput; };
  const auto check = [&](const char* what, const std::function<bool(int)>& bad) {
    for_each_run(index, bad, [&](const std::string& bits) {
      faults.add(base::Code::kNetlistInvalid, bits + what, where);
    });
  };
  check(" is never driven", [&](int i) { return uses.drivers[i] == 0; });
  check(" is driven more than once", [&](int i) { return !is_input(i) && uses.drivers[i] > 1; });
  check(", an input, is driven inside", [&](int i) { return is_input(i) && uses.drivers[i] > 1; });
  check(" is never read, and its name does not begin with unused",
        [&](int i) { return !uses.read[i] && !index.declaration(i).name.starts_with("unused"); });
}

/// copies[n]: the nets that assigns, here or in instances, copy to net n, whole or in part.
using Copies = std::vector<std::set<std::size_t>>;

std::set<std::size_t> nets_of(const Expr& expr) {
  std::set<std::size_t> result;
  for (const auto& part : expr.parts())
    if (!part.is_constant()) result.insert(part.net.index());
  return result;
}

void add_copies(const Expr& target, const Expr& source, Copies& copies) {
  for (const std::size_t from : nets_of(source))
    for (const std::size_t to : nets_of(target)) copies[to].insert(from);
}

const Expr* connected_to(const Instance& instance, const std::string& port) {
  for (const auto& [name, expr] : instance.ports())
    if (name == port) return &expr;
  return nullptr;
}

Copies copies_of(const Module& module, const std::map<std::string, Feedthrough>& feedthroughs) {
  Copies copies(module.nets().size());
  for (const auto& assign : module.assigns()) add_copies(assign.target, assign.source, copies);
  for (const auto& instance : module.instances()) {
    const auto child = feedthroughs.find(instance.module());
    if (child == feedthroughs.end()) continue;
    for (const auto& [output, input] : child->second)
      if (const Expr* target = connected_to(instance, output))
        add_copies(*target, *connected_to(instance, input), copies);
  }
  return copies;
}

/// Every net that `start` gets bits from, itself only if there is a loop.
std::set<std::size_t> sources_of(std::size_t start, const Copies& copies) {
  std::set<std::size_t> seen;
  std::vector<std::size_t> open = {start};
  while (!open.empty()) {
    const std::size_t net = open.back();
    open.pop_back();
    for (const std::size_t from : copies[net])
      if (seen.insert(from).second) open.push_back(from);
  }
  return seen;
}

/// What each output copies from inputs; a fault for each net that copies from itself.
Feedthrough check_copies(const Module& module, const Copies& copies, base::Diagnostics& faults) {
  Feedthrough result;
  for (std::size_t net = 0; net < copies.size(); ++net) {
    if (copies[net].empty()) continue;
    const auto sources = sources_of(net, copies);
    const NetDeclaration& target = module.nets()[net];
    if (sources.contains(net))
      faults.add(base::Code::kNetlistInvalid,
                 target.name + " is assigned from itself, directly or through other nets",
                 module.name(), "use another net for the bits that others depend on");
    if (target.kind != NetKind::kOutput) continue;
    for (const std::size_t source : sources)
      if (module.nets()[source].kind == NetKind::kInput)
        result.emplace(target.name, module.nets()[source].name);
  }
  return result;
}

}  // namespace

Feedthrough check_connectivity(const Module& module,
                               const std::map<std::string, Signature>& signatures,
                               const std::map<std::string, Feedthrough>& feedthroughs,
                               base::Diagnostics& faults) {
  const BitIndex index(module);
  Uses uses(index.size());
  use_ports(index, uses);
  for (const auto& assign : module.assigns()) {
    uses.drive(index.bits(assign.target));
    uses.take(index.bits(assign.source));
  }
  for (const auto& instance : module.instances())
    use_instance(instance, signatures.at(instance.module()), index, uses);
  check_drivers(index, uses, module.name(), faults);
  return check_copies(module, copies_of(module, feedthroughs), faults);
}

}  // namespace verilog
