#include "pnr/blif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pnr {
namespace {

using Words = std::vector<std::string>;

struct Line {
  int number = 0;  // of its first part
  Words words;
};

void split(std::string_view text, Words& words) {
  constexpr std::string_view kBlanks = " \t\r\f\v";
  for (std::size_t at = text.find_first_not_of(kBlanks); at != text.npos;
       at = text.find_first_not_of(kBlanks, at)) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
}

// Lines that hold words; a backslash at the end joins the next one.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  bool joins = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    part = part.substr(0, part.find('#'));
    while (!part.empty() && (part.back() == '\r' || part.back() == ' ' || part.back() == '\t'))
      part.remove_suffix(1);
    if (!joins) lines.push_back({number, {}});
    joins = part.ends_with('\\');
    if (joins) part.remove_suffix(1);
    split(part, lines.back().words);
  }
  std::erase_if(lines, [](const Line& line) { return line.words.empty(); });
  return lines;
}

std::string wire_name(const fabric::HardPort& port, int wire) {
  return fabric::wire_name(port.name, port.width, wire);
}

class Reader {
 public:
  Reader(const std::string& source, int lut_inputs, std::span<const fabric::HardTile> hard)
      : source_(source), lut_inputs_(lut_inputs), hard_(hard) {}

  Netlist read(std::string_view text) {
    for (const Line& line : lines_of(text)) {
      if (ended_) break;
      check_names(line);
      if (line.words.front().front() == '.')
        statement(line);
      else
        cover(line);
    }
    finish_cover();
    join_links();
    if (!has_model_ && diagnostics_.empty()) fault(1, "there is no .model in it");
    check_drivers();
    check_clocks();
    diagnostics_.throw_if_any();
    ordered(netlist_);
    return std::move(netlist_);
  }

 private:
  void fault(int line, const std::string& what, const std::string& cure = {}) {
    constexpr std::size_t kMost = 20;  // more tell nothing new
    if (diagnostics_.faults().size() < kMost)
      diagnostics_.add(base::Code::kBadGraph, what, fmt::format("{}:{}", source_, line), cure);
  }

  // What ends in a backslash cannot be written at the end of a line, which would join the next.
  void check_names(const Line& line) {
    const auto joins = [](const std::string& word) { return word.ends_with('\\'); };
    const auto name = std::ranges::find_if(line.words, joins);
    if (name != line.words.end())
      fault(line.number, fmt::format("{} ends in a backslash", base::quoted(*name)),
            "rename it: a backslash at the end of a line joins the next one");
  }

  SignalId signal(const std::string& name, int line) {
    const auto [at, is_new] = ids_.try_emplace(name, SignalId());
    if (!is_new) return at->second;
    at->second = netlist_.signals.push_back(name);
    seen_.push_back(line);
    drivers_.push_back(0);
    return at->second;
  }

  SignalId driven(const std::string& name, int line) {
    const SignalId id = signal(name, line);
    if (drivers_[id] != 0)
      fault(line, fmt::format("{} has a driver in line {}", base::quoted(name), drivers_[id]),
            "drive each signal once");
    drivers_[id] = line;
    return id;
  }

  void statement(const Line& line) {
    finish_cover();
    const std::string& word = line.words.front();
    if (word == ".model") return model(line);
    if (word == ".inputs") return inputs(line);
    if (word == ".clock") return clocks(line);
    if (word == ".outputs") return outputs(line);
    if (word == ".names") return names(line);
    if (word == ".latch") return latch(line);
    if (word == ".subckt" && !hard_.empty()) return subcircuit(line);
    if (word == ".end") {
      ended_ = true;
      return;
    }
    fault(line.number, base::quoted(word) + " is not supported",
          "flatten the circuit to .names and .latch, as ABC and Yosys' synth -lut do");
  }

  void model(const Line& line) {
    if (has_model_) return fault(line.number, "there is a second .model", "flatten the circuit");
    has_model_ = true;
    if (line.words.size() > 1) netlist_.name = line.words[1];
  }

  void inputs(const Line& line) {
    for (std::size_t i = 1; i < line.words.size(); ++i)
      netlist_.inputs.push_back(driven(line.words[i], line.number));
  }

  // Inputs, which .inputs may have named.
  void clocks(const Line& line) {
    for (std::size_t i = 1; i < line.words.size(); ++i) {
      const SignalId id = signal(line.words[i], line.number);
      if (std::ranges::find(netlist_.inputs, id) == netlist_.inputs.end())
        netlist_.inputs.push_back(driven(line.words[i], line.number));
    }
  }

