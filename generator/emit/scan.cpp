#include "emit/scan.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "units/leaves.hpp"

namespace emit {

namespace {

constexpr const char* kClock = "clk_i";

int bits(const std::vector<UnitPort>& ports, bool inputs) {
  int sum = 0;
  for (const UnitPort& port : ports)
    if (port.is_input == inputs && port.name != kClock) sum += port.width;
  return sum;
}

verilog::Signature signature(const std::string& unit, const std::vector<UnitPort>& ports) {
  verilog::Signature signature{.name = unit, .parameters = {}, .ports = {}};
  for (const UnitPort& port : ports)
    signature.ports.push_back(port.is_input ? verilog::in(port.name, port.width)
                                            : verilog::out(port.name, port.width));
  return signature;
}

}  // namespace

verilog::Design scan_wrapper(const std::string& unit, const std::vector<UnitPort>& ports) {
  const int inputs = bits(ports, true);
  const int outputs = bits(ports, false);
  verilog::Module module(unit + "_scan",
                         {fmt::format("{} between registers, for place and route alone.", unit)});
  const verilog::Net clock = module.input(kClock);
  const verilog::Net scan_in = module.input("scan_i");
  const verilog::Net capture = module.input("capture_i");
  const verilog::Net scan_out = module.output("scan_o");
  const verilog::Net drive = module.wire("drive", inputs);
  const verilog::Net observe = module.wire("observe", outputs);
  verilog::Instance& instance = module.instance(signature(unit, ports), "u_unit");
  int driven = 0;
  int observed = 0;
  for (const UnitPort& port : ports) {
    if (port.name == kClock) {
      instance.port(port.name, clock);
      continue;
    }
    int& at = port.is_input ? driven : observed;
    instance.port(port.name, (port.is_input ? drive : observe).slice(at, port.width));
    at += port.width;
  }
  module.instance(units::leaves::scan_pins(), "u_pins")
      .parameter("Inputs", inputs)
      .parameter("Outputs", outputs)
      .port("clk_i", clock)
      .port("scan_i", scan_in)
      .port("capture_i", capture)
      .port("scan_o", scan_out)
      .port("drive_o", drive)
      .port("observe_i", observe);
  verilog::Design design(module.name());
  design.add(std::move(module));
  verify(design);
  return legalize(design);
}

void write_scan_wrapper(const std::filesystem::path& folder, const verilog::Design& wrapper,
                        const std::filesystem::path& leaves) {
  const std::string pins = units::leaves::scan_pins().name + ".v";
  const std::string top = wrapper.top() + ".v";
  base::write_file(folder / pins, base::read_file(leaves / pins));
  base::write_file(folder / top, verilog::print(*wrapper.find(wrapper.top()), wrapper));
  base::write_file(folder / "design.f", pins + "\n" + top + "\n");
}

}  // namespace emit
