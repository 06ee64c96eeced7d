// Fuzz target: any text given as BLIF is either refused with a base::Error, or gives a circuit that
// survives being written and read again, and that can be computed and packed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "pnr/blif.hpp"
#include "pnr/check_pack.hpp"
#include "pnr/pack.hpp"

namespace {

constexpr int kLutInputs = 6;
constexpr std::size_t kMostElements = 200;  // of a circuit that is packed: that takes its time

void check(bool holds) {
  if (!holds) std::abort();
}

void use(const pnr::Netlist& netlist) {
  const std::string text = pnr::write_blif(netlist);
  check(pnr::write_blif(pnr::read_blif(text, "again.blif", kLutInputs)) == text);
  pnr::Evaluator evaluator(netlist);
  const std::vector<bool> inputs(netlist.inputs.size(), true);
  check(evaluator.outputs(inputs).size() == netlist.outputs.size());
  evaluator.clock();
  const pnr::Netlist kept = pnr::swept(netlist);
  if (kept.luts.size() + kept.flip_flops.size() > kMostElements) return;
  const fabric::Architecture architecture{.luts = 3, .clb_inputs = 8};
  base::Diagnostics faults;
  pnr::check_packing(kept, pnr::pack(kept, architecture), architecture, faults);
  check(faults.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  pnr::Netlist netlist;
  try {
    netlist = pnr::read_blif(text, "fuzz.blif", kLutInputs);
  } catch (const base::Error& error) {
    const base::Exit exit = error.exit_code();
    check(exit == base::Exit::kModel || exit == base::Exit::kDoesNotFit);
    return 0;
  }
  // What was accepted must not be refused: an Error from here on is a finding.
  use(netlist);
  return 0;
}
