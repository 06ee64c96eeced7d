// Any names through everything that names become: the import's texts, stems, nets, files, comments
// and the bench's description. For a fuzzer, and for a test that draws names at random.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iomanip>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/lower.hpp"
#include "emit/tree.hpp"
#include "nn/model_builder.hpp"
#include "random_network.hpp"

namespace test {

/// A chain of products whose nodes bear names[2] and on; names[0] is the graph's, names[1] the
/// input's.
inline nn::Graph named_graph(const std::vector<std::string>& names) {
  nn::testing::ModelBuilder model;
  model.model().mutable_graph()->set_name(names[0]);
  model.input(names[1], {1, 1});
  std::string at = names[1];
  for (std::size_t i = 2; i < names.size(); ++i) {
    const std::string to = fmt::format("value {}", i);
    model.floats(to + " weight", {1, 1}, {1}).node("MatMul", {at, to + " weight"}, {to}, names[i]);
    at = to;
  }
  return model.output(at).import();
}

/// The graph's names on integer layers of one weight each.
inline quant::Network network_of(const nn::Graph& graph) {
  const quant::Format format = quant::full_format(2, false);
  quant::Network network;
  network.name = graph.name;
  network.weight_bits = 2;
  quant::Source at = test::add_input(network, graph.value(graph.inputs.front()).name, 1, format);
  for (const nn::Node& node : graph.nodes)
    at = test::add_layer(network, node.name,
                         {{at},
                          quant::WeightMatrix(quant::WeightMatrix::Constant(1, 1, 1)),
                          quant::WideVector::Zero(1),
                          quant::WideVector::Ones(1)},
                         format);
  network.outputs = {at};
  return network;
}

/// Looks for names that came through; keeps the first.
class NameCheck {
 public:
  const std::string& fault() const { return fault_; }

  void graph(const nn::Graph& graph) {
    std::set<std::string> seen;
    for (const nn::Node& node : graph.nodes) {
      require(base::printable(node.name) == node.name && !node.name.empty(), "not one line",
              node.name);
      require(seen.insert(node.name).second, "twice in the graph", node.name);
    }
  }

  void design(const map::Design& design, const emit::Rtl& rtl) {
    for (const map::Stream& stream : design.streams) {
      // 24 characters, "n_" before and "_alt10" behind what would be taken otherwise
      require(is_word(stream.stem) && stream.stem.size() <= 32, "no stem", stream.stem);
      require(stems_.insert(folded(stream.stem)).second, "a stem twice", stream.stem);
    }
    for (std::size_t pe = 0; pe < design.pes.size(); ++pe) {
      const std::string path = map::memory_path(design, pe);
      require(path.starts_with("mem/") && is_word(path.substr(4)), "no memory file", path);
      file(path);
    }
    for (const std::string& source : emit::design_list(rtl.design)) {
      require(source.starts_with("rtl/") && source.ends_with(".v") &&
                  is_word(source.substr(4, source.size() - 6)),
              "no source file", source);
      file(source);
    }
  }

  void verilog(const ::verilog::Design& design) {
    for (const std::string& name : design.module_files()) {
      std::istringstream lines(print(*design.find(name), design));
      int ends = 0;
      for (std::string line; std::getline(lines, line);) {
        require(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }), "not ASCII",
                line);
        const std::size_t slashes = line.find("//");
        if (slashes != std::string::npos) comment(line.substr(slashes + 2));
        ends += line == "endmodule";
        require(line.substr(0, slashes).find('`') == std::string::npos, "a directive", line);
      }
      require(ends == 1, "another number of modules in", name);
    }
  }

  // Read as the bench reads it.
  void bench(const std::string& text, const map::Design& design, bool loads) {
    std::istringstream lines(text);
    std::size_t probe = 0;
    std::size_t load = 0;
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      std::istringstream words(line);
      std::string key;
      std::string name;
      words >> key;
      load += key == "load";
      if (key != "probe") continue;
      words >> std::quoted(name);
      require(probe < design.streams.size() &&
                  name == design.program->streams[core::StreamId{probe++}].name,
              "not read back", line);
    }
    const std::size_t wanted = loads ? design.pes.size() : 0;
    require(probe == design.streams.size() && load == wanted && count == 6 + probe + load,
            "other lines in", text);
  }

 private:
  static std::string folded(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  }
  static bool is_word(const std::string& text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
  }
  // Comments that begin with one of these words are commands to a tool.
  void comment(const std::string& text) {
    std::istringstream words(text);
    std::string first;
    words >> first;
    for (const char* command : {"verilator", "synopsys", "synthesis", "pragma", "icarus"})
      require(!folded(first).starts_with(command), "a command in a comment", text);
  }
  void file(const std::string& path) {
    require(files_.insert(folded(path)).second, "a file twice", path);
  }
  void require(bool good, const std::string& what, const std::string& where) {
    if (!good && fault_.empty()) fault_ = what + ": " + base::quoted(where);
  }

  std::set<std::string> stems_;
  std::set<std::string> files_;
  std::string fault_;
};

/// What is wrong with what became of `names` (three at least), or nothing.
inline std::string fault_of_names(const std::vector<std::string>& names) {
  nn::Graph graph;
  try {
    graph = named_graph(names);
  } catch (const base::Error& error) {  // an input without a name, or with that of another value
    return error.faults().front().code == base::Code::kBadGraph ? "" : error.what();
  }
  if (graph.inputs.empty()) return "";  // the input has a weight's name: that is its default value
  NameCheck check;
  check.graph(graph);
  try {
    const core::Program program = core::lower(network_of(graph), {1, 1});
    for (const bool preset : {false, true}) {
      const map::Design design = map::map(program, {.weight_bits = 2, .activation_bits = 2},
                                          {.beat_lanes = 1, .preset_memories = preset});
      const emit::Rtl rtl = emit::hardwired(design);
      NameCheck each = check;
      each.design(design, rtl);
      each.verilog(rtl.design);
      each.bench(emit::bench_text(design, rtl), design, !preset);
      if (!each.fault().empty()) return each.fault();
    }
  } catch (const base::Error& error) {
    return error.what();
  }
  return check.fault();
}

}  // namespace test
