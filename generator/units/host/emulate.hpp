// What stands between a network and its host, by the clock.
#pragma once

#include <memory>

#include "units/clocked.hpp"
#include "units/host/host.hpp"

namespace units {

std::unique_ptr<Clocked> emulate_encoder(const StreamEdge& edge);
std::unique_ptr<Clocked> emulate_decoder(const StreamEdge& edge);
std::unique_ptr<Clocked> emulate_token_split(const StreamEdge& edge, int tokens);
std::unique_ptr<Clocked> emulate_token_join(int tokens);
std::unique_ptr<Clocked> emulate_ceiling_counter(int lanes, int activation_bits,
                                                 config::Train train);
std::unique_ptr<Clocked> emulate_sum_pipe(int inputs, int bits);
std::unique_ptr<Clocked> emulate_busy_hold();
std::unique_ptr<Clocked> emulate_load_rank();
std::unique_ptr<Clocked> emulate_csr(const Registers& registers);

}  // namespace units
