// Signatures of the hand-written leaves that the units instantiate; tests/units asks Yosys whether
// the files in rtl/ agree with them.
#pragma once

#include <vector>

#include "config/spec.hpp"
#include "verilog/signature.hpp"

namespace units::leaves {

/// fpsa_xbar_parallel, _serial or _macro: spikes in, a sum a column out.
verilog::Signature crossbar(config::Crossbar kind);
/// fpsa_neurons_*: sums in, spikes out. Exact neurons behind a serial crossbar are folded: one
/// datapath for many columns.
verilog::Signature neurons(config::Neuron neuron, config::Train train, bool folded);
/// Adds a column's sums to those of the PE above: at once, for neurons.
verilog::Signature cascade_adder();
/// The same, registered by tick for the PE below.
verilog::Signature cascade_stage();
/// Spikes `Ticks` later.
verilog::Signature tick_delay();
/// The same in memory, two ticks or more.
verilog::Signature memory_delay();
/// A window's marks (win, live) `Ticks` later.
verilog::Signature window_delay();
verilog::Signature sequencer();
verilog::Signature encoder();
verilog::Signature decoder();
/// A sample's frame as a frame a token.
verilog::Signature token_split();
/// The last beat of a sample that leaves as a frame a token.
verilog::Signature token_join();
verilog::Signature map_part();
/// Whether all that an island waits for is there.
verilog::Signature join();
/// Counts of a channel's tokens, and where in memory the coming one lies.
verilog::Signature channel();
verilog::Signature walk();
/// Words with a port to write and a port to read.
verilog::Signature smb_memory();
/// Memory between two buses: planes of binary trains, or values.
verilog::Signature smb_planes();
verilog::Signature smb_values();
/// The same, with rows of a map in memory and the window of each output position out of it.
verilog::Signature line_planes();
verilog::Signature line_values();
/// The largest of several values a lane, as trains.
verilog::Signature plane_most();
/// Windows of values to indices, and what a function answers to windows: the storage of a table.
verilog::Signature table();
/// A constant table for every lane.
verilog::Signature lookups();
verilog::Signature ceiling_counter();
/// The sum of many inputs, registered by level.
verilog::Signature sum_pipe();
/// Busy until the counters have taken their last events.
verilog::Signature busy_hold();
/// An asynchronous reset that ends with the clock.
verilog::Signature reset_sync();
verilog::Signature csr();
/// Bits of a place of a fabric, what loads them from a bitstream, and that behind AXI4-Lite.
verilog::Signature frame();
verilog::Signature bitstream_loader();
verilog::Signature config_port();
/// A unit's registers on the load bus.
verilog::Signature load_rank();
/// Registers around all ports of a unit that is placed and routed alone.
verilog::Signature scan_pins();
/// Of a fabric: the multiplexer before a wire or an input.
verilog::Signature route_mux();
/// A LUT with a choice before each input and a flip-flop behind it.
verilog::Signature lut();
/// Pads, quiet while the fabric is not active.
verilog::Signature pads();

/// Of datapaths: signed words, the registers of a stage, and when they step.
verilog::Signature word_sum();
verilog::Signature word_scale();
verilog::Signature word_product();
verilog::Signature word_round();
verilog::Signature word_clip();
/// Codes of a stream in pairs of magnitudes to words, and words to such codes.
verilog::Signature pair_words();
verilog::Signature word_pairs();
/// Of so many tokens the last.
verilog::Signature last_token();
verilog::Signature word_register();
verilog::Signature pipe();
/// Products added up.
verilog::Signature word_mac();
/// The word of the one of several that is valid.
verilog::Signature one_hot();
/// Of each group of events the first ones.
verilog::Signature pass_first();
/// The load addresses of one memory of several; a loaded memory; the sum of unsigned words.
verilog::Signature load_slot();
verilog::Signature load_memory();
verilog::Signature sum_tree();
/// Words of a stream in memory.
verilog::Signature stream_buffer();
/// Of recurrent layers: frames and answers, both ways; blocks to steps of elements and back; what
/// is kept of elements; a word or zero; words that were clipped.
verilog::Signature recurrent_join();
verilog::Signature recurrent_fork();
verilog::Signature block_split();
verilog::Signature block_gather();
verilog::Signature cell_fetch();
verilog::Signature word_gate();
verilog::Signature clip_counter();
/// When a block-circulant engine reads what.
verilog::Signature circulant_walk();

/// Those of datapaths, circulant engines and recurrent layers.
std::vector<verilog::Signature> word_leaves();
/// All of the above, for the test against the files.
std::vector<verilog::Signature> all();

}  // namespace units::leaves
