#include "pnr/extract.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "fabric/grid.hpp"

namespace pnr {

using fabric::NodeId;

std::string input_at(const Site& site) {
  return fmt::format("in{}_x{}_y{}", site.slot, site.x, site.y);
}

std::string output_at(const Site& site) {
  return fmt::format("out{}_x{}_y{}", site.slot, site.x, site.y);
}

std::string lut_at(const Site& site, int lut) {
  return fmt::format("lut{}_x{}_y{}", lut, site.x, site.y);
}

std::string flip_flop_at(const Site& site, int lut) {
  return fmt::format("ff{}_x{}_y{}", lut, site.x, site.y);
}

std::string hard_at(const Site& site) { return fmt::format("hard_x{}_y{}", site.x, site.y); }

std::string hard_output_at(const Site& site, int pin) {
  return fmt::format("{}_out{}", hard_at(site), pin);
}

namespace {

class Extracting {
 public:
  Extracting(const fabric::Configuration& configuration, const fabric::Graph& graph,
             const fabric::Layout& layout)
      : configuration_(configuration),
        graph_(graph),
        layout_(layout),
        all_(graph.architecture()),
        fanins_(graph),
        met_(graph.size(), false) {}

  Extracted run() {
    each_tile(fabric::Tile::kIo, [this](int x, int y) { add_inputs(x, y); });
    each_tile(fabric::Tile::kLogic, [this](int x, int y) { add_outputs_of(x, y); });
    each_tile(fabric::Tile::kHard, [this](int x, int y) { add_hard_outputs({x, y, 0}); });
    each_tile(fabric::Tile::kLogic, [this](int x, int y) {
      for (int lut = 0; lut < all_.luts; ++lut) add_lut({x, y, 0}, lut);
    });
    each_tile(fabric::Tile::kIo, [this](int x, int y) { add_outputs(x, y); });
    each_tile(fabric::Tile::kHard, [this](int x, int y) { add_hard({x, y, 0}); });
    for (std::size_t node = 0; node < graph_.size(); ++node)
      if (choice(NodeId(node)) > 0 && !met_[node])
        fault("a multiplexer is on and nothing reads it", NodeId(node));
    return std::move(found_);
  }

 private:
  template <class Visit>
  void each_tile(fabric::Tile kind, const Visit& visit) {
    for (int y = 0; y <= all_.rows + 1; ++y)
      for (int x = 0; x <= all_.columns + 1; ++x)
        if (fabric::tile_at(all_, x, y) == kind) visit(x, y);
  }

  SignalId add_signal(const std::string& name) { return found_.netlist.signals.push_back(name); }

  void fault(const std::string& what, NodeId node) {
    const fabric::Home home = fabric::home_of(graph_, node);
    found_.faults.push_back(fmt::format("{} at ({}, {})", what, home.x, home.y));
  }

  std::uint32_t choice(NodeId node) const {
    return configuration_.value(layout_.multiplexer(node));
  }

  void add_inputs(int x, int y) {
    for (int slot = 0; slot < all_.io_slots; ++slot) {
      const SignalId signal = add_signal(input_at({x, y, slot}));
      found_.netlist.inputs.push_back(signal);
      sources_[graph_.output(x, y, slot)] = signal;
    }
  }

  bool is_on(const Site& site, int lut) const {
    if (configuration_.value(layout_.flip_flop(site.x, site.y, lut)) != 0) return true;
    const fabric::Field table = layout_.table(site.x, site.y, lut);
    for (int row = 0; row < table.bits; ++row)
      if (configuration_.bit(table, row)) return true;
    for (int input = 0; input < all_.lut_inputs; ++input)
      if (configuration_.value(layout_.choice(site.x, site.y, lut, input)) != 0) return true;
    return false;
  }

  bool has_flip_flop(const Site& site, int lut) const {
    return configuration_.bit(layout_.flip_flop(site.x, site.y, lut), 0);
  }

  // Names what the LUTs that are on drive.
  void add_outputs_of(int x, int y) {
    const Site site{x, y, 0};
    for (int lut = 0; lut < all_.luts; ++lut)
      if (is_on(site, lut))
        sources_[graph_.output(x, y, lut)] =
            add_signal(has_flip_flop(site, lut) ? flip_flop_at(site, lut) : lut_at(site, lut));
  }

  bool is_hard_on(const Site& site) const {
    for (int pin = 0; pin < fabric::inputs_at(all_, site.x, site.y); ++pin)
      if (choice(graph_.input(site.x, site.y, pin)) != 0) return true;
    return false;
  }

  void add_hard_outputs(const Site& site) {
    if (!is_hard_on(site)) return;
    for (int pin = 0; pin < fabric::outputs_at(all_, site.x, site.y); ++pin)
      sources_[graph_.output(site.x, site.y, pin)] = add_signal(hard_output_at(site, pin));
  }

