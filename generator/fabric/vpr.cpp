#include "fabric/vpr.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "fabric/grid.hpp"

namespace fabric {

namespace {

// Elements of a document, indented by two for each level.
class Document {
 public:
  void open(const std::string& tag) {
    line("<" + tag + ">");
    open_.push_back(tag.substr(0, tag.find(' ')));
  }
  void close() {
    const std::string name = open_.back();
    open_.pop_back();
    line("</" + name + ">");
  }
  void leaf(const std::string& tag) { line("<" + tag + "/>"); }
  void leaf(const std::string& tag, const std::string& text) {
    line(fmt::format("<{}>{}</{}>", tag, text, tag.substr(0, tag.find(' '))));
  }
  void comment(const std::string& text) { line("<!-- " + text + " -->"); }
  std::string text() const { return text_; }

 private:
  void line(const std::string& what) { text_ += std::string(2 * open_.size(), ' ') + what + "\n"; }

  std::string text_;
  std::vector<std::string> open_;
};

std::string port(const char* kind, const char* name, int pins, const char* more = "") {
  return fmt::format(R"({} name="{}" num_pins="{}"{})", kind, name, pins, more);
}

std::string seconds(int picoseconds) { return fmt::format("{}e-12", picoseconds); }

std::string constant_delay(int picoseconds, const std::string& from, const std::string& to) {
  return fmt::format(R"(delay_constant max="{}" in_port="{}" out_port="{}")", seconds(picoseconds),
                     from, to);
}

std::string ones(int count) {
  std::string text = "1";
  for (int i = 1; i < count; ++i) text += " 1";
  return text;
}

class Writer {
 public:
  explicit Writer(const Architecture& all)
      : all_(all), elements_(fmt::format("fle[{}:0]", all.luts - 1)) {}

  std::string run() {
    xml_.comment(fmt::format("Channels of {} tracks: VPR takes their number from its command line",
                             all_.channel_width));
    xml_.open("architecture");
    xml_.leaf("models");
    xml_.open("tiles");
    add_io_tile();
    add_logic_tile();
    xml_.close();
    add_layout();
    add_device();
    add_wires();
    xml_.open("complexblocklist");
    add_pad();
    add_block();
    xml_.close();
    xml_.close();
    return xml_.text();
  }

 private:
  void open_tile(const char* name, const char* more) {
    xml_.open(fmt::format(R"(tile name="{}" area="0")", name));
    xml_.open(fmt::format(R"(sub_tile name="{}"{})", name, more));
    xml_.open("equivalent_sites");
    xml_.leaf(fmt::format(R"(site pb_type="{}" pin_mapping="direct")", name));
    xml_.close();
  }

  void add_fc() {
    xml_.leaf(fmt::format(R"(fc in_type="frac" in_val="{:.2f}" out_type="frac" out_val="{:.2f}")",
                          all_.fc_in_percent / 100.0, all_.fc_out_percent / 100.0));
  }

  // On all sides: only the one towards the logic has a channel.
  void add_io_tile() {
    open_tile("io", fmt::format(R"( capacity="{}")", all_.io_slots).c_str());
    add_pad_ports();
    add_fc();
    xml_.open(R"(pinlocations pattern="custom")");
    for (const char* side : kSides)
      xml_.leaf(fmt::format(R"(loc side="{}")", side), "io.outpad io.inpad io.clock");
    xml_.close();
    xml_.close();
    xml_.close();
  }

  void add_logic_tile() {
    open_tile("clb", "");
    add_block_ports();
    add_fc();
    xml_.open(R"(pinlocations pattern="custom")");
    for (int side = 0; side < 4; ++side) {
      std::string pins = side == 0 ? "clb.clk" : "";
      for (int pin = side; pin < all_.clb_inputs; pin += 4)
        pins += fmt::format(" clb.I[{0}:{0}]", pin);
      for (int pin = side; pin < all_.luts; pin += 4) pins += fmt::format(" clb.O[{0}:{0}]", pin);
      if (!pins.empty())
        xml_.leaf(fmt::format(R"(loc side="{}")", kSides[static_cast<std::size_t>(side)]),
                  pins.substr(pins.front() == ' ' ? 1 : 0));
    }
    xml_.close();
    xml_.close();
    xml_.close();
  }