  void outputs(const Line& line) {
    for (std::size_t i = 1; i < line.words.size(); ++i)
      netlist_.outputs.push_back(signal(line.words[i], line.number));
  }

  void names(const Line& line) {
    if (line.words.size() < 2) return fault(line.number, ".names has no output");
    const int inputs = static_cast<int>(line.words.size()) - 2;
    lut_ = Lut();
    if (inputs > lut_inputs_) {
      diagnostics_.add(
          base::Code::kDoesNotFit,
          fmt::format("a LUT of {} inputs, and the fabric's have {}", inputs, lut_inputs_),
          fmt::format("{}:{}", source_, line.number),
          fmt::format("map the circuit to LUTs of {} inputs (ABC: if -K {})", lut_inputs_,
                      lut_inputs_));
      is_skipped_ = true;
    }
    for (int i = 0; i < inputs && !is_skipped_; ++i)
      lut_->inputs.push_back(signal(line.words[static_cast<std::size_t>(i) + 1], line.number));
    lut_->output = driven(line.words.back(), line.number);
    lut_->truth.assign(std::size_t{1} << lut_->inputs.size(), false);
    polarity_.reset();
  }

  // A row of the open .names: "1-0 1", or "1" if it has no inputs.
  void cover(const Line& line) {
    if (!lut_) return fault(line.number, "a row of a cover that follows no .names");
    if (is_skipped_) return;
    const std::size_t inputs = lut_->inputs.size();
    const std::string plane = inputs > 0 ? line.words.front() : "";
    const std::string& value = line.words.back();
    if (line.words.size() != (inputs > 0 ? 2 : 1) || plane.size() != inputs ||
        plane.find_first_not_of("01-") != plane.npos || (value != "0" && value != "1"))
      return fault(
          line.number,
          fmt::format("a row of {} inputs must be {} of 0, 1 and -, and 0 or 1", inputs, inputs));
    if (polarity_ && *polarity_ != (value == "1"))
      return fault(line.number, "a cover has rows for 0 and for 1",
                   "give the rows for one of them");
    polarity_ = value == "1";
    for (std::size_t i = 0; i < lut_->truth.size(); ++i)
      if (matches(plane, i)) lut_->truth[i] = true;
  }

  static bool matches(const std::string& plane, std::size_t row) {
    for (std::size_t k = 0; k < plane.size(); ++k)
      if (plane[k] != '-' && (plane[k] == '1') != ((row >> k & 1) != 0)) return false;
    return true;
  }

  void finish_cover() {
    if (lut_ && !is_skipped_) {
      if (polarity_ == false) lut_->truth.flip();
      netlist_.luts.push_back(std::move(*lut_));
    }
    lut_.reset();
    is_skipped_ = false;
  }

  // .latch input output [type control] [initial]
  void latch(const Line& line) {
    const Words& words = line.words;
    if (words.size() < 3 || words.size() > 6)
      return fault(line.number,
                   ".latch needs an input and an output, then at most an edge, a clock "
                   "and an initial value");
    FlipFlop one;
    one.input = signal(words[1], line.number);
    one.output = driven(words[2], line.number);
    if (words.size() % 2 == 0) {
      const std::string& initial = words.back();
      if (initial.size() != 1 || initial < "0" || initial > "3")
        fault(line.number, "an initial value is 0, 1, 2 or 3, not " + base::quoted(initial));
      one.initial = initial == "1";
    }
    if (words.size() >= 5) edge(line, one);
    netlist_.flip_flops.push_back(one);
  }