  void add_hard(const Site& site) {
    if (!is_hard_on(site)) return;
    HardBlock block{hard_at(site), fabric::hard_in(all_, site.x), {}, {}, {}};
    for (int pin = 0; pin < fabric::inputs_at(all_, site.x, site.y); ++pin) {
      const NodeId node = graph_.input(site.x, site.y, pin);
      block.inputs.push_back(choice(node) == 0 ? SignalId() : trace(node).value_or(SignalId()));
    }
    for (int pin = 0; pin < fabric::outputs_at(all_, site.x, site.y); ++pin)
      block.outputs.push_back(sources_.at(graph_.output(site.x, site.y, pin)));
    found_.netlist.hard.push_back(std::move(block));
  }

  // What an input pin reads, back through the multiplexers that are on.
  std::optional<SignalId> trace(NodeId node) {
    const std::size_t most = graph_.size();
    for (std::size_t steps = 0; steps <= most; ++steps) {
      if (graph_.kind(node) == fabric::NodeKind::kOutput) return source_of_way(node);
      met_[node.index()] = true;
      const std::uint32_t chosen = choice(node);
      if (chosen == 0) return std::nullopt;
      const auto inputs = fanins_.of(node);
      if (chosen > inputs.size()) {
        fault(fmt::format("a multiplexer of {} inputs chooses number {}", inputs.size(), chosen),
              node);
        return std::nullopt;
      }
      node = inputs[chosen - 1];
    }
    fault("multiplexers form a loop", node);
    return std::nullopt;
  }

  std::optional<SignalId> source_of_way(NodeId output) {
    const fabric::Span& at = graph_.span(output);
    if (fabric::tile_at(all_, at.x_low, at.y_low) == fabric::Tile::kHard &&
        !sources_.contains(output))
      fault("a hard tile is read that is off", output);
    return source(output);
  }

  std::optional<SignalId> source(NodeId output) const {
    const auto found = sources_.find(output);
    return found == sources_.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<SignalId> lut_input(const Site& site, int lut, int input) {
    const auto chosen =
        static_cast<int>(configuration_.value(layout_.choice(site.x, site.y, lut, input)));
    if (chosen == 0) return std::nullopt;
    if (chosen <= all_.clb_inputs) return trace(graph_.input(site.x, site.y, chosen - 1));
    const int own = chosen - 1 - all_.clb_inputs;
    if (own < all_.luts) return source(graph_.output(site.x, site.y, own));
    found_.faults.push_back(
        fmt::format("{} input {} chooses number {}", lut_at(site, lut), input, chosen));
    return std::nullopt;
  }

  void add_lut(const Site& site, int number) {
    if (!is_on(site, number)) return;
    Lut lut;
    std::vector<int> places;  // of its inputs
    for (int input = 0; input < all_.lut_inputs; ++input)
      if (const auto signal = lut_input(site, number, input)) {
        lut.inputs.push_back(*signal);
        places.push_back(input);
      }
    const fabric::Field table = layout_.table(site.x, site.y, number);
    for (unsigned row = 0; row < 1U << places.size(); ++row) {
      int entry = 0;
      for (std::size_t k = 0; k < places.size(); ++k)
        entry |= static_cast<int>(row >> k & 1) << places[k];
      lut.truth.push_back(configuration_.bit(table, entry));
    }
    const SignalId output = *source(graph_.output(site.x, site.y, number));
    lut.output = output;
    if (has_flip_flop(site, number)) {
      lut.output = add_signal(lut_at(site, number));
      const bool initial = configuration_.bit(layout_.flip_flop(site.x, site.y, number), 1);
      found_.netlist.flip_flops.push_back(
          {.input = lut.output, .output = output, .clock = {}, .initial = initial});
    }
    found_.netlist.luts.push_back(lut);
  }

  void add_outputs(int x, int y) {
    for (int slot = 0; slot < all_.io_slots; ++slot) {
      const NodeId pin = graph_.input(x, y, slot);
      if (choice(pin) == 0) continue;
      Lut lut;
      if (const auto signal = trace(pin)) lut.inputs.push_back(*signal);
      lut.truth = lut.inputs.empty() ? std::vector{false} : std::vector{false, true};
      lut.output = add_signal(output_at({x, y, slot}));
      found_.netlist.outputs.push_back(lut.output);
      found_.read.push_back(lut.inputs.empty() ? SignalId() : lut.inputs[0]);
      found_.netlist.luts.push_back(lut);
    }
  }

  const fabric::Configuration& configuration_;
  const fabric::Graph& graph_;
  const fabric::Layout& layout_;
  const fabric::Architecture& all_;
  fabric::Fanins fanins_;
  std::vector<bool> met_;  // by node, whether anything reads its multiplexer
  std::map<NodeId, SignalId> sources_;
  Extracted found_;
};

}  // namespace

Extracted extract(const fabric::Configuration& configuration, const fabric::Graph& graph,
                  const fabric::Layout& layout) {
  return Extracting(configuration, graph, layout).run();
}

}  // namespace pnr
