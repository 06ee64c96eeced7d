// Files and directories for the tests of this layer.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "temporary_folder.hpp"

namespace flow_test {

inline std::filesystem::path data(const std::string& name) {
  return std::filesystem::path(FPSA_SOURCE_DIR) / "tests" / "flow" / "data" / name;
}

inline std::string text(const std::string& name) { return base::read_file(data(name)); }

using TemporaryDirectory = test::TemporaryFolder;

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
