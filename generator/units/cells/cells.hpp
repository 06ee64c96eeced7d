// A layer of words between two islands: windows of trains in, a step each; windows of trains out,
// an answer each. It is of recurrent cells, or dense.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "quant/cell_layer.hpp"
#include "units/dense/dense.hpp"
#include "units/recurrent/recurrent.hpp"
#include "units/smb/memory_unit.hpp"

namespace units {

/// What computes the answers: recurrent cells of one stream, or a dense layer.
using WordLayer = std::variant<RecurrentConfig, DenseConfig>;

/// Such a layer and what its trains are like.
struct CellsConfig {
  WordLayer layer;
  int inputs = 1;  ///< features of a step
  int cells = 1;   ///< of an answer
  bool signed_input = true;
  bool signed_output = true;
  int in_shift = 0;         ///< as quant::CellLayer's
  int out_shift = 0;        ///< the same
  int in_bits = 6;          ///< of a code that comes, beside its sign
  int out_bits = 6;         ///< of one that goes
  int steps = 1;            ///< of a sequence, then the state is zero again; or of a dense vector
  bool last_alone = false;  ///< of cells: the last answer goes, the others do not
  SmbSide write;            ///< trains
  SmbSide read;

  bool is_dense() const { return std::holds_alternative<DenseConfig>(layer); }
  /// Words of a block.
  int block() const;
  int step_blocks() const;    ///< that come in a step
  int answer_blocks() const;  ///< that go with an answer
  int in_word_bits() const;
  int out_word_bits() const;
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

/// The hardware of a layer. Throws kDoesNotFit, naming `where`, for weights that the load bus does
/// not reach, and for fewer multipliers than the least design has.
WordLayer layer_config(const quant::CellLayer& cells, const CellsSpeed& speed,
                       const std::string& where);

/// As those of the layer that it is.
std::vector<CirculantLoad> load_words(const WordLayer& layer, const quant::CellWeights& weights);
int multipliers(const WordLayer& layer);
/// Clocks from answer to answer, if nothing waits.
std::int64_t interval(const WordLayer& layer);

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
