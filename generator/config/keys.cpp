// The keys, a line or two each.
#include <algorithm>
#include <type_traits>

#include "config/names.hpp"
#include "config/schema.hpp"

namespace config {

namespace {

constexpr double kLargestSeed = 9007199254740991;  // 2^53 - 1: every JSON reader keeps it exactly

template <class F>
struct Element {
  using Type = F;
};
template <class F>
struct Element<ByName<F>> {
  using Type = F;
};
// Of a key that takes a table by names, one entry.
template <class F>
using ElementOf = typename Element<F>::Type;
template <class F>
constexpr bool kByName = !std::is_same_v<F, ElementOf<F>>;

template <class F>
constexpr Type type_of() {
  if constexpr (kByName<F>) return type_of<ElementOf<F>>();
  if constexpr (std::is_enum_v<F>) return Type::kChoice;
  if constexpr (std::is_integral_v<F>) return Type::kInteger;
  if constexpr (std::is_floating_point_v<F>) return Type::kNumber;
  if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>>) return Type::kPaths;
  if constexpr (std::is_same_v<F, std::vector<std::string>>) return Type::kTexts;
  return Type::kPath;
}

template <class F>
Value to_table_or_value(const ByName<F>& field);

template <class F>
Value to_value(const F& field) {
  if constexpr (kByName<F>)
    return to_table_or_value(field);
  else if constexpr (std::is_enum_v<F>)
    return name_of(field);
  else if constexpr (std::is_integral_v<F>)
    return static_cast<std::int64_t>(field);
  else if constexpr (std::is_same_v<F, std::filesystem::path>)
    return field.string();
  else if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>>)
    return std::vector<std::string>(field.begin(), field.end());
  else
    return field;
}

template <class F>
Value to_table_or_value(const ByName<F>& field) {
  if (field.named.empty()) return to_value(field.all);
  Table table;
  for (const auto& [name, one] : field.named) table.entries.emplace_back(name, to_value(one));
  return table;
}

template <class F>
void from_table_or_value(ByName<F>& field, const Value& value);

template <class F>
void from_value(F& field, const Value& value) {
  if constexpr (kByName<F>) {
    from_table_or_value(field, value);
  } else if constexpr (std::is_enum_v<F>) {
    const auto found = std::ranges::find(kNames<F>, std::get<std::string>(value));
    field = static_cast<F>(found - kNames<F>.begin());
  } else if constexpr (std::is_integral_v<F>) {
    field = static_cast<F>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<F>) {
    field = std::get<double>(value);
  } else if constexpr (std::is_same_v<F, std::vector<std::filesystem::path>> ||
                       std::is_same_v<F, std::vector<std::string>>) {
    const auto& texts = std::get<std::vector<std::string>>(value);
    field = F(texts.begin(), texts.end());
  } else {
    field = std::get<std::string>(value);
  }
}

template <class F>
void from_table_or_value(ByName<F>& field, const Value& value) {
  field.named.clear();
  const auto* table = std::get_if<Table>(&value);
  if (!table) return from_value(field.all, value);
  for (const auto& [name, one] : table->entries) from_value(field.named[name], one);
}

template <class F>
std::vector<std::string> choices_of() {
  if constexpr (std::is_enum_v<ElementOf<F>>)
    return {kNames<ElementOf<F>>.begin(), kNames<ElementOf<F>>.end()};
  else
    return {};
}

struct Limits {
  double low = 0;
  double high = 0;
};

// The key of the member `Field` of the member `Section` of a Spec.
template <auto Section, auto Field>
Key key(const char* section, const char* name, const char* doc, Limits limits = {}) {
  using F = std::remove_reference_t<decltype(std::declval<Spec&>().*Section.*Field)>;
  return {section,
          name,
          type_of<F>(),
          doc,
          limits.low,
          limits.high,
          choices_of<F>(),
          false,
          kByName<F>,
          [](const Spec& spec) { return to_value(spec.*Section.*Field); },
          [](Spec& spec, const Value& value) { from_value(spec.*Section.*Field, value); }};
}

Key required(Key key) {
  key.required = true;
  return key;
}

Key typed(Key key, Type type) {
  key.type = type;
  return key;
}

Key spec_name() {
  Key key;
  key.name = "name";
  key.type = Type::kIdentifier;
  key.doc = "Name of the design and of its top module; left out: the spec file's name";
  key.get = [](const Spec& spec) { return Value(spec.name); };
  key.set = [](Spec& spec, const Value& value) { from_value(spec.name, value); };
  return key;
}

