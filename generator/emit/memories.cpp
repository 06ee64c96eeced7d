// The memory files of a network, and what is in them.
#include <fmt/format.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "emit/tree.hpp"

namespace emit {

namespace fs = std::filesystem;

namespace {

template <class Words>
std::string load_lines(const Words& words) {
  std::string lines;
  for (const auto& word : words) lines += fmt::format("{:08x}{:08x}\n", word.address, word.data);
  return lines;
}

// "41 bits, signed"; PEs without neurons have neither offsets nor thresholds.
std::string width(const units::PeConfig& config, int bits, const char* sign) {
  return config.has_neurons ? fmt::format("{} bits, {}", bits, sign) : "-";
}

std::string pe_line(const map::Design& design, std::size_t unit) {
  const units::PeConfig& config = design.pe(unit);
  return fmt::format("| {} | `{}` | {} x {} | {} bits, {} | {} | {} |\n", unit,
                     fs::path(map::memory_path(design, unit)).filename().string(), config.rows,
                     config.crossbar_cols(), config.crossbar_weight_bits(),
                     config.is_paired() ? "unsigned" : "signed",
                     width(config, config.accumulator_bits, "signed"),
                     width(config, config.threshold_bits, "unsigned"));
}

// How Markdown shows any name: as code. Its one special character in a table is the bar.
std::string code(const std::string& name) {
  std::string text;
  for (const char c : base::printable(name)) text += c == '|' ? "\\|" : std::string(1, c);
  const std::string fence = text.find('`') == std::string::npos ? "`" : "`` ";
  return fence + text + (fence.size() > 1 ? " ``" : fence);
}

std::string bus_line(const std::string& stem, const core::Stream& bus) {
  return fmt::format("| `{}` | {} | {} |\n", stem, code(bus.name), bus.lanes);
}

constexpr const char* kFormats = R"(# Memory files

A unit's files are `<unit>_<layer>_r<row tile>_c<column tile>` and one of

| ending | a line holds |
|---|---|
| `_weights.mem` | a load word of 32 bits: {0} weights of {1} bits, columns from the low end, row by row |
| `_offsets.mem` | the offset of a column, in two's complement of the width below |
| `_thresholds.mem` | the threshold of a column, unsigned, of the width below |
{2}| `.load` | 64 bits for the load bus: address in the high half, data in the low |

All are hexadecimal; a line has as many digits as its width needs, and unused high bits are 0. An
offset or a threshold wider than 32 bits takes two words of the load bus, bits 31..0 first; an
offset's high word carries its sign.

| unit | files | rows x columns | weight | offset | threshold |
|---|---|---|---|---|---|
)";

// Of designs whose columns have greatest codes of their own.
constexpr const char* kTops = "| `_tops.mem` | the greatest code of a column, unsigned |\n";

bool has_tops(const map::Design& design) {
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit)
    if (design.pe(unit).has_tops) return true;
  return false;
}

void write_unit(const fs::path& directory, const map::Design& design, std::size_t unit) {
  const units::PeConfig& config = design.pe(unit);
  const units::PeContent content = map::content_of(design, unit);
  const std::string path = map::memory_path(design, unit);
  const units::PresetFiles files = units::preset_files(config, path);
  const units::MemoryImages images = units::memory_images(config, content);
  base::write_file(directory / files.weights, images.weights);
  if (config.has_neurons) {
    base::write_file(directory / files.offsets, images.offsets);
    base::write_file(directory / files.thresholds, images.thresholds);
    if (config.has_tops) base::write_file(directory / files.tops, images.tops);
  }
  base::write_file(directory / (path + ".load"), load_lines(units::load_words(config, content)));
}

void write_cells(const fs::path& directory, const map::Design& design, std::size_t i) {
  const std::string path = map::memory_path(design, design.pes.size() + i);
  base::write_file(directory / (path + ".load"),
                   load_lines(units::load_words(map::cells_of(design, i).config().layer,
                                                map::cell_layer_of(design, i).weights)));
}

// Units behind those that the table lists have no columns.
std::string cells_lines(const map::Design& design) {
  std::string text;
  for (std::size_t i = 0; i < design.cells.size(); ++i) {
    const quant::CellLayer& cells = map::cell_layer_of(design, i);
    const std::size_t unit = design.pes.size() + i;
    text += fmt::format("| {} | `{}.load` | {} in, {} cells, blocks of {} | {} |\n", unit,
                        fs::path(map::memory_path(design, unit)).filename().string(), cells.inputs,
                        cells.cells, cells.block, cells.rule.bits);
  }
  if (text.empty()) return text;
  return "\nRecurrent cells are loaded with words of spectra, biases and peepholes.\n\n"
         "| unit | file | layer | bits of a word |\n|---|---|---|---|\n" +
         text;
}

}  // namespace

std::vector<std::string> memory_images(const map::Design& design) {
  std::vector<std::string> files;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit) {
    const units::PresetFiles preset =
        units::preset_files(design.pe(unit), map::memory_path(design, unit));
    for (const std::string& file : {preset.weights, preset.offsets, preset.thresholds, preset.tops})
      if (!file.empty()) files.push_back(file);
  }
  return files;
}

void write_memories(const fs::path& directory, const map::Design& design) {
  std::string table;
  for (std::size_t unit = 0; unit < design.pes.size(); ++unit) {
    write_unit(directory, design, unit);
    table += pe_line(design, unit);
  }
  for (std::size_t i = 0; i < design.cells.size(); ++i) write_cells(directory, design, i);
  table += cells_lines(design);
  std::string layers = "\n| layer | in the model | lanes |\n|---|---|---|\n";
  for (std::size_t b = 0; b < design.streams.size(); ++b)
    layers += bus_line(design.streams[b].stem, design.program->streams[core::StreamId{b}]);
  const int lane = units::load_lane_bits(design.pe(0));
  base::write_file(
      directory / "mem" / "README.md",
      fmt::format(fmt::runtime(kFormats), 32 / lane, lane, has_tops(design) ? kTops : "") + table +
          layers);
}

}  // namespace emit