  void add_layout() {
    xml_.open("layout");
    xml_.open(fmt::format(R"(fixed_layout name="fpsa" width="{}" height="{}")", all_.columns + 2,
                          all_.rows + 2));
    xml_.leaf(R"(perimeter type="io" priority="100")");
    xml_.leaf(R"(corners type="EMPTY" priority="101")");
    xml_.leaf(R"(fill type="clb" priority="10")");
    xml_.close();
    xml_.close();
  }

  // Transistors and areas are figures that VPR wants; nothing of the fabric follows from them.
  void add_device() {
    xml_.open("device");
    xml_.leaf(R"(sizing R_minW_nmos="8926" R_minW_pmos="16067")");
    xml_.leaf(R"(area grid_logic_tile_area="0")");
    xml_.open("chan_width_distr");
    xml_.leaf(R"(x distr="uniform" peak="1.0")");
    xml_.leaf(R"(y distr="uniform" peak="1.0")");
    xml_.close();
    xml_.leaf(fmt::format(R"(switch_block type="{}" fs="3")",
                          all_.pattern == Pattern::kWilton ? "wilton" : "subset"));
    xml_.leaf(R"(connection_block input_switch_name="connection")");
    xml_.close();
  }

  void add_wires() {
    const fabric::Delays& delays = all_.delays;
    const auto add_switch = [this](const char* name, double resistance, double in, double out,
                                   int delay) {
      xml_.leaf(fmt::format(
          R"(switch type="mux" name="{}" R="{}" Cin="{}e-15" Cout="{}e-15" Tdel="{}" mux_trans_size="2.6" buf_size="27.6")",
          name, resistance, in, out, seconds(delay)));
    };
    xml_.open("switchlist");
    add_switch("wire", delays.driver_resistance, delays.multiplexer_capacitance,
               delays.driver_capacitance, delays.multiplexer);
    add_switch("connection", delays.driver_resistance, delays.connection_capacitance, 0,
               delays.connection);
    xml_.close();
    xml_.open("segmentlist");
    xml_.open(fmt::format(
        R"(segment name="wire" freq="1.0" length="{}" type="unidir" Rmetal="{}" Cmetal="{}e-15")",
        all_.segment_length, delays.wire_resistance, delays.wire_capacitance));
    xml_.leaf(R"(mux name="wire")");
    xml_.leaf(R"(sb type="pattern")", ones(all_.segment_length + 1));
    xml_.leaf(R"(cb type="pattern")", ones(all_.segment_length));
    xml_.close();
    xml_.close();
  }

  void add_pad_ports() {
    xml_.leaf(port("input", "outpad", 1));
    xml_.leaf(port("output", "inpad", 1));
    xml_.leaf(port("clock", "clock", 1));
  }

  void add_pad_mode(const char* name, const char* model, bool enters) {
    const std::string pin = fmt::format("{0}.{0}", name);
    const std::string outside = fmt::format("io.{}", name);
    const std::string& from = enters ? pin : outside;
    const std::string& to = enters ? outside : pin;
    xml_.open(fmt::format(R"(mode name="{}")", name));
    xml_.open(fmt::format(R"(pb_type name="{}" blif_model="{}" num_pb="1")", name, model));
    xml_.leaf(port(enters ? "output" : "input", name, 1));
    xml_.close();
    xml_.open("interconnect");
    xml_.open(fmt::format(R"(direct name="{}" input="{}" output="{}")", name, from, to));
    xml_.leaf(constant_delay(enters ? all_.delays.input_pad : all_.delays.output_pad, from, to));
    xml_.close();
    xml_.close();
    xml_.close();
  }

  void add_pad() {
    xml_.open(R"(pb_type name="io")");
    add_pad_ports();
    add_pad_mode("inpad", ".input", true);
    add_pad_mode("outpad", ".output", false);
    xml_.leaf(R"(power method="ignore")");
    xml_.close();
  }