std::vector<Key> model_and_data_keys() {
  return {
      spec_name(),
      required(key<&Spec::model, &Model::file>("model", "file", "ONNX file of the network")),
      typed(key<&Spec::model, &Model::input_shape>(
                "model", "input_shape",
                "Extents of a sample, as 3x224x224, where the model leaves more open than the "
                "batch; of several inputs a table by their names"),
            Type::kExtents),
      key<&Spec::data, &Data::inputs>("data", "inputs",
                                      "Test samples: .npy, IDX (.gz too) or a folder of PNM; of "
                                      "several inputs a table by their names"),
      key<&Spec::data, &Data::labels>(
          "data", "labels",
          "Class (or target values) of each test sample, .npy or IDX; needs inputs; of several "
          "outputs a table by their names"),
      key<&Spec::data, &Data::calibration>(
          "data", "calibration", "Samples that set the scales of a float model, as inputs"),
      key<&Spec::data, &Data::calibration_samples>(
          "data", "calibration_samples",
          "Calibration samples used, from the first on; 0: 1000, or all if there are fewer",
          {0, 1000000}),
      key<&Spec::data, &Data::scale>("data", "scale",
                                     "Network input = stored value * scale + offset", {-1e9, 1e9}),
      key<&Spec::data, &Data::offset>("data", "offset", "See scale", {-1e9, 1e9}),
      key<&Spec::data, &Data::layout>(
          "data", "layout",
          "How the axes of a stored sample are moved; auto: not at all, and the shapes must agree"),
      key<&Spec::data, &Data::threshold>("data", "threshold",
                                         "Value above which an output of one element means class "
                                         "1, for its accuracy; before a Sigmoid "
                                         "at the end, which is the host's",
                                         {-1e9, 1e9}),
      key<&Spec::quantise, &Quantise::method>("quantise", "method",
                                              "How the range of an activation is chosen"),
      key<&Spec::quantise, &Quantise::percentile>(
          "quantise", "percentile",
          "Share of the values inside the range, in percent, if method is percentile", {50, 100}),
      key<&Spec::quantise, &Quantise::output_bits>(
          "quantise", "output_bits",
          "Bits of the network's outputs, unless the model quantises them or pe.activation_bits is "
          "more",
          {1, 12}),
      key<&Spec::quantise, &Quantise::maximum>("quantise", "maximum",
                                               "Greatest of a window: by comparison, or by Relus"),
      key<&Spec::quantise, &Quantise::table_neurons>(
          "quantise", "table_neurons",
          "Neurons of a network fitted to a table, in its place; 0: none", {0, 64}),
  };
}

