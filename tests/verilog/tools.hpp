// Prints a design and shows it to Verilator, Icarus and Yosys; compares what Yosys read with the
// netlist.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/subprocess.hpp"
#include "verilog/netlist.hpp"
#include "verilog/test_leaves.hpp"

namespace tools {

using namespace verilog;

/// A folder of its own for each test process, removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / fmt::format("fpsa_{}_{}", name, getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes every module to its file; returns all files, leaves first.
inline std::vector<std::string> write(const Design& design, const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (const auto& leaf : design.leaf_files())
    files.push_back((test_leaves::rtl() / (leaf + ".v")).string());
  for (const auto& name : design.module_files()) {
    const auto path = folder / (name + ".v");
    base::write_file(path, print(*design.find(name), design));
    files.push_back(path.string());
  }
  return files;
}

/// Runs `argv` + `files`; the tool must neither fail nor say anything.
inline void expect_silent(std::vector<std::string> argv, const std::vector<std::string>& files) {
  argv.insert(argv.end(), files.begin(), files.end());
  const auto finished = base::run({.argv = argv, .directory = {}, .log = {}});
  EXPECT_EQ(finished.status, 0) << argv[0];
  EXPECT_EQ(finished.output, "") << argv[0];
}

inline nlohmann::json read_by_yosys(const Design& design, const std::vector<std::string>& files,
                                    const std::filesystem::path& folder) {
  const auto json = folder / "yosys.json";
  const std::string script =
      fmt::format("hierarchy -check -top {} ; check -assert ; delete */p:* ; write_json {}",
                  design.top(), json.string());
  expect_silent({"yosys", "-q", "-f", "verilog -DSYNTHESIS", "-p", script}, files);
  return nlohmann::json::parse(base::read_file(json))["modules"];
}

/// Which bits of a module are one and the same, by its assigns.
class Aliases {
 public:
  explicit Aliases(const Module& module) {
    int size = 2;  // the constants 0 and 1
    for (const auto& net : module.nets()) {
      first_.push_back(size);
      size += net.width;
    }
    parent_.resize(size);
    std::iota(parent_.begin(), parent_.end(), 0);
    for (const auto& assign : module.assigns()) {
      const auto target = bits(assign.target);
      const auto source = bits(assign.source);
      for (std::size_t i = 0; i < target.size(); ++i) parent_[target[i]] = source[i];
    }
  }

  /// The class of each bit, least significant first.
  std::vector<int> bits(const Expr& expr) const {
    std::vector<int> result;
    for (int i = 0; i < expr.width(); ++i) {
      const Part part = expr.bit(i).parts()[0];
      result.push_back(
          find(part.is_constant() ? part.value.get(0) : first_[part.net.index()] + part.lo));
    }
    return result;
  }

 private:
  int find(int bit) const { return parent_[bit] == bit ? bit : find(parent_[bit]); }

  std::vector<int> first_;
  std::vector<int> parent_;
};

/// Pairs the classes of a module with the bits that Yosys found; each must have one partner only.
class Pairing {
 public:
  explicit Pairing(const Module& module) : aliases_(module), name_(module.name()) {
    partner_["0"] = 0;
    partner_["1"] = 1;
    back_[0] = "0";
    back_[1] = "1";
  }

  void expect(const Expr& expr, const nlohmann::json& yosys, const std::string& what) {
    const auto own = aliases_.bits(expr);
    ASSERT_EQ(own.size(), yosys.size()) << name_ << ": " << what;
    for (std::size_t i = 0; i < own.size(); ++i) {
      const std::string bit = yosys[i].is_string() ? yosys[i].get<std::string>() : yosys[i].dump();
      EXPECT_EQ(partner_.emplace(bit, own[i]).first->second, own[i])
          << name_ << ": " << what << ", bit " << i;
      EXPECT_EQ(back_.emplace(own[i], bit).first->second, bit)
          << name_ << ": " << what << ", bit " << i;
    }
  }

 private:
  Aliases aliases_;
  std::string name_;
  std::map<std::string, int> partner_;
  std::map<int, std::string> back_;
};

/// Yosys must have read exactly the connections of `module`.
inline void expect_same(const Module& module, const nlohmann::json& yosys) {
  Pairing pairing(module);
  for (std::size_t i = 0; i < module.nets().size(); ++i) {
    const auto& net = module.nets()[i];
    ASSERT_TRUE(yosys["netnames"].contains(net.name)) << net.name;
    pairing.expect(Net{NetId(i), net.width}, yosys["netnames"][net.name]["bits"], net.name);
    const char* direction = net.kind == NetKind::kInput ? "input" : "output";
    EXPECT_EQ(yosys["ports"].contains(net.name), net.kind != NetKind::kWire);
    if (net.kind == NetKind::kWire) continue;
    EXPECT_EQ(yosys["ports"][net.name]["direction"], direction);
  }
  ASSERT_EQ(yosys["cells"].size(), module.instances().size());
  for (const auto& instance : module.instances()) {
    ASSERT_TRUE(yosys["cells"].contains(instance.name())) << instance.name();
    const auto& connections = yosys["cells"][instance.name()]["connections"];
    ASSERT_EQ(connections.size(), instance.ports().size()) << instance.name();
    for (const auto& [port, expr] : instance.ports())
      pairing.expect(expr, connections[port], instance.name() + "." + port);
  }
}

/// Prints `design`, which must be legal, and shows it to all three tools.
inline void expect_accepted(const Design& design, const std::string& folder_name) {
  const Folder folder(folder_name);
  const auto files = write(design, folder.path());
  expect_silent({"verilator", "--lint-only", "-Wall", "--top-module", design.top()}, files);
  expect_silent({"iverilog", "-g2005", "-Wall", "-t", "null", "-s", design.top()}, files);
  const auto modules = read_by_yosys(design, files, folder.path());
  for (const auto& module : design.modules()) expect_same(module, modules.at(module.name()));
}

}  // namespace tools
