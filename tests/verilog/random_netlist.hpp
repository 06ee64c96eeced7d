// Random hierarchical designs that verify() must accept.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "verilog/netlist.hpp"
#include "verilog/test_leaves.hpp"

namespace random_netlist {

using namespace verilog;

/// Builds one module; keeps count of what is driven (pool) and what has been read.
class ModuleBuilder {
 public:
  ModuleBuilder(std::string name, base::Rng& rng)
      : rng_(rng),
        module_(std::move(name), {"A random module.", ""}),
        clk_(module_.input("clk_i")) {
    read_[clk_.id.index()] = {true};
    for (auto n = between(1, 4); n > 0; --n) drive(module_.input(awkward_name(), between(1, 20)));
  }

  void instantiate(const Signature& signature, Instance& instance) {
    const Environment values = signature.environment(instance.given());
    std::vector<Net> driven;
    for (const auto& port : signature.ports) {
      const auto width = static_cast<int>(port.width.evaluate(values));
      if (port.name == "clk_i")
        instance.port(port.name, clk_);
      else if (port.direction == Direction::kInput)
        instance.port(port.name, source(width));
      else if (!chance(4))
        instance.port(port.name, target(width, driven));
    }
    for (const Net& net : driven) drive(net);
  }

  void add_stage() {
    const Signature stage = test_leaves::stage();
    maybe_comment();
    Instance& instance = module_.instance(stage, awkward_name())
                             .parameter("Lanes", between(1, 9))
                             .parameter("Bits", between(1, 70));
    if (chance(2)) instance.parameter("InitFile", "mem/a \"quoted\\\" file.mem");
    instantiate(stage, instance);
  }

  void add_parity() {
    const Signature parity = test_leaves::parity();
    Instance& instance =
        module_.instance(parity, awkward_name()).parameter("Width", between(1, 600));
    instantiate(parity, instance);
  }

  void add_child(const Module& child) {
    maybe_comment();
    instantiate(child.signature(), module_.instance(child, awkward_name()));
  }

  Module finish() {
    for (auto n = between(1, 3); n > 0; --n) add_output();
    module_.discard("clock", clk_);
    discard_unread();
    return std::move(module_);
  }

 private:
  int between(int low, int high) { return static_cast<int>(rng_.between(low, high)); }
  bool chance(int one_in) { return rng_.below(one_in) == 0; }

  /// Names that need legalize(); unique before it, often not after.
  std::string awkward_name() {
    static const std::vector<std::string> kNames = {
        "/fc1/MatMul_output_0",
        "wire",
        "a_1",
        "a__b",
        "_x_",
        "3d",
        "Relu",
        "relu",
        "delete",
        "/layers.0/self_attention/query/projection/MatMul_output_0",
        "\xc3\xa4",
        "",
        "u_pe_x3y7"};
    std::string name = kNames[rng_.below(kNames.size())];
    while (name.empty() || names_.contains(name)) name += "./_ x0"[rng_.below(6)];
    names_[name] = true;
    return name;
  }

  void maybe_comment() {
    if (chance(3)) module_.comment("A role, say.");
  }

  void drive(const Net& net) {
    pool_.push_back(net);
    read_[net.id.index()].resize(net.width, false);
  }

  Expr read_slice(int most) {
    const Net net = pool_[rng_.below(pool_.size())];
    const int width = between(1, std::min(net.width, most));
    const int lo = between(0, net.width - width);
    std::fill_n(read_[net.id.index()].begin() + lo, width, true);
    return net.slice(lo, width);
  }

  Expr random_constant(int width) {
    base::Bits bits(width);
    for (int i = 0; i < width; ++i) bits.set(i, chance(3));
    return constant(bits);
  }

  /// An expression of exactly `width` bits.
  Expr source(int width) {
    std::vector<Expr> parts;
    for (int rest = width; rest > 0;) {
      Expr part = chance(5) ? random_constant(between(1, rest)) : read_slice(rest);
      if (chance(4)) part = replicate(between(1, rest / part.width()), part);
      rest -= part.width();
      parts.push_back(part);
    }
    return concat(parts);
  }

  /// New nets, or slices of one, of exactly `width` bits; those complete are appended to `driven`.
  Expr target(int width, std::vector<Net>& driven) {
    maybe_comment();
    if (width > 1 && chance(3)) {
      const int low = between(1, width - 1);
      const Expr high = target(width - low, driven);
      return concat({high, target(low, driven)});
    }
    const int margin = chance(3) ? between(1, 5) : 0;
    const Net net = module_.wire(awkward_name(), width + margin);
    driven.push_back(net);
    if (margin > 0) module_.assign(net.slice(width, margin), random_constant(margin));
    return net.slice(0, width);
  }

  void add_output() {
    maybe_comment();
    const Net net = module_.output(awkward_name(), between(1, 40));
    const int low = between(1, net.width);
    module_.assign(net.slice(0, low), source(low));
    if (low < net.width) module_.assign(net.slice(low, net.width - low), source(net.width - low));
  }

  void discard_unread() {
    for (const Net& net : pool_) {
      std::vector<Expr> bits;
      for (int i = net.width - 1; i >= 0; --i)
        if (!read_[net.id.index()][i]) bits.push_back(net.bit(i));
      if (!bits.empty()) module_.discard(fmt::format("net_{}", net.id.index()), concat(bits));
    }
  }

  base::Rng& rng_;
  Module module_;
  Net clk_;
  std::map<std::string, bool> names_;
  std::vector<Net> pool_;
  std::map<std::size_t, std::vector<bool>> read_;
};

/// Up to five modules, each above the one before and perhaps above others; the last is the top.
inline Design design(std::uint64_t seed) {
  base::Rng rng(seed);
  static const std::vector<std::string> kNames = {"/model/Conv_0", "module", "/model/conv.0", "Top",
                                                  "top"};
  const auto count = static_cast<std::size_t>(rng.between(1, 5));
  Design result(kNames[count - 1]);
  for (std::size_t i = 0; i < count; ++i) {
    ModuleBuilder builder(kNames[i], rng);
    if (i > 0) builder.add_child(result.modules().back());
    for (auto n = rng.between(0, 6); n > 0; --n) {
      const auto kind = rng.below(3);
      if (kind == 0 && i > 0)
        builder.add_child(result.modules()[rng.below(i)]);
      else if (kind == 1)
        builder.add_parity();
      else
        builder.add_stage();
    }
    result.add(builder.finish());
  }
  return result;
}

}  // namespace random_netlist
