#include "app/home.hpp"

#include <cstdlib>
#include <vector>

#include "base/error.hpp"

namespace app {

namespace fs = std::filesystem;

fs::path home() {
  std::vector<fs::path> candidates;
  if (const char* set = std::getenv("FPSA_HOME")) {
    candidates.emplace_back(set);
  } else {
    std::error_code ignored;
    const fs::path binary = fs::read_symlink("/proc/self/exe", ignored);
    candidates.push_back(binary.parent_path().parent_path() / "share" / "fpsa");
    candidates.emplace_back(FPSA_SOURCE_DIR);
  }
  for (const fs::path& candidate : candidates)
    if (fs::exists(candidate / "rtl" / "fpsa_sequencer.v")) return candidate;
  base::fail(base::Code::kHomeMissing,
             "the folder with rtl/, tb/ and flows/ is not where it should be",
             candidates.front().string(), "set FPSA_HOME to the project's folder");
}

}  // namespace app
