// Fuzz target: any text given as a spec is either refused with a base::Error, or gives a spec that
// survives being written as TOML and as JSON and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "config/spec_io.hpp"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  config::Spec spec;
  try {
    spec = config::parse_spec(text, "/project/fuzz.toml");
  } catch (const base::Error& error) {
    check(error.exit_code() == base::Exit::kSpec);
    return 0;
  }
  // What was accepted must not be refused: an Error from here on is a finding.
  check(config::parse_spec(config::to_toml(spec), "/elsewhere/other.toml") == spec);
  check(config::from_json(config::to_json(spec)) == spec);
  check(config::spec_hash(spec).size() == 64);
  return 0;
}
