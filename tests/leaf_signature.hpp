// Asks Yosys whether a leaf's Signature tells the truth about its file.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/subprocess.hpp"
#include "verilog/signature.hpp"

namespace leaf_signature {

/// Integer parameters, and for parameters that hold text nothing (Yosys elaborates with the
/// default).
using ParameterSet = std::map<std::string, std::int64_t>;

inline std::filesystem::path json_file(const std::filesystem::path& folder, std::size_t set) {
  return folder / fmt::format("{}.json", set);
}

/// Elaborates the leaf once for each set, in one Yosys.
inline std::string script(const verilog::Signature& leaf, const std::filesystem::path& rtl,
                          const std::vector<ParameterSet>& sets,
                          const std::filesystem::path& folder) {
  std::string files = (rtl / (leaf.name + ".v")).string();
  for (const auto& below : leaf.needs) files += " " + (rtl / (below + ".v")).string();
  std::string text = "read_verilog -defer -DSYNTHESIS " + files + " ; design -save leaf ; ";
  for (std::size_t i = 0; i < sets.size(); ++i) {
    text += "design -load leaf ; hierarchy -check -top " + leaf.name;
    for (const auto& [name, value] : sets[i]) text += fmt::format(" -chparam {} {}", name, value);
    text += fmt::format(" ; delete */p:* ; write_json {} ; ", json_file(folder, i).string());
  }
  return text;
}

inline std::int64_t integer(const std::string& bits) {
  const auto value = static_cast<std::int64_t>(std::stoull(bits, nullptr, 2));
  return bits.size() == 32 && bits[0] == '1' ? value - (std::int64_t{1} << 32) : value;
}

inline void expect_parameters(const verilog::Signature& leaf, const nlohmann::json& module,
                              const ParameterSet& set) {
  std::map<std::string, verilog::ParameterValue> given(set.begin(), set.end());
  const auto declared = leaf.environment(given);
  // Yosys leaves the key out for a module without parameters.
  const auto actual = module.value("parameter_default_values", nlohmann::json::object());
  std::set<std::string> names;
  for (const auto& parameter : leaf.parameters) {
    names.insert(parameter.name);
    ASSERT_TRUE(actual.contains(parameter.name))
        << leaf.name << " has no parameter " << parameter.name;
    const std::string value = actual[parameter.name];
    if (declared.contains(parameter.name))
      EXPECT_EQ(integer(value), declared.at(parameter.name)) << leaf.name << "." << parameter.name;
    else
      EXPECT_EQ(value.substr(0, value.find_last_not_of(' ') + 1),
                std::get<std::string>(parameter.initial))
          << leaf.name << "." << parameter.name;
  }
  for (const auto& [name, value] : actual.items())
    EXPECT_TRUE(names.contains(name)) << leaf.name << "'s parameter " << name << " is not declared";
}

inline void expect_ports(const verilog::Signature& leaf, const nlohmann::json& module,
                         const ParameterSet& set) {
  const auto environment = leaf.environment({set.begin(), set.end()});
  std::map<std::string, std::pair<std::string, std::int64_t>> declared;
  std::map<std::string, std::pair<std::string, std::int64_t>> actual;
  for (const auto& port : leaf.ports)
    declared[port.name] = {port.direction == verilog::Direction::kInput ? "input" : "output",
                           port.width.evaluate(environment)};
  for (const auto& [name, port] : module["ports"].items())
    actual[name] = {port["direction"], static_cast<std::int64_t>(port["bits"].size())};
  EXPECT_EQ(declared, actual) << leaf.name << " with " << nlohmann::json(set).dump();
}

/// Holds the parameters with their defaults, the ports with their widths, and the list of leaves
/// below to what Yosys finds in rtl/<name>.v, for each of the parameter sets.
inline void expect_true(const verilog::Signature& leaf, const std::filesystem::path& rtl,
                        const std::vector<ParameterSet>& sets) {
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("fpsa_leaf_{}_{}", leaf.name, getpid());
  std::filesystem::create_directories(folder);
  base::run_checked(
      {.argv = {"yosys", "-q", "-p", script(leaf, rtl, sets, folder)}, .directory = {}, .log = {}});
  std::set<std::string> below;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto modules = nlohmann::json::parse(base::read_file(json_file(folder, i)))["modules"];
    ASSERT_TRUE(modules.contains(leaf.name));
    expect_parameters(leaf, modules[leaf.name], sets[i]);
    expect_ports(leaf, modules[leaf.name], sets[i]);
    for (const auto& [name, module] : modules.items())
      // A black box leaves its unelaborated self behind.
      if (!name.starts_with("$abstract"))
        below.insert(module["attributes"].value("hdlname", "\\" + name).substr(1));
  }
  below.erase(leaf.name);
  EXPECT_EQ(below, std::set<std::string>(leaf.needs.begin(), leaf.needs.end()))
      << "leaves below " << leaf.name;
  std::filesystem::remove_all(folder);
}

}  // namespace leaf_signature
