// A memory between two islands by itself, in its bench.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "emit/tree.hpp"
#include "flow/bench.hpp"
#include "flow/tool.hpp"
#include "rig.hpp"

namespace test {

/// What tb/fpsa_tb_smb.v says of `Config`'s unit, with `count` windows or maps of vectors, in
/// folder `name`; idle and stimuli follow `seed`.
template <class Config>
std::string memory_verdict(const Config& config, const std::string& name, int count,
                           std::uint64_t seed, config::Simulator simulator) {
  const std::filesystem::path folder = fresh_folder(name);
  const std::filesystem::path source = FPSA_SOURCE_DIR;
  verilog::Design netlist(module_name(config));
  netlist.add(structure(config));
  verify(netlist);
  const verilog::Design legal = legalize(netlist);
  emit::write_rtl(folder, legal, source / "rtl");
  for (const auto& [path, text] : make_bench(config, legal.top(), count, seed).files())
    base::write_file(folder / "tb" / path, text);
  flow::BenchRequest request{.directory = folder,
                             .simulator = simulator,
                             .name = "rtl",
                             .top = "fpsa_tb_smb",
                             .parameters = {}};
  request.defines = {fmt::format("IDLE={}", seed % 3 * 30), fmt::format("SEED={}", seed)};
  request.sources.push_back(source / "tb/fpsa_tb_smb.v");
  for (const std::string& file : flow::design_files(folder))
    request.sources.push_back("rtl/" + file);
  return flow::run_bench(request).verdict;
}

}  // namespace test
