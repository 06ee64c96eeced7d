// One line a generated file, "design file sha256": what a change of the generator does to the trees
// that it emits shows as the lines that differ.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"

namespace test {

/// Name and content of the files below `folder`, in order of their names.
inline std::string content_of_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string content;
  for (const auto& file : files)
    content += std::filesystem::relative(file, folder).string() + "\n" + base::read_file(file);
  return content;
}

inline std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.erase(at, part.size());
  return text;
}

/// Checksums of the tree `run`, in lines that begin with `design`: each module that was generated
/// for it (no hand-written leaf), what tells the benches of it, and as one line each the memory
/// files and the vectors; all without `spec_hash`, which every new key of the spec changes.
inline std::string tree_checksums(const std::string& design, const std::filesystem::path& run,
                                  std::uint32_t spec_hash) {
  std::string lines;
  const std::string hexadecimal = fmt::format("{:08x}", spec_hash);
  const std::string decimal = std::to_string(static_cast<std::int32_t>(spec_hash));
  const auto add = [&](const std::string& what, const std::string& content) {
    const std::string rest = without(without(content, hexadecimal), decimal);
    lines += design + " " + what + " " + base::sha256(rest) + "\n";
  };
  std::vector<std::string> modules;
  for (const auto& entry : std::filesystem::directory_iterator(run / "rtl"))
    if (!std::filesystem::exists(std::filesystem::path(FPSA_SOURCE_DIR) / "rtl" /
                                 entry.path().filename()))
      modules.push_back("rtl/" + entry.path().filename().string());
  std::sort(modules.begin(), modules.end());
  for (const std::string& file : modules) add(file, base::read_file(run / file));
  for (const char* file : {"tb/bench.txt", "tb/probes.vlt", "tb/tb_params.vh"})
    add(file, base::read_file(run / file));
  for (const char* folder : {"mem", "tb/vectors"})
    lines += design + " " + folder + " " + base::sha256(content_of_folder(run / folder)) + "\n";
  return lines;
}

}  // namespace test
