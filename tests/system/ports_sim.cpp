// A circuit behind the ports of a network, as what its bits make of the fabric and on the fabric
// itself, which a bitstream configures: clock by clock the same.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "emit/circuit.hpp"
#include "emit/fabric.hpp"
#include "emit/hard_module.hpp"
#include "emit/tree.hpp"
#include "fabric/bitstream.hpp"
#include "flow/bench.hpp"
#include "pnr/blif.hpp"
#include "pnr/configure.hpp"
#include "rig.hpp"
#include "units/delay/delay.hpp"

namespace {

namespace fs = std::filesystem;

// Counts while up, and hands x on a tick later; "spare" enters nowhere.
constexpr const char* kCircuit = R"(.model small
.inputs clk_i rst_ni up x[0] x[1] x[2]
.outputs count[0] count[1] late[0] late[1] late[2]
.names rst_ni up count[0] d0
110 1
101 1
.names rst_ni up count[0] count[1] d1
1110 1
10-1 1
1-01 1
.latch d0 count[0] re clk_i 0
.latch d1 count[1] re clk_i 0
.subckt delay clk_i=clk_i rst_ni=rst_ni tick_i=up data_i[0]=x[0] data_i[1]=x[1] data_i[2]=x[2] \
  data_o[0]=late[0] data_o[1]=late[1] data_o[2]=late[2]
.end
)";

verilog::Module top_called(const std::string& name) {
  verilog::Module top(name);
  for (const char* input : {"clk_i", "rst_ni", "up", "spare"}) top.input(input);
  top.input("x", 3);
  top.output("count", 2);
  top.output("late", 3);
  return top;
}

// The circuit is reset until the loader lets the fabric's begin.
constexpr const char* kBench = R"(module bench;
  reg clk = 0, rst_n = 0;
  reg [31:0] random = 1;
  integer clocks = 0, differ = 0, ones = 0;
  always #5 clk = ~clk;
  wire begun = u_loaded.held_rst_n;
  wire up = random[3];
  wire [2:0] x = random[6:4];
  wire [1:0] count_a, count_b;
  wire [2:0] late_a, late_b;
  plain u_plain (.clk_i(clk), .rst_ni(begun), .up(up), .spare(x[0]), .x(x), .count(count_a),
                 .late(late_a));
  loaded u_loaded (.clk_i(clk), .rst_ni(rst_n), .up(up), .spare(x[0]), .x(x), .count(count_b),
                   .late(late_b));
  always @(negedge clk) begin
    rst_n <= 1;
    random <= {random[30:0], random[31] ^ random[21] ^ random[1] ^ random[0]};
    if (begun === 1'b1) begin
      clocks = clocks + 1;
      if (clocks > 1 && {count_a, late_a} !== {count_b, late_b}) differ = differ + 1;
      if (^{count_a, late_a} === 1'b1) ones = ones + 1;
    end
    if (clocks == 300) begin
      if (differ == 0 && ones > 50) $display("PASS clocks=%0d", clocks);
      else $display("MISMATCH differ=%0d ones=%0d", differ, ones);
      $finish;
    end
  end
  // As the fabric's, its flip-flops begin with their first values.
  initial begin
    force u_plain.u_circuit.active_i = 1'b0;
    #100 release u_plain.u_circuit.active_i;
  end
  initial begin
    #400000 $display("TIMEOUT the fabric is not active");
    $finish;
  end
endmodule
)";

TEST(BehindPorts, BothFormsAreTheSameCircuit) {
  const fs::path folder = test::fresh_folder("behind_ports"),
                 rtl = fs::path(FPSA_SOURCE_DIR) / "rtl";
  const units::UnitPtr unit = units::train_delay(3, 1);
  fabric::Architecture architecture{.columns = 3,
                                    .rows = 2,
                                    .lut_inputs = 4,
                                    .luts = 2,
                                    .clb_inputs = 6,
                                    .io_slots = 2,
                                    .channel_width = 24};
  architecture.fc_in_percent = architecture.fc_out_percent = 60;
  architecture.hard = {emit::hard_tile(*unit, "delay")};
  const pnr::Implementation done = pnr::implement(
      pnr::read_blif(kCircuit, "small.blif", 4, architecture.hard), architecture, {});
  const fabric::Graph graph(done.architecture);
  const fabric::Layout layout(graph);
  const fabric::Configuration bits = pnr::configure(done, graph, layout);
  const emit::PortPads pads = emit::port_pads(done);

  verilog::Design circuit("plain");
  const verilog::Module& inside =
      emit::add_circuit(circuit, pnr::extract(bits, graph, layout), done.architecture, {unit});
  circuit.add(emit::behind_ports(top_called("plain"), inside, pads));
  verify(circuit);
  emit::write_rtl(folder, legalize(circuit), rtl);

  const verilog::Design array = emit::fabric_rtl(graph, {unit});
  emit::write_rtl(folder / "fabric", legalize(array), rtl);
  const std::string words = fabric::words_text(fabric::encode(bits, done.architecture));
  base::write_file(folder / "fabric/bitstream.mem", words);
  base::write_file(folder / "loaded.v",
                   emit::fabric_behind_ports(top_called("loaded"), array, pads,
                                             static_cast<int>(std::ranges::count(words, '\n'))));
  base::write_file(folder / "bench.v", kBench);

  std::vector<fs::path> sources = {"bench.v", "loaded.v",
                                   fs::path(FPSA_SOURCE_DIR) / "tb/fpsa_tb_loader.v"};
  const std::vector<std::string> first = emit::design_list(legalize(circuit));
  sources.insert(sources.end(), first.begin(), first.end());
  for (const std::string& file : emit::design_list(legalize(array)))
    if (std::ranges::find(first, file) == first.end()) sources.push_back("fabric/" + file);
  const auto run = [&] {
    return flow::run_bench({.directory = folder,
                            .name = "both",
                            .top = "bench",
                            .sources = sources,
                            .parameters = {}});
  };
  EXPECT_NO_THROW(flow::require_pass(run()));
  // Another LUT's table shows: the comparison sees what it should.
  fabric::Configuration other = bits;
  const auto logic =
      std::ranges::find(done.packing.packed.blocks, pnr::BlockKind::kLogic, &pnr::Block::kind);
  const pnr::Site& site =
      done.placement[static_cast<std::size_t>(logic - done.packing.packed.blocks.begin())];
  const fabric::Field table = layout.table(site.x, site.y, 0);
  for (int bit = 0; bit < table.bits; ++bit) other.set_bit(table, bit, !bits.bit(table, bit));
  base::write_file(folder / "fabric/bitstream.mem",
                   fabric::words_text(fabric::encode(other, done.architecture)));
  EXPECT_THROW(flow::require_pass(run()), base::Error);
}

}  // namespace
