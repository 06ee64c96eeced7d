// What stands between a network and its host: streams in and out, registers, counters, the load
// bus.
#pragma once

#include <cstdint>

#include "config/spec.hpp"
#include "units/unit.hpp"

namespace units {

/// An edge of the network where values of a stream become a train, or the other way round.
struct StreamEdge {
  int lanes = 1;  ///< of the train
  int activation_bits = 6;
  config::Train train = config::Train::kBinary;
  int beat_lanes = 1;  ///< values a beat, each padded to bytes
};

/// fpsa_smb_encoder: samples from a stream to trains.
UnitPtr encoder(const StreamEdge& edge);
/// fpsa_smb_decoder: trains to samples on a stream.
UnitPtr decoder(const StreamEdge& edge);
/// fpsa_token_split: frames of `tokens` windows of `edge` each to a frame a window, as encoder()
/// takes them.
UnitPtr token_split(const StreamEdge& edge, int tokens);
/// fpsa_token_join: the last beat of every `tokens`-th frame of decoder().
UnitPtr token_join(int tokens);

/// fpsa_ceiling_counter: lanes at the ceiling 2^n - 1, counted a window.
UnitPtr ceiling_counter(int lanes, int activation_bits, config::Train train);
/// fpsa_sum_pipe: the sum of `inputs` numbers of `bits` bits, by the clock.
UnitPtr sum_pipe(int inputs, int bits);
/// fpsa_reset_sync: an asynchronous reset that ends with the clock.
UnitPtr reset_sync();
/// fpsa_busy_hold: busy while one of `islands` is, and until the counters have taken their last
/// events.
UnitPtr busy_hold(int islands);

/// What the registers say of a design.
struct Registers {
  std::uint32_t spec_hash = 0;
  int in_lanes = 1;
  int out_lanes = 1;
  int units = 1;         ///< on the load bus
  int ceiling_bits = 1;  ///< of a clock's count of outputs at the ceiling
};

/// fpsa_axil_csr: registers on AXI4-Lite, and the load bus.
UnitPtr csr(const Registers& registers);
/// fpsa_load_rank: a unit's registers on the load bus.
UnitPtr load_rank();

}  // namespace units