std::vector<Key> hardware_keys() {
  return {
      key<&Spec::pe, &Pe::rows>("pe", "rows", "Inputs of a crossbar", {1, 1024}),
      key<&Spec::pe, &Pe::cols>("pe", "cols", "Outputs (neurons) of a crossbar", {1, 1024}),
      key<&Spec::pe, &Pe::weight_bits>("pe", "weight_bits", "Bits of a weight, with its sign",
                                       {2, 16}),
      key<&Spec::pe, &Pe::activation_bits>(
          "pe", "activation_bits", "Bits of an activation; with train = \"rate\" at most 10",
          {1, 12}),
      key<&Spec::pe, &Pe::crossbar>("pe", "crossbar",
                                    "Adder trees, row by row from a memory, or an analog macro"),
      key<&Spec::pe, &Pe::neuron>(
          "pe", "neuron",
          "How a column turns sums into spikes; signed and paired need rate trains"),
      key<&Spec::pe, &Pe::train>("pe", "train",
                                 "Coding of an n-bit value: binary takes n ticks, rate 2^n"),
      key<&Spec::pe, &Pe::top>(
          "pe", "top",
          "Where an exact neuron's values end: at 2^n - 1, or at a code that is "
          "loaded for each column; for `fpsa generate pe`"),
      key<&Spec::pe, &Pe::rounding>(
          "pe", "rounding",
          "What an exact neuron makes of a value halfway between two; for "
          "`fpsa generate pe`"),
      key<&Spec::pe, &Pe::tall_layers>("pe", "tall_layers",
                                       "What joins the row tiles of a layer taller than rows"),
      key<&Spec::recurrent, &Recurrent::block>("recurrent", "block",
                                               "Weights of recurrent layers as circulant blocks of "
                                               "so many rows and columns, the nearest "
                                               "ones: a power of two; 1: the model's own. By the "
                                               "names of layers also dense ones, which then are "
                                               "computed in words like these, not by crossbars",
                                               {1, 128}),
      key<&Spec::recurrent, &Recurrent::bits>("recurrent", "bits", "Bits of words inside the cells",
                                              {8, 18}),
      key<&Spec::recurrent, &Recurrent::lanes>(
          "recurrent", "lanes", "Rows of blocks that are multiplied at a time", {1, 64}),
      key<&Spec::recurrent, &Recurrent::elements>(
          "recurrent", "elements",
          "Cells that are worked on a clock: a power of two, at most the block", {1, 32}),
      key<&Spec::recurrent, &Recurrent::multipliers>(
          "recurrent", "multipliers",
          "Multipliers of a recurrent layer at most: lanes and elements are then the best with "
          "them; of several layers a table by their nodes' names; 0: lanes and elements as given",
          {0, 1000000}),
      key<&Spec::map, &Map::islands>(
          "map", "islands",
          "Which layers share a tick: all in one island, each its own with buffers between "
          "(layer), or those whose windows differ apart if that is faster (auto); but for one, "
          "long delays lie in memory"),
      key<&Spec::map, &Map::duplicate>(
          "map", "duplicate",
          "Copies of the layer of the most windows, side by side in a row of its map, at most as "
          "many as the row has positions; others get copies until none has more windows",
          {1, 1024}),
      key<&Spec::map, &Map::pes>(
          "map", "pes",
          "PEs that may be spent: the layers of the most windows get copies as long as these "
          "suffice; 0: no copies but those of duplicate",
          {0, 1000000}),
      key<&Spec::map, &Map::area>("map", "area",
                                  "mm2 of macro crossbars' cells in synth.technology that may be "
                                  "spent, as pes; 0: not given",
                                  {0, 1000000}),
      key<&Spec::macro, &Macro::variation>(
          "macro", "variation",
          "Standard deviation of a stored weight, in parts of the full weight range", {0, 1}),
      key<&Spec::macro, &Macro::stuck_cells>("macro", "stuck_cells",
                                             "Share of the weights that are stuck at 0", {0, 1}),
      key<&Spec::macro, &Macro::seed>("macro", "seed", "Seed of the variation and the stuck cells",
                                      {0, kLargestSeed}),
      key<&Spec::host, &Host::beat_lanes>("host", "beat_lanes",
                                          "Values a beat of the AXI4-Stream ports", {1, 128}),
      key<&Spec::host, &Host::load>("host", "load",
                                    "Weights come over AXI4-Lite, or from .mem files at time 0"),
      key<&Spec::host, &Host::reset>(
          "host", "reset",
          "How rst_ni comes and goes: with clk_i, or at any time (its end is then synchronised)"),
  };
}

std::vector<Key> run_keys() {
  return {
      key<&Spec::simulate, &Simulate::samples>(
          "simulate", "samples",
          "Samples simulated, from the first on; 0: 100, or all if there are fewer", {0, 1000000}),
      key<&Spec::simulate, &Simulate::simulator>("simulate", "simulator", "Verilog simulator"),
      key<&Spec::simulate, &Simulate::seed>(
          "simulate", "seed", "Seed of the back-pressure and the idle cycles", {0, kLargestSeed}),
      key<&Spec::simulate, &Simulate::backpressure>(
          "simulate", "backpressure", "Chance a cycle that the sink is not ready", {0, 0.95}),
      key<&Spec::simulate, &Simulate::idle>("simulate", "idle",
                                            "Chance a cycle that the source pauses", {0, 0.95}),
      key<&Spec::synth, &Synth::flow>("synth", "flow", "Technology that synthesis targets"),
      key<&Spec::synth, &Synth::liberty>("synth", "liberty",
                                         "Liberty files of the asic flow's cell library, .gz too; "
                                         "left out: osu018"),
      key<&Spec::synth, &Synth::dont_use>("synth", "dont_use",
                                          "Cells of it that may not be used, with * and ?"),
      key<&Spec::synth, &Synth::memories>(
          "synth", "memories",
          "What the asic flow makes the memories of channels and line walks of: the library's "
          "cells "
          "(gates), or macros like those of a chip (macro), whose area the technology file gives"),
      typed(key<&Spec::synth, &Synth::technology>("synth", "technology",
                                                  "Figures of macro crossbars, memories and "
                                                  "fabrics: a name in constraints/technology, or a "
                                                  "path"),
            Type::kNameOrPath),
      typed(key<&Spec::synth, &Synth::device>(
                "synth", "device", "iCE40 that nextpnr places for, as hx1k, hx8k or up5k"),
            Type::kIdentifier),
      typed(key<&Spec::synth, &Synth::package>(
                "synth", "package",
                "Package of the device; left out: ct256 of an hx8k, sg48 of an up5k and so on"),
            Type::kIdentifier),
      key<&Spec::synth, &Synth::clock_ns>("synth", "clock_ns", "Clock period asked for, in ns",
                                          {0.01, 1e6}),
  };
}

