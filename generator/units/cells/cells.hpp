// Recurrent cells between two islands: windows of trains in, a step each; windows of trains out,
// the cells' answer each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "quant/cell_layer.hpp"
#include "units/recurrent/recurrent.hpp"
#include "units/smb/memory_unit.hpp"

namespace units {

/// Cells and what their trains are like.
struct CellsConfig {
  RecurrentConfig layer;  ///< of one stream
  int inputs = 1;         ///< features of a step
  int cells = 1;          ///< of an answer
  bool signed_input = true;
  int in_shift = 0;         ///< as quant::CellLayer's
  int out_shift = 0;        ///< the same
  int in_bits = 6;          ///< of a code that comes, beside its sign
  int out_bits = 6;         ///< of one that goes
  int steps = 1;            ///< of a sequence; then the state is zero again
  bool last_alone = false;  ///< its last answer goes, the others do not
  SmbSide write;            ///< trains
  SmbSide read;
};

/// Rows of blocks that the engines work on at a time, and elements of the cells a clock: a power of
/// two. Fewer if the layer has not as many. With a number of multipliers both are what balanced()
/// makes of it.
struct CellsSpeed {
  int lanes = 8;
  int elements = 1;
  int multipliers = 0;                          ///< at most; 0: lanes and elements as they are
  std::map<std::string, int> multipliers_of{};  ///< of layers that have their own, by name

  /// Of the layer `name`, whose multipliers are `multipliers`.
  CellsSpeed of(const std::string& name) const;
};

/// The hardware of a layer of cells. Throws kDoesNotFit, naming `where`, for weights that the load
/// bus does not reach, and for fewer multipliers than the least design has.
RecurrentConfig layer_config(const quant::CellLayer& cells, const CellsSpeed& speed,
                             const std::string& where);

/// Name of its module: equal configurations have equal names.
std::string module_name(const CellsConfig& config);

/// The unit's module, last, and those below it. Ports as those of a memory block
/// (units/smb/smb.hpp), and the load bus: load_we_i, load_addr_i, load_data_i.
std::vector<verilog::Module> structure(const CellsConfig& config);

/// Golden level 2: trains of consecutive windows, sequence after sequence.
Trains through(const CellsConfig& config, const quant::CellWeights& weights, const Trains& written);

/// Of a netlist: what makes a stream between two islands.
class CellsUnit final : public MemoryUnit {
 public:
  explicit CellsUnit(const CellsConfig& config);

  const CellsConfig& config() const { return config_; }

  verilog::Signature signature() const override { return structure()->signature(); }
  std::optional<verilog::Module> structure() const override;
  std::vector<verilog::Module> below() const override;

 private:
  CellsConfig config_;
};

}  // namespace units
