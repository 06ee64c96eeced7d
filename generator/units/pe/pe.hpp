// The spiking PE: a crossbar, its neurons, and the cascade link to the PE below.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/spec.hpp"
#include "quant/tensor.hpp"
#include "units/trains.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// One PE in full: everything that its Verilog parameters say.
struct PeConfig {
  int rows = 1;
  int cols = 1;
  int weight_bits = 8;
  int activation_bits = 6;
  config::Crossbar crossbar = config::Crossbar::kParallel;
  config::Neuron neuron = config::Neuron::kExact;
  config::Train train = config::Train::kBinary;
  int cascade_rows = 0;       ///< rows of all PEs of its cascade; 0: it stands alone
  bool has_above = false;     ///< takes sums from a PE above it
  bool has_neurons = true;    ///< false: passes its sums on
  int accumulator_bits = 0;   ///< signed membrane; 0: chosen by with_widths()
  int threshold_bits = 0;     ///< unsigned; 0: chosen by with_widths()
  bool has_tops = false;      ///< exact neurons: values end at a loadable code a column
  bool half_even = false;     ///< exact neurons: ties give even values, else the greater one
  bool names_window = false;  ///< its name tells its window: others of the design have another
  bool is_tile = false;       ///< the same module wherever in a cascade, or alone, it stands

  bool operator==(const PeConfig&) const = default;
  /// Rows that a column sums over before its neuron.
  int total_rows() const { return cascade_rows > 0 ? cascade_rows : rows; }
  bool is_paired() const { return neuron == config::Neuron::kPaired; }
  /// Columns of the crossbar itself: two unsigned ones an output for paired neurons.
  int crossbar_cols() const { return is_paired() ? 2 * cols : cols; }
  /// Bits of a stored weight: signed, or the magnitude for paired neurons.
  int crossbar_weight_bits() const { return is_paired() ? weight_bits - 1 : weight_bits; }
};

/// Width of one column's sum over `rows` rows: stored weight bits + clog2(rows), at least 2;
/// signed, or (paired) the unsigned sum of magnitudes.
int sum_bits(const PeConfig& config, int rows);

/// Width of a column's sum between the PEs of a cascade: that of its total, so that all of them are
/// equal modules.
int link_bits(const PeConfig& config);

/// What the load bus or the .mem files put into a PE. Columns of `weights` are outputs; |w| within
/// weight_bits.
struct PeContent {
  quant::WeightMatrix weights;
  std::vector<std::int64_t> offset;     ///< offset_of() a column; empty without neurons
  std::vector<std::int64_t> threshold;  ///< >= 1; empty without neurons
  std::vector<std::int64_t>
      top;  ///< greatest code, 0 .. 2^activation_bits - 1; empty unless has_tops
};

/// What a column's offset register holds: bias + floor(threshold / 2) for exact neurons (the
/// rounding of their division folded in), the bias itself for signed and paired ones (they spread
/// it over the window).
std::int64_t offset_of(config::Neuron neuron, std::int64_t bias, std::int64_t threshold);

/// Largest |S| that a column can reach over its whole cascade, offset included; with signed and
/// paired neurons half a threshold comes on top. S is exact within
/// accumulator_bits if this is below 2^(accumulator_bits - 1).
std::int64_t membrane_bound(const PeConfig& config, std::int64_t largest_offset);

/// `config` with accumulator_bits and threshold_bits wide enough for any weights over its whole
/// cascade, offsets up to `largest_offset` in magnitude and thresholds up to `largest_threshold`.
/// Throws kDoesNotFit if that needs more than 62 bits, or if neurons that are not exact are to have
/// tops or to round half to even.
PeConfig with_widths(PeConfig config, std::int64_t largest_offset, std::int64_t largest_threshold);

/// One word of the load bus.
struct LoadWord {
  std::uint32_t address;  ///< 22 bits: region (0 weights, 1 offsets, 2 thresholds, 3 tops), index
  std::uint32_t data;
};

/// Bits of a weight in a load word, of which 32 / bits stand side by side: 8 or 16.
int load_lane_bits(const PeConfig& config);

/// The load sequence of a PE, weights first, in address order.
std::vector<LoadWord> load_words(const PeConfig& config, const PeContent& content);

/// Lines of the $readmemh images: weights (load words in address order), offsets, thresholds and
/// tops (one value a column; no tops unless has_tops). Hexadecimal, fixed width.
struct MemoryImages {
  std::string weights;
  std::string offsets;
  std::string thresholds;
  std::string tops;
};
MemoryImages memory_images(const PeConfig& config, const PeContent& content);

/// Files that preset a PE's memories at time 0, as $readmemh paths; all empty: loaded through the
/// bus.
struct PresetFiles {
  std::string weights;
  std::string offsets;
  std::string thresholds;
  std::string tops;
};

/// The preset files of a PE: `path` with _weights.mem and, with neurons, _offsets.mem and
/// _thresholds.mem.
PresetFiles preset_files(const PeConfig& config, const std::string& path);

/// Name of the module that structure() makes: equal configurations have equal names.
std::string module_name(const PeConfig& config);

/// The PE as a module: clock, tick (tick_i, ready_o), window mark and spikes in and out, load bus;
/// sum_i from the PE above if has_above; sum_o instead of neurons, win_i, win_o and spike_o if
/// !has_neurons. A tile has all of them, whatever it uses: unless it has_above its sum_i must be 0.
/// A PE with preset files is named `name` (they belong to one place), others
/// module_name().
verilog::Module structure(const PeConfig& config, const PresetFiles& files = {},
                          const std::string& name = {});

/// Golden level 2: the PE tick by tick, on packed bits. Registers start as after reset.
class PeEmulator {
 public:
  PeEmulator(const PeConfig& config, const PeContent& content);

  /// Signed sums of all columns for one tick's spikes: cols values. For paired neurons 2 cols
  /// unsigned sums, positive columns first. `above` is added element by element if not empty.
  std::vector<std::int32_t> sums(std::span<const std::uint64_t> spikes,
                                 std::span<const std::int32_t> above = {}) const;

  /// One tick of the neurons. `win` marks a window's first tick. `spikes_out` receives what spike_o
  /// shows after this tick: words of 64 columns.
  void step(std::span<const std::int32_t> sums, bool win, std::span<std::uint64_t> spikes_out);

 private:
  std::int64_t bias_share(std::int64_t bias) const;
  std::int64_t dividend_of(std::size_t c) const;
  bool is_tie(std::size_t c, std::int64_t rest) const;
  bool step_exact_binary(std::size_t c, std::int64_t sum, bool win);
  bool step_exact_rate(std::size_t c, std::int64_t sum, bool win);
  bool step_signed(std::size_t c, std::int64_t sum, bool win);
  bool step_paired(std::size_t c, std::int64_t plus, std::int64_t minus, bool win);

  PeConfig config_;
  PeContent content_;
  std::vector<std::int32_t> rows_;  ///< weights row-major over crossbar columns
  std::vector<std::int64_t> membrane_;
  std::vector<std::int64_t> second_;  ///< remainder (exact) or negative membrane (paired)
  std::vector<std::int64_t> debt_;
  int window_;        ///< ticks of a window
  int position_ = 0;  ///< of the coming tick in its window
};

}  // namespace units
