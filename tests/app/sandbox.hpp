// A project of a stranger's making in a tree of its own, and what of that tree a run has changed.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "nn/model_builder.hpp"
#include "nn/samples.hpp"

namespace test {

namespace fs = std::filesystem;

/// Everything below `folder` but `spared` and what is in it: path -> content, target or "folder".
inline std::map<std::string, std::string> snapshot(const fs::path& folder, const fs::path& spared) {
  std::map<std::string, std::string> found;
  for (auto entry = fs::recursive_directory_iterator(folder);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->path() == spared) {
      entry.disable_recursion_pending();
      continue;
    }
    std::string& content = found[entry->path().string()];
    if (entry->is_symlink())
      content = "-> " + fs::read_symlink(entry->path()).string();
    else
      content = entry->is_directory() ? "folder" : base::read_file(entry->path());
  }
  return found;
}

/// A chain of 4x4 layers whose nodes bear `names`, with a ReLU after all but the last.
inline nn::testing::ModelBuilder chain(const std::vector<std::string>& names,
                                       const std::string& input) {
  nn::testing::ModelBuilder model;
  model.input(input, {nn::kUnknown, 4});
  std::string at = input;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<float> weights;
    for (std::size_t w = 0; w < 16; ++w)
      weights.push_back(static_cast<float>((7 * w + 3 * i) % 11) / 8 - 0.5F);
    const std::string weight = fmt::format("w{}", i);
    const std::string sum = fmt::format("s{}", i);
    model.floats(weight, {4, 4}, weights).node("MatMul", {at, weight}, {sum}, names[i]);
    at = sum;
    if (i + 1 == names.size()) break;
    at = fmt::format("r{}", i);
    model.node("Relu", {sum}, {at});
  }
  model.output(at, {nn::kUnknown, 4});
  return model;
}

/// A folder with a project five levels down, beside folders that nothing may touch.
class Sandbox {
 public:
  Sandbox() {
    for (const char* folder : {"home", "tmp", "outside"}) fs::create_directories(root_ / folder);
    base::write_file(root_ / "outside" / "victim", "as it was");
    fs::create_directories(project());
    std::vector<float> values;
    for (int i = 0; i < 32; ++i) values.push_back(static_cast<float>(i * 37 % 64) / 63);
    nn::save_npy(project() / "samples.npy", nn::Array::of_floats({8, 4}, values));
  }

  fs::path project() const { return root_ / "a" / "b" / "c" / "project"; }
  fs::path outside() const { return root_ / "outside"; }

  void write(const nn::testing::ModelBuilder& model) {
    base::write_file(project() / "model.onnx", model.bytes());
    base::write_file(project() / "spec.toml",
                     "name = \"small\"\n[model]\nfile = \"model.onnx\"\n"
                     "[data]\ninputs = \"samples.npy\"\ncalibration = \"samples.npy\"\n"
                     "calibration_samples = 8\n"
                     "[pe]\nrows = 4\ncols = 4\nweight_bits = 4\nactivation_bits = 3\n"
                     "crossbar = \"parallel\"\n[host]\nbeat_lanes = 2\n"
                     "[simulate]\nsamples = 8\nsimulator = \"icarus\"\n");
  }

  /// Runs the program in the project's folder with a home and a temporary folder in the sandbox.
  Ended run(const std::vector<std::string>& arguments) const {
    return fpsa(arguments, {.folder = project(),
                            .environment = {{"HOME", (root_ / "home").string()},
                                            {"TMPDIR", (root_ / "tmp").string()}}});
  }

  /// What is there outside of `directory` and of the temporary folder.
  std::map<std::string, std::string> around(const fs::path& directory) const {
    auto found = snapshot(root_.path(), directory);
    std::erase_if(found, [&](const auto& entry) {
      return entry.first.starts_with((root_ / "tmp").string() + "/");
    });
    return found;
  }

 private:
  TemporaryFolder root_;
};

}  // namespace test
