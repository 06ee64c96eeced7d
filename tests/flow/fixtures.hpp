// Files and directories for the tests of this layer.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"

namespace flow_test {

inline std::filesystem::path data(const std::string& name) {
  return std::filesystem::path(FPSA_SOURCE_DIR) / "tests" / "flow" / "data" / name;
}

inline std::string text(const std::string& name) { return base::read_file(data(name)); }

/// An empty directory that goes away with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name =
        (std::filesystem::temp_directory_path() / "fpsa_flow_").string() + std::string(6, 'X');
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// PATH is `value` while the object lives.
class PathVariable {
 public:
  explicit PathVariable(const std::string& value) : old_(std::getenv("PATH")) {
    setenv("PATH", value.c_str(), 1);
  }
  ~PathVariable() { setenv("PATH", old_.c_str(), 1); }
  PathVariable(const PathVariable&) = delete;
  PathVariable& operator=(const PathVariable&) = delete;

 private:
  std::string old_;
};

/// The first fault that `action` throws; a fault of code kInternal saying so if it throws none.
inline base::Fault fault_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.faults().front();
  }
  return {base::Code::kInternal, "nothing was thrown", {}, {}};
}

}  // namespace flow_test
