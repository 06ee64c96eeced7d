// libFuzzer: whatever the bytes, importing a model ends in a verified graph or in a base::Error
// that is the user's fault. Anything else (a crash, another exception, kInternal) is a bug.
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "nn/import.hpp"
#include "nn/infer.hpp"
#include "nn/passes/passes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    nn::Graph graph =
        nn::import_onnx_bytes({reinterpret_cast<const char*>(data), size}, "/nonexistent");
    nn::infer_shapes(graph);
    nn::verify(graph);
    nn::simplify(graph);
  } catch (const base::Error& error) {
    if (error.exit_code() == base::Exit::kInternal) std::abort();
  }
  return 0;
}