  // .subckt kind port=signal ...
  void subcircuit(const Line& line) {
    const Words& words = line.words;
    const std::string kind = words.size() > 1 ? words[1] : "";
    const auto tile = std::ranges::find(hard_, kind, &fabric::HardTile::name);
    if (tile == hard_.end())
      return fault(line.number, "the fabric has no tile for " + base::quoted(kind));
    HardBlock block{fmt::format("{}.{}", kind, netlist_.hard.size()),
                    static_cast<int>(tile - hard_.begin()),
                    std::vector<SignalId>(static_cast<std::size_t>(tile->inputs())),
                    std::vector<SignalId>(static_cast<std::size_t>(tile->outputs())),
                    {}};
    const std::map<std::string, Pin> pins = pins_of(*tile);
    Link in{netlist_.hard.size(), line.number, names_of(*tile)}, out = in;
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      const std::string port = words[i].substr(0, equals);
      const auto pin = pins.find(port);
      if (equals == words[i].npos || equals + 1 == words[i].size() || pin == pins.end()) {
        fault(line.number, fmt::format("{} connects no port of {}", base::quoted(words[i]), kind));
        continue;
      }
      const std::string name = words[i].substr(equals + 1);
      if (pin->second.side == Side::kLink)
        (pin->second.is_input ? in : out).names[pin->second.number] = name;
      else
        join(block, pin->second, name, line.number);
    }
    netlist_.hard.push_back(std::move(block));
    if (tile->link_width() == 0) return;
    links_in_.push_back(std::move(in));
    links_out_.push_back(std::move(out));
  }

  enum class Side { kInput, kOutput, kClock, kLink };
  struct Pin {
    Side side;
    std::size_t number;     // of a link's wires
    bool is_input = false;  // of a link
  };

  // An end of a hard block's link: the names of its wires, "" where none is given.
  struct Link {
    std::size_t block;
    int line;
    std::vector<std::string> names;
  };

  static std::vector<std::string> names_of(const fabric::HardTile& tile) {
    return std::vector<std::string>(static_cast<std::size_t>(tile.link_width()));
  }

  static std::map<std::string, Pin> pins_of(const fabric::HardTile& tile) {
    std::map<std::string, Pin> pins;
    if (!tile.clock.empty()) pins[tile.clock] = {Side::kClock, 0};
    std::size_t inputs = 0, outputs = 0;
    for (const fabric::HardPort& port : tile.ports)
      for (int wire = 0; wire < port.width; ++wire)
        pins[wire_name(port, wire)] =
            port.is_link    ? Pin{Side::kLink, static_cast<std::size_t>(wire), port.is_input}
            : port.is_input ? Pin{Side::kInput, inputs++}
                            : Pin{Side::kOutput, outputs++};
    return pins;
  }

  // All wires of a link are one signal of the netlist.
  void join_links() {
    std::map<std::string, std::pair<SignalId, std::size_t>> wires;
    for (const Link& link : links_out_) {
      HardBlock& block = netlist_.hard[link.block];
      const SignalId id = netlist_.signals.push_back(block.name + ".link");
      seen_.push_back(link.line);
      drivers_.push_back(link.line);
      block.outputs.back() = id;
      for (std::size_t wire = 0; wire < link.names.size(); ++wire)
        if (const std::string& name = link.names[wire]; !name.empty())
          if (ids_.contains(name) || !wires.try_emplace(name, id, wire).second)
            fault(link.line, base::quoted(name) + " is a link's and something else's, too",
                  "let a link lead to another hard block's alone");
    }
    const std::set<std::string> zeros = links_in_.empty() ? std::set<std::string>() : zero_names();
    for (const Link& link : links_in_) join_link(link, wires, zeros);
  }

  void join_link(const Link& link,
                 const std::map<std::string, std::pair<SignalId, std::size_t>>& wires,
                 const std::set<std::string>& zeros) {
    const auto first = wires.find(link.names.front());
    bool whole = true;
    for (std::size_t wire = 0; wire < link.names.size(); ++wire) {
      const std::string& name = link.names[wire];
      const auto one = wires.find(name);
      if (first == wires.end())
        whole = whole && (name.empty() || zeros.contains(name));
      else
        whole = whole && one != wires.end() && one->second == std::pair(first->second.first, wire);
    }
    if (!whole)
      fault(link.line, "the end of a link takes neither a whole link nor zeros",
            "join all its wires to those of one other hard block, in their order");
    else if (first != wires.end())
      netlist_.hard[link.block].inputs.back() = first->second.first;
  }

  std::set<std::string> zero_names() const {
    std::set<std::string> names;
    for (const Lut& lut : netlist_.luts)
      if (std::ranges::find(lut.truth, true) == lut.truth.end())
        names.insert(netlist_.signals[lut.output]);
    return names;
  }

  void join(HardBlock& block, const Pin& pin, const std::string& name, int line) {
    switch (pin.side) {
      case Side::kClock:
        block.clock = signal(name, line);
        return;
      case Side::kInput:
        block.inputs[pin.number] = signal(name, line);
        return;
      case Side::kOutput:
        block.outputs[pin.number] = driven(name, line);
        return;
      case Side::kLink:
        return;  // join_links()
    }
  }

  void edge(const Line& line, FlipFlop& one) {
    const std::string& type = line.words[3];
    if (type == "fe")
      one.falling = true;
    else if (type != "re")
      fault(line.number, base::quoted(type) + " is no edge: a fabric has flip-flops only",
            "use re or fe");
    if (line.words[4] != "NIL") one.clock = signal(line.words[4], line.number);
  }

  // Clocks have a network of their own, which starts at inputs.
  void check_clocks() {
    const std::set<SignalId> inputs(netlist_.inputs.begin(), netlist_.inputs.end());
    std::set<SignalId> clocks;
    for (const FlipFlop& one : netlist_.flip_flops)
      if (one.clock.valid()) clocks.insert(one.clock);
    for (const HardBlock& one : netlist_.hard)
      if (one.clock.valid()) clocks.insert(one.clock);
    for (const SignalId clock : clocks)
      if (!inputs.contains(clock))
        fault(seen_[clock.index()],
              base::quoted(netlist_.signals[clock]) + " is a clock and no input",
              "let the clock come from outside, and choose what flip-flops take by logic");
  }

  void check_drivers() {
    for (const SignalId id : netlist_.signals.ids())
      if (drivers_[id] == 0)
        fault(seen_[id.index()], base::quoted(netlist_.signals[id]) + " has no driver",
              "make it an input, or drive it");
  }

  const std::string& source_;
  int lut_inputs_;
  std::span<const fabric::HardTile> hard_;
  Netlist netlist_;
  std::map<std::string, SignalId> ids_;
  std::vector<int> seen_;                  // by signal: the line that names it first
  base::IdVector<SignalId, int> drivers_;  // the line; 0: none
  std::vector<Link> links_in_, links_out_;
  std::optional<Lut> lut_;  // whose cover follows
  bool is_skipped_ = false;
  std::optional<bool> polarity_;
  bool has_model_ = false;
  bool ended_ = false;
  base::Diagnostics diagnostics_;
};

