// A layer of LSTM, GRU or plain recurrent cells on block-circulant engines: frames in, frames out,
// several streams in turn, so that the engines are busy while a stream waits for its own results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quant/cell.hpp"
#include "units/circulant/circulant.hpp"

namespace units {

/// One layer in full. Frames of the streams come in turn: of stream 0, 1, .. streams - 1, 0, ..
struct RecurrentConfig {
  quant::CellRule rule;
  int block = 8;
  int inputs = 2;   ///< blocks of a frame that comes
  int cells = 4;    ///< blocks of elements
  int outputs = 4;  ///< blocks of a frame that goes: cells without projection
  int streams = 2;
  int lanes = 2;             ///< of the engine of gates
  int projection_lanes = 1;  ///< of that of the second product
  int elements = 1;          ///< a clock, of the cells: a power of two, at most the block
  bool three = true;         ///< multiplications of a complex product
  Multiplier multiplier = Multiplier::kShiftAdds;
  int levels = 3;
};

/// Throws kInternal unless sizes fit.
void check(const RecurrentConfig& config);

/// The engines below it.
CirculantConfig gates_config(const RecurrentConfig& config);
CirculantConfig projection_config(const RecurrentConfig& config);

/// What is done to elements: of each the words of its gates, its parameters, its state if it has
/// one; out of it m or y, and the new state of an LSTM. Of a kGruFirst the state that is reset, and
/// for later z, the candidate's sum, and the state.
Datapath cell_path(const RecurrentConfig& config);
/// What follows the second product of a kGruFirst: of each element its result, z, the candidate's
/// sum, the state; out of it y.
Datapath second_path(const RecurrentConfig& config);

/// Clocks a frame of any stream, when streams are enough and nothing waits: the slowest of the
/// engines and the cells.
std::int64_t interval(const RecurrentConfig& config);
/// Multiplications of signals that it has: engines and cells; and what part of them a clock uses,
/// if nothing waits.
int multipliers(const RecurrentConfig& config);
double utilisation(const RecurrentConfig& config);

/// All weights and parameters as words of the load bus.
std::vector<CirculantLoad> load_words(const RecurrentConfig& config,
                                      const quant::CellWeights& weights);

/// A frame of a stream, and whether it is the last of its sequence: then the next begins at zero.
struct Frame {
  std::vector<std::int64_t> words;
  bool last = false;
  bool operator==(const Frame&) const = default;
};

/// What was clipped on the way.
struct ClippedWords {
  std::int64_t gates = 0, cell = 0, projection = 0;
  bool operator==(const ClippedWords&) const = default;
};

/// Golden level 2: the frames that leave, in the order of those that came.
std::vector<Frame> through(const RecurrentConfig& config, const quant::CellWeights& weights,
                           const std::vector<Frame>& frames, ClippedWords& clipped);

/// Name of its module: equal configurations have equal names.
std::string module_name(const RecurrentConfig& config);

/// The layer and the modules below it, the layer last. Ports: clk_i, rst_ni, the load bus, valid_i,
/// ready_o, last_i, data_i (a block), valid_o, ready_i, last_o, data_o (a block), and counts since
/// reset of clipped words: clipped_gates_o, clipped_cell_o, clipped_projection_o.
std::vector<verilog::Module> structure(const RecurrentConfig& config);

}  // namespace units