// Of `fpsa pnr`.
std::vector<Key> fabric_keys() {
  return {
      key<&Spec::fabric, &Fabric::columns>(
          "fabric", "columns", "Logic tiles in a row; 0: the smallest square that suffices",
          {0, 1000}),
      key<&Spec::fabric, &Fabric::rows>(
          "fabric", "rows", "Logic tiles in a column; 0: the smallest square that suffices",
          {0, 1000}),
      key<&Spec::fabric, &Fabric::lut_inputs>("fabric", "lut_inputs", "Inputs of a LUT", {2, 8}),
      key<&Spec::fabric, &Fabric::luts>("fabric", "luts",
                                        "LUTs of a logic tile, each with a flip-flop", {1, 128}),
      key<&Spec::fabric, &Fabric::clb_inputs>(
          "fabric", "clb_inputs", "Inputs of a logic tile, each of which may serve any LUT of it",
          {1, 1024}),
      key<&Spec::fabric, &Fabric::io_slots>("fabric", "io_slots",
                                            "Inputs or outputs of a tile at the edge", {1, 64}),
      key<&Spec::fabric, &Fabric::channel_width>(
          "fabric", "channel_width", "Tracks between two rows or columns, half of them each way",
          {2, 1000}),
      key<&Spec::fabric, &Fabric::segment_length>("fabric", "segment_length",
                                                  "Tiles that a wire passes", {1, 64}),
      key<&Spec::fabric, &Fabric::fc_in_percent>(
          "fabric", "fc_in_percent", "Of the tracks beside it, those that an input can read",
          {1, 100}),
      key<&Spec::fabric, &Fabric::fc_out_percent>(
          "fabric", "fc_out_percent", "Of the tracks beside it, those that an output can drive",
          {1, 100}),
      key<&Spec::fabric, &Fabric::switch_box>("fabric", "switch_box",
                                              "Which tracks are joined where two channels cross"),
      key<&Spec::fabric, &Fabric::memory_width>("fabric", "memory_width",
                                                "Bits of a word of a memory tile", {1, 1024}),
      key<&Spec::fabric, &Fabric::memory_address_bits>(
          "fabric", "memory_address_bits", "A memory tile has 2^memory_address_bits words",
          {1, 16}),
      key<&Spec::fabric, &Fabric::memory_columns>(
          "fabric", "memory_columns", "Columns of memory tiles; 0: as many as the network takes",
          {0, 1000}),
      key<&Spec::fabric, &Fabric::pe_rows>(
          "fabric", "pe_rows", "Rows of a PE tile; 0: PE tiles are as the network's own PEs",
          {0, 1024}),
      key<&Spec::fabric, &Fabric::pe_cols>("fabric", "pe_cols",
                                           "Columns of a PE tile, with pe_rows", {0, 1024}),
      key<&Spec::fabric, &Fabric::pe_threshold_bits>(
          "fabric", "pe_threshold_bits", "Bits of a PE tile's thresholds, with pe_rows", {1, 32}),
      key<&Spec::fabric, &Fabric::pe_cascade>(
          "fabric", "pe_cascade",
          "PE tiles of a cascade at most, whose sums neighbours of a column hand on, with pe_rows; "
          "1: none",
          {1, 64}),
      key<&Spec::fabric, &Fabric::pe_columns>(
          "fabric", "pe_columns", "Columns of PE tiles; 0: as many as the network takes",
          {0, 1000}),
  };
}

std::vector<Key> all_keys() {
  std::vector<Key> all = model_and_data_keys();
  for (const std::vector<Key>& part : {hardware_keys(), run_keys(), fabric_keys()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> kKeys = all_keys();
  return kKeys;
}

std::vector<std::string> sections() {
  std::vector<std::string> names;
  for (const Key& key : keys())
    if (!key.section.empty() && (names.empty() || names.back() != key.section))
      names.push_back(key.section);
  return names;
}

}  // namespace config
