// Nets of the top module, read where Verilator keeps them.
//
// probes.vlt makes the nets public; Verilator then lists them by name in the scope's table. The
// table is searched once, when a Net is made; from then on a read is a load through a pointer.
#pragma once

#include <cstdint>
#include <string>

class VerilatedContext;

namespace tb {

class Net {
 public:
  /// Net `name` of module instance `top`; throws std::runtime_error if it is not public or its
  /// width is not `width` bits.
  Net(const VerilatedContext& context, const std::string& top, const std::string& name,
      std::size_t width);

  const std::string& name() const { return name_; }
  bool bit() const { return (*data_ & 1) != 0; }
  /// ceil(width / 8) bytes, LSB first; bits past the width are zero.
  const std::uint8_t* bytes() const { return data_; }

 private:
  std::string name_;
  const std::uint8_t* data_ = nullptr;
};

}  // namespace tb
