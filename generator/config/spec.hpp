// The hardware spec and the run: one struct, filled from TOML, validated, resolved, hashed. The
// keys' ranges and meanings are in one table, config/schema.cpp; what reads and writes specs is in
// config/spec_io.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/by_name.hpp"

namespace config {

enum class Layout { kAuto, kAsStored, kNhwcToNchw, kNchwToNhwc };
enum class Crossbar { kParallel, kSerial, kMacro };
enum class Neuron { kExact, kSigned, kPaired };
enum class Train { kBinary, kRate };
enum class Top { kFull, kLoaded };
enum class Rounding { kHalfUp, kHalfEven };
enum class Calibration { kMax, kPercentile, kMse };
enum class Maximum { kCompare, kReluTree };
enum class Islands { kAuto, kLayer, kOne };
enum class TallLayers { kCascade, kSplitMerge };
enum class Simulator { kVerilator, kIcarus };
enum class Load { kBus, kFiles };
enum class Reset { kSynchronous, kAsynchronous };
enum class SynthFlow { kAsic, kIce40, kEcp5, kXilinx };
enum class Memories { kGates, kMacro };
enum class SwitchBox { kDisjoint, kWilton };

/// The word that stands for the value in a spec and in reports ("split_merge", "ice40").
std::string to_string(Layout value);
std::string to_string(Crossbar value);
std::string to_string(Neuron value);
std::string to_string(Train value);
std::string to_string(Top value);
std::string to_string(Rounding value);
std::string to_string(Calibration value);
std::string to_string(Maximum value);
std::string to_string(Islands value);
std::string to_string(TallLayers value);
std::string to_string(Simulator value);
std::string to_string(Load value);
std::string to_string(Reset value);
std::string to_string(SynthFlow value);
std::string to_string(Memories value);
std::string to_string(SwitchBox value);

/// The numbers of a text like "3x224x224", each from 1 to 10^9 - 1; nothing if it is another.
std::optional<std::vector<std::int64_t>> extents_of(const std::string& text);

/// [model]
struct Model {
  std::filesystem::path file;       ///< ONNX; relative to the spec
  ByName<std::string> input_shape;  ///< of a sample, "3x224x224"; empty: as the model says
  bool operator==(const Model&) const = default;
};

/// Calibration samples used where the spec names no number.
inline constexpr int kCalibrationSamples = 1000;

/// Test samples simulated where the spec names no number.
inline constexpr int kSimulatedSamples = 100;

/// [data] Real inputs: test samples with labels, and samples for calibration.
struct Data {
  ByName<std::filesystem::path> inputs;       ///< .npy, IDX (.gz too) or a folder of PNM
  ByName<std::filesystem::path> labels;       ///< optional; by the outputs' names
  ByName<std::filesystem::path> calibration;  ///< float models need it
  int calibration_samples = 0;  ///< 0: the first kCalibrationSamples, or all there are
  ByName<double> scale = 1.0;   ///< network input = raw * scale + offset
  ByName<double> offset = 0.0;
  ByName<Layout> layout = Layout::kAuto;
  ByName<double> threshold = 0.0;  ///< of an output of one element: above it lies class 1
  bool operator==(const Data&) const = default;
};

/// [quantise] How a float model becomes integers; a quantised model brings its own scales.
struct Quantise {
  Calibration method = Calibration::kMse;
  double percentile = 99.9;
  int output_bits = 8;                  ///< least, of float results; 1..12 (rate: 1..10)
  Maximum maximum = Maximum::kCompare;  ///< what makes the greatest of a window
  int table_neurons = 0;                ///< of a network in place of a table, 0..64; 0: tables
  bool operator==(const Quantise&) const = default;
};

/// [pe] The processing element; also the keys of `fpsa generate pe --set`.
struct Pe {
  int rows = 256;           ///< 1..1024
  int cols = 256;           ///< 1..1024
  int weight_bits = 8;      ///< 2..16, signed
  int activation_bits = 6;  ///< 1..12 (rate: 1..10)
  Crossbar crossbar = Crossbar::kMacro;
  Neuron neuron = Neuron::kExact;
  Train train = Train::kBinary;
  Top top = Top::kFull;                   ///< of a PE by itself
  Rounding rounding = Rounding::kHalfUp;  ///< of a PE by itself
  TallLayers tall_layers = TallLayers::kCascade;
  bool operator==(const Pe&) const = default;
};

/// [recurrent] Layers of words: LSTM, GRU and plain recurrent cells, and block-circulant dense
/// ones.
struct Recurrent {
  /// k of block-circulant weights: powers of two, 1..128. `all` is that of recurrent layers; dense
  /// layers are such if they are named.
  ByName<int> block = 1;
  int bits = 16;                ///< of words, 8..18
  int lanes = 8;                ///< rows of blocks at a time, 1..64
  int elements = 1;             ///< a clock, of the cells: a power of two, 1..32
  ByName<int> multipliers = 0;  ///< at most, by nodes; 0: lanes and elements as they are
  bool operator==(const Recurrent&) const = default;
};

/// [macro] The analog crossbar's behavioural model; all zero is ideal.
struct Macro {
  double variation = 0.0;    ///< standard deviation of a weight, in parts of the full weight range
  double stuck_cells = 0.0;  ///< share of weights stuck at 0
  std::uint64_t seed = 1;
  bool operator==(const Macro&) const = default;
};

/// [map]
struct Map {
  Islands islands = Islands::kAuto;  ///< which layers share a tick
  int duplicate = 1;                 ///< copies of the slowest layer
  int pes = 0;                       ///< that copies may take; 0: no copies for them
  double area = 0;                   ///< mm^2 of crossbar cells, the same
  bool operator==(const Map&) const = default;
};

/// [host]
struct Host {
  int beat_lanes = 64;                ///< values a beat of the AXI4-Stream ports, 1..128
  Load load = Load::kBus;             ///< weights come over AXI4-Lite, or from .mem files at time 0
  Reset reset = Reset::kSynchronous;  ///< how rst_ni comes and goes
  bool operator==(const Host&) const = default;
};

/// [simulate]
struct Simulate {
  int samples = 0;  ///< 0: the first kSimulatedSamples, or all there are
  Simulator simulator = Simulator::kVerilator;
  std::uint64_t seed = 1;     ///< of the random back-pressure and idle cycles
  double backpressure = 0.0;  ///< chance that the sink is not ready, 0..0.95
  double idle = 0.0;          ///< chance that the source pauses, 0..0.95
  bool operator==(const Simulate&) const = default;
};

/// [synth]
struct Synth {
  SynthFlow flow = SynthFlow::kAsic;
  std::vector<std::filesystem::path> liberty;  ///< files of one library; empty: osu018
  std::vector<std::string> dont_use;           ///< cells of it, with shell wildcards
  Memories memories = Memories::kGates;        ///< of maps and channels: cells, or macros
  /// Of macro crossbars and memories; a file in constraints/technology, or a path.
  std::string technology = "45nm";
  std::string device = "hx8k";  ///< iCE40 that nextpnr places for: config/ice40.hpp
  std::string package;          ///< its package; empty: the first in config/ice40.hpp
  double clock_ns = 10.0;
  bool operator==(const Synth&) const = default;
};

/// [fabric]; fabric/architecture.hpp says what each is.
struct Fabric {
  int columns = 0;  ///< of logic tiles; 0, as of rows: the smallest square that holds the circuit
  int rows = 0;
  int lut_inputs = 6;
  int luts = 10;
  int clb_inputs = 40;
  int io_slots = 8;
  int channel_width = 100;
  int segment_length = 4;
  int fc_in_percent = 15;
  int fc_out_percent = 15;
  SwitchBox switch_box = SwitchBox::kWilton;
  int memory_width = 32;        ///< bits of a word of a memory tile
  int memory_address_bits = 8;  ///< of a memory tile
  int memory_columns = 0;       ///< of memory tiles; 0: as many as the network takes
  int pe_rows = 0;              ///< of a PE tile; 0: PE tiles are as the network's PEs
  int pe_cols = 0;              ///< of a PE tile
  int pe_threshold_bits = 20;   ///< of a PE tile with pe_rows
  int pe_cascade = 1;           ///< PE tiles of a cascade at most, with pe_rows; 1: none
  int pe_columns = 0;           ///< of PE tiles; 0: as many as the network takes
  bool operator==(const Fabric&) const = default;
};

struct Spec {
  std::string name;  ///< a letter, then letters, digits, _ or -; left out: the spec file's name
  Model model;
  Data data;
  Quantise quantise;
  Pe pe;
  Recurrent recurrent;
  Macro macro;
  Map map;
  Host host;
  Simulate simulate;
  Synth synth;
  Fabric fabric;
  bool operator==(const Spec&) const = default;
};

}  // namespace config
