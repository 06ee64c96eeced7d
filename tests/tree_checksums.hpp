// One line a generated file, "design file sha256": what a change of the generator does to the trees
// that it emits shows as the lines that differ.
#pragma once

#include <algorithm>
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

/// Checksums of the tree `run`, in lines that begin with `design`: each module that was generated
/// for it (no hand-written leaf), what tells the benches of it, and as one line each the memory
/// files and the vectors.
inline std::string tree_checksums(const std::string& design, const std::filesystem::path& run) {
  std::string lines;
  const auto add = [&](const std::string& what, const std::string& content) {
    lines += design + " " + what + " " + base::sha256(content) + "\n";
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
  for (const char* folder : {"mem", "tb/vectors"}) add(folder, content_of_folder(run / folder));
  return lines;
}

}  // namespace test
