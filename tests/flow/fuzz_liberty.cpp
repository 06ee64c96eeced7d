// libFuzzer: whatever the bytes, reading a cell library ends in one that is printed as it is read,
// or in a base::Error that is the user's fault. Anything else (a crash, another exception) is a
// bug.
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "flow/cell_roles.hpp"
#include "flow/liberty_units.hpp"

namespace {

// What the tools are given must mean what was read.
void hold_to_its_print(const flow::LibertyGroup& library) {
  const std::string once =
      flow::print_liberty(flow::parse_liberty(flow::print_liberty(library), ""));
  if (flow::print_liberty(flow::parse_liberty(once, "")) != once) std::abort();
}

void read(std::string_view text) {
  flow::LibertyGroup library = flow::parse_liberty(text, "fuzz.lib");
  try {
    hold_to_its_print(library);
  } catch (const base::Error&) {
    std::abort();  // what is printed can be read
  }
  flow::use_common_units(library, "fuzz.lib");
  flow::find_roles(library, "fuzz.lib");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    read({reinterpret_cast<const char*>(data), size});
  } catch (const base::Error& error) {
    if (error.faults().front().code != base::Code::kBadLibrary) std::abort();
  }
  return 0;
}