std::string listed(const char* keyword, const Netlist& netlist, const std::vector<SignalId>& ids) {
  std::string text = keyword;
  for (const SignalId id : ids) text += " " + netlist.signals[id];
  return text + "\n";
}

std::string written(const Netlist& netlist, const Lut& lut) {
  std::vector<SignalId> ids = lut.inputs;
  ids.push_back(lut.output);
  std::string text = listed(".names", netlist, ids);
  for (std::size_t row = 0; row < lut.truth.size(); ++row) {
    if (!lut.truth[row]) continue;
    for (std::size_t k = 0; k < lut.inputs.size(); ++k) text += (row >> k & 1) != 0 ? '1' : '0';
    text += lut.inputs.empty() ? "1\n" : " 1\n";
  }
  return text;
}

std::string written(const Netlist& netlist, const FlipFlop& one) {
  return fmt::format(".latch {} {} {} {} {}\n", netlist.signals[one.input],
                     netlist.signals[one.output], one.falling ? "fe" : "re",
                     one.clock.valid() ? netlist.signals[one.clock] : "NIL", one.initial ? 1 : 0);
}

std::string written(const Netlist& netlist, const HardBlock& one, const fabric::HardTile& tile) {
  std::string text = ".subckt " + tile.name;
  if (one.clock.valid()) text += fmt::format(" {}={}", tile.clock, netlist.signals[one.clock]);
  std::size_t inputs = 0, outputs = 0;
  for (const fabric::HardPort& port : tile.ports) {
    const auto next = [&] { return port.is_input ? one.inputs[inputs++] : one.outputs[outputs++]; };
    const SignalId link = port.is_link ? next() : SignalId();
    for (int wire = 0; wire < port.width; ++wire)
      if (const SignalId id = port.is_link ? link : next(); id.valid())
        text += fmt::format(
            " {}={}", wire_name(port, wire),
            port.is_link ? fmt::format("{}[{}]", netlist.signals[id], wire) : netlist.signals[id]);
  }
  return text + "\n";
}

}  // namespace

Netlist read_blif(std::string_view text, const std::string& source, int lut_inputs,
                  std::span<const fabric::HardTile> hard) {
  return Reader(source, lut_inputs, hard).read(text);
}

std::string write_blif(const Netlist& netlist, std::span<const fabric::HardTile> hard) {
  std::string text = ".model " + netlist.name + "\n";
  text += listed(".inputs", netlist, netlist.inputs);
  text += listed(".outputs", netlist, netlist.outputs);
  for (const Lut& lut : netlist.luts) text += written(netlist, lut);
  for (const FlipFlop& one : netlist.flip_flops) text += written(netlist, one);
  for (const HardBlock& one : netlist.hard)
    text += written(netlist, one, hard[static_cast<std::size_t>(one.kind)]);
  return text + ".end\n";
}

}  // namespace pnr
