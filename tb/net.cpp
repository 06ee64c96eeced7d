#include "net.hpp"

#include <verilated.h>
#include <verilated_sym_props.h>
#include <verilated_syms.h>

#include <bit>
#include <stdexcept>

namespace tb {

static_assert(std::endian::native == std::endian::little,
              "buses are read as bytes out of Verilator's words");

Net::Net(const VerilatedContext& context, const std::string& top, const std::string& name,
         std::size_t width)
    : name_(name) {
  const VerilatedScope* scope = context.scopeFind(("TOP." + top).c_str());
  const VerilatedVar* variable = scope ? scope->varFind(name.c_str()) : nullptr;
  if (!variable)
    throw std::runtime_error("net \"" + name + "\" of module " + top +
                             " is not visible; is it in probes.vlt and in the design?");
  const std::size_t bits = variable->dims() == 0 ? 1 : variable->packed().elements();
  if (bits != width)
    throw std::runtime_error("net \"" + name + "\" has " + std::to_string(bits) +
                             " bits, bench.txt says " + std::to_string(width));
  data_ = static_cast<const std::uint8_t*>(variable->datap());
}

}  // namespace tb
