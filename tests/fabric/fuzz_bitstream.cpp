// Fuzz target: any bytes given as a bitstream, behind the right first letters and before the right
// CRC, are either refused with a base::Error, or give a configuration that survives being encoded.
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "fabric/bitstream.hpp"

namespace {

struct Small {
  fabric::Graph graph{{.columns = 2,
                       .rows = 2,
                       .lut_inputs = 3,
                       .luts = 2,
                       .clb_inputs = 4,
                       .io_slots = 1,
                       .channel_width = 8}};
  fabric::Layout layout{graph};
};

void check(bool holds) {
  if (!holds) std::abort();
}

void put(std::string& bytes, std::uint32_t word) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(word >> 8 * i & 0xFF);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Small kSmall;
  std::string bytes = "FPSA";
  put(bytes, 1);
  put(bytes, fabric::fingerprint(kSmall.graph.architecture()));
  bytes.append(reinterpret_cast<const char*>(data), size);
  put(bytes, static_cast<std::uint32_t>(
                 ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  try {
    const fabric::Configuration bits =
        fabric::decode(bytes, "fuzz.bin", kSmall.graph, kSmall.layout);
    const std::string again = fabric::encode(bits, kSmall.graph.architecture());
    check(fabric::decode(again, "again.bin", kSmall.graph, kSmall.layout) == bits);
    fabric::to_text(bits, kSmall.graph, kSmall.layout);
  } catch (const base::Error& error) {
    check(error.faults().front().code == base::Code::kFileUnreadable);
  }
  return 0;
}