  // Any input may serve any LUT, and a LUT may lie in any place of its tile.
  void add_block_ports() {
    xml_.leaf(port("input", "I", all_.clb_inputs, R"( equivalent="full")"));
    xml_.leaf(port("output", "O", all_.luts, R"( equivalent="instance")"));
    xml_.leaf(port("clock", "clk", 1));
  }

  void add_block() {
    xml_.open(R"(pb_type name="clb")");
    add_block_ports();
    add_element();
    xml_.open("interconnect");
    xml_.open(fmt::format(R"(complete name="crossbar" input="clb.I {0}.out" output="{0}.in")",
                          elements_));
    xml_.leaf(constant_delay(all_.delays.local_in, "clb.I", elements_ + ".in"));
    xml_.leaf(constant_delay(all_.delays.local_back, elements_ + ".out", elements_ + ".in"));
    xml_.close();
    xml_.leaf(fmt::format(R"(complete name="clocks" input="clb.clk" output="{}.clk")", elements_));
    xml_.open(fmt::format(R"(direct name="outputs" input="{}.out" output="clb.O")", elements_));
    xml_.leaf(constant_delay(all_.delays.output, elements_ + ".out", "clb.O"));
    xml_.close();
    xml_.close();
    xml_.close();
  }

  // A LUT, a flip-flop behind it, and the choice between the two.
  void add_element() {
    xml_.open(fmt::format(R"(pb_type name="fle" num_pb="{}")", all_.luts));
    xml_.leaf(port("input", "in", all_.lut_inputs));
    xml_.leaf(port("output", "out", 1));
    xml_.leaf(port("clock", "clk", 1));
    add_lut();
    add_flip_flop();
    xml_.open("interconnect");
    xml_.leaf(R"(direct name="inputs" input="fle.in" output="lut.in")");
    xml_.open(R"(direct name="data" input="lut.out" output="ff.D")");
    xml_.leaf(R"(pack_pattern name="element" in_port="lut.out" out_port="ff.D")");
    xml_.close();
    xml_.leaf(R"(direct name="clock" input="fle.clk" output="ff.clk")");
    xml_.leaf(R"(mux name="output" input="ff.Q lut.out" output="fle.out")");
    xml_.close();
    xml_.close();
  }

  void add_lut() {
    xml_.open(R"(pb_type name="lut" blif_model=".names" num_pb="1" class="lut")");
    xml_.leaf(port("input", "in", all_.lut_inputs, R"( port_class="lut_in")"));
    xml_.leaf(port("output", "out", 1, R"( port_class="lut_out")"));
    std::string delays = seconds(all_.delays.lut);
    for (int input = 1; input < all_.lut_inputs; ++input) delays += "\n" + seconds(all_.delays.lut);
    xml_.leaf(R"(delay_matrix type="max" in_port="lut.in" out_port="lut.out")", delays);
    xml_.close();
  }

  void add_flip_flop() {
    xml_.open(R"(pb_type name="ff" blif_model=".latch" num_pb="1" class="flipflop")");
    xml_.leaf(port("input", "D", 1, R"( port_class="D")"));
    xml_.leaf(port("output", "Q", 1, R"( port_class="Q")"));
    xml_.leaf(port("clock", "clk", 1, R"( port_class="clock")"));
    xml_.leaf(
        fmt::format(R"(T_setup value="{}" port="ff.D" clock="clk")", seconds(all_.delays.setup)));
    xml_.leaf(fmt::format(R"(T_clock_to_Q max="{}" port="ff.Q" clock="clk")",
                          seconds(all_.delays.clock_to_q)));
    xml_.close();
  }

  static constexpr std::array<const char*, 4> kSides = {"top", "right", "bottom", "left"};

  const Architecture& all_;
  std::string elements_;
  Document xml_;
};

}  // namespace

std::string vpr_architecture(const Architecture& architecture) {
  validate(architecture);
  return Writer(architecture).run();
}

}  // namespace fabric
