#include "fabric/graph_builder.hpp"

#include <algorithm>

namespace fabric {
namespace {

constexpr int kTop = 0, kRight = 1, kBottom = 2, kLeft = 3;

// The share of the tracks, rounded, at least one and at most `most`.
int taps_of(int percent, int tracks, int most) {
  return std::clamp((percent * tracks + 50) / 100, 1, most);
}

Heading heading_of(NodeKind kind, int track) {
  return static_cast<Heading>((kind == NodeKind::kVertical ? 2 : 0) + track % 2);
}

bool upright(Heading heading) { return heading >= Heading::kUp; }
bool forward(Heading heading) { return heading == Heading::kRight || heading == Heading::kUp; }

// The side of an IO tile that faces the logic.
int facing(const Architecture& architecture, int x, int y) {
  if (x == 0) return kRight;
  if (y == 0) return kTop;
  return x == architecture.columns + 1 ? kLeft : kBottom;
}

}  // namespace

int wilton(const Turn& turn) {
  const int n = turn.count, t = turn.in % turn.count;
  // by the heading before, then by whether the one after is forward: right or up
  const int mirrored = (n - t) % n, back = (n + t - 1) % n, on = (t + 1) % n;
  const int turned = (2 * n - 2 - t) % n;
  switch (turn.from) {
    case Heading::kRight:
      return forward(turn.to) ? mirrored : back;
    case Heading::kLeft:
      return forward(turn.to) ? back : turned;
    case Heading::kUp:
      return forward(turn.to) ? turned : on;
    default:
      return forward(turn.to) ? on : mirrored;
  }
}

GraphBuilder::GraphBuilder(Graph& graph)
    : graph_(graph), architecture_(graph.architecture_), pairs_(architecture_.channel_width / 2) {
  const int width = architecture_.channel_width;
  taps_in_ = taps_of(architecture_.fc_in_percent, width, width);
  tile_readers_.push_back(sides(architecture_.clb_inputs));
  for (const HardTile& tile : architecture_.hard) tile_readers_.push_back(sides(tile.routed(true)));
  io_readers_ = readers(architecture_.io_slots);
}

void GraphBuilder::build() {
  add_pins();
  add_lines(NodeKind::kHorizontal);
  add_lines(NodeKind::kVertical);
  graph_.wire_successors_.resize(graph_.size());
  graph_.first_successor_.reserve(graph_.size() + 1);
  for (std::size_t node = 0; node < graph_.size(); ++node) connect(node);
  graph_.first_successor_.push_back(static_cast<std::uint32_t>(graph_.successors_.size()));
}

// Which pins of a side read a track. Places of the comb are first the even tracks, then the odd
// ones: each pin reads as many wires of one direction as of the other.
GraphBuilder::Readers GraphBuilder::readers(int pins) const {
  Readers result(static_cast<std::size_t>(architecture_.channel_width));
  const Comb comb{std::max(pins, 1), taps_in_, architecture_.channel_width};
  for (int pin = 0; pin < pins; ++pin)
    for (int tap = 0; tap < taps_in_; ++tap) {
      const int place = comb.place(pin, tap);
      const int track = 2 * (place % pairs_) + place / pairs_;
      result[static_cast<std::size_t>(track)].push_back(static_cast<std::uint16_t>(pin));
    }
  return result;
}

GraphBuilder::Sides GraphBuilder::sides(int pins) const {
  Sides result;
  for (int side = 0; side < 4; ++side)
    result[static_cast<std::size_t>(side)] = readers(side_pins(pins, side));
  return result;
}

void GraphBuilder::add_pins() {
  const auto add = [this](int x, int y, NodeKind kind, int count) {
    const Span at{static_cast<std::int16_t>(x), static_cast<std::int16_t>(y),
                  static_cast<std::int16_t>(x), static_cast<std::int16_t>(y)};
    for (int pin = 0; pin < count; ++pin) {
      graph_.kinds_.push_back(kind);
      graph_.spans_.push_back(at);
      graph_.tracks_.push_back(static_cast<std::uint16_t>(pin));
    }
  };
  for (int y = 0; y <= architecture_.rows + 1; ++y)
    for (int x = 0; x <= architecture_.columns + 1; ++x) {
      graph_.first_output_.push_back(static_cast<std::uint32_t>(graph_.size()));
      add(x, y, NodeKind::kOutput, outputs_at(architecture_, x, y));
      graph_.first_input_.push_back(static_cast<std::uint32_t>(graph_.size()));
      add(x, y, NodeKind::kInput, inputs_at(architecture_, x, y));
    }
}

void GraphBuilder::add_lines(NodeKind kind) {
  const bool horizontal = kind == NodeKind::kHorizontal;
  const int channels = 1 + (horizontal ? architecture_.rows : architecture_.columns);
  const int extent = horizontal ? architecture_.columns : architecture_.rows;
  const int length = architecture_.segment_length;
  for (int channel = 0; channel < channels; ++channel)
    for (int track = 0; track < architecture_.channel_width; ++track) {
      graph_.first_wire_.push_back(static_cast<std::uint32_t>(graph_.size()));
      const int phase = (track / 2 + channel) % length;
      for (int low = 1, high = length - phase; low <= extent; low = high + 1, high += length)
        add_wire(kind, channel, track, low, std::min(high, extent));
    }
}

void GraphBuilder::add_wire(NodeKind kind, int channel, int track, int low, int high) {
  const auto c = static_cast<std::int16_t>(channel);
  const auto l = static_cast<std::int16_t>(low), h = static_cast<std::int16_t>(high);
  graph_.kinds_.push_back(kind);
  graph_.spans_.push_back(kind == NodeKind::kHorizontal ? Span{l, c, h, c} : Span{c, l, c, h});
  graph_.tracks_.push_back(static_cast<std::uint16_t>(track));
}

void GraphBuilder::connect(std::size_t node) {
  const std::size_t first = graph_.successors_.size();
  graph_.first_successor_.push_back(static_cast<std::uint32_t>(first));
  const NodeId id(node);
  const NodeKind kind = graph_.kind(id);
  if (kind == NodeKind::kOutput && !graph_.is_link(id)) connect_output(id);
  if (graph_.is_wire(id)) connect_wire(id);
  graph_.wire_successors_[node] = static_cast<std::uint16_t>(graph_.successors_.size() - first);
  if (graph_.is_wire(id)) connect_inputs(id);
  if (kind == NodeKind::kOutput && graph_.is_link(id)) connect_link(id);
}

void GraphBuilder::connect_output(NodeId node) {
  const int x = graph_.span(node).x_low, y = graph_.span(node).y_low, pin = graph_.track(node);
  const bool inside = tile_at(architecture_, x, y) != Tile::kIo;
  const int side = inside ? pin % 4 : facing(architecture_, x, y);
  const bool upright_side = side == kRight || side == kLeft;
  const int channel = (upright_side ? x : y) - (side == kBottom || side == kLeft ? 1 : 0);
  const std::vector<NodeId> wires = beginnings(
      upright_side ? NodeKind::kVertical : NodeKind::kHorizontal, channel, upright_side ? y : x);
  const int count = static_cast<int>(wires.size());
  const int pins = routed_outputs_at(architecture_, x, y);
  const Comb comb{inside ? side_pins(pins, side) : pins,
                  taps_of(architecture_.fc_out_percent, architecture_.channel_width, count), count};
  for (int tap = 0; tap < comb.taps; ++tap)
    graph_.successors_.push_back(
        wires[static_cast<std::size_t>(comb.place(inside ? pin / 4 : pin, tap))]);
}

// To the tile below, if there is one.
void GraphBuilder::connect_link(NodeId node) {
  const int x = graph_.span(node).x_low, below = graph_.span(node).y_low - 1;
  if (below > 0)
    graph_.successors_.push_back(graph_.input(x, below, routed_inputs_at(architecture_, x, below)));
}

// The wires that begin at `position` of a channel: those forwards, then those backwards.
std::vector<NodeId> GraphBuilder::beginnings(NodeKind kind, int channel, int position) const {
  const bool horizontal = kind == NodeKind::kHorizontal;
  const int length = architecture_.segment_length;
  std::vector<NodeId> result;
  for (int backwards = 0; backwards < 2; ++backwards) {
    const int along = position - 1 + backwards;
    const Box box = horizontal ? Box{along, channel} : Box{channel, along};
    const bool all = at_edge(box, heading_of(kind, backwards));
    for (int pair = 0; pair < pairs_; ++pair)
      if (all || (box.i + box.j + pair) % length == 0)
        result.push_back(graph_.wire(kind, channel, position, 2 * pair + backwards));
  }
  return result;
}

void GraphBuilder::connect_wire(NodeId node) {
  const Span& at = graph_.span(node);
  const bool horizontal = graph_.kind(node) == NodeKind::kHorizontal;
  const bool backwards = graph_.track(node) % 2 == 1;
  const int low = horizontal ? at.x_low : at.y_low, high = horizontal ? at.x_high : at.y_high;
  for (int k = low; k <= high; ++k) {
    const int along = backwards ? high + low - k - 1 : k;
    visit_box(node, horizontal ? Box{along, at.y_low} : Box{at.x_low, along}, k == high);
  }
}

void GraphBuilder::visit_box(NodeId node, const Box& box, bool last) {
  const Heading from = heading_of(graph_.kind(node), graph_.track(node));
  turn(node, box, upright(from) ? Heading::kRight : Heading::kUp);
  turn(node, box, upright(from) ? Heading::kLeft : Heading::kDown);
  if (last && leaves(box, from))
    graph_.successors_.push_back(beginning(box, from, graph_.track(node) / 2));
}

// Wires that begin within a channel are every segment_length-th pair: the pairs that turn are
// dealt to them in groups of as many, and Wilton's pattern deals each of a group elsewhere.
void GraphBuilder::turn(NodeId node, const Box& box, Heading to) {
  if (!leaves(box, to)) return;
  const int length = architecture_.segment_length, pair = graph_.track(node) / 2;
  const bool all = at_edge(box, to);
  const int first = all ? 0 : (length - (box.i + box.j) % length) % length;
  const int step = all ? 1 : length;
  const int count = (pairs_ - first + step - 1) / step;
  int out = pair / step % count;
  if (architecture_.pattern == Pattern::kWilton) {
    const int passed = (pair - first + length) % step;
    out = (wilton({heading_of(graph_.kind(node), graph_.track(node)), to, out, count}) + passed) %
          count;
  }
  graph_.successors_.push_back(beginning(box, to, first + step * out));
}

bool GraphBuilder::leaves(const Box& box, Heading to) const {
  switch (to) {
    case Heading::kRight:
      return box.i < architecture_.columns;
    case Heading::kLeft:
      return box.i > 0;
    case Heading::kUp:
      return box.j < architecture_.rows;
    default:
      return box.j > 0;
  }
}

// Whether all wires of the heading begin in the box, as their channel does.
bool GraphBuilder::at_edge(const Box& box, Heading to) const {
  switch (to) {
    case Heading::kRight:
      return box.i == 0;
    case Heading::kLeft:
      return box.i == architecture_.columns;
    case Heading::kUp:
      return box.j == 0;
    default:
      return box.j == architecture_.rows;
  }
}

NodeId GraphBuilder::beginning(const Box& box, Heading to, int pair) const {
  const int track = 2 * pair + (forward(to) ? 0 : 1), ahead = forward(to) ? 1 : 0;
  return upright(to) ? graph_.wire(NodeKind::kVertical, box.i, box.j + ahead, track)
                     : graph_.wire(NodeKind::kHorizontal, box.j, box.i + ahead, track);
}

void GraphBuilder::connect_inputs(NodeId node) {
  const Span& at = graph_.span(node);
  const bool horizontal = graph_.kind(node) == NodeKind::kHorizontal;
  for (int x = at.x_low; x <= at.x_high; ++x)
    for (int y = at.y_low; y <= at.y_high; ++y) {
      read(node, x, y, horizontal ? kTop : kRight);
      read(node, horizontal ? x : x + 1, horizontal ? y + 1 : y, horizontal ? kBottom : kLeft);
    }
}

void GraphBuilder::read(NodeId node, int x, int y, int side) {
  const auto track = static_cast<std::size_t>(graph_.track(node));
  const Tile tile = tile_at(architecture_, x, y);
  if (tile == Tile::kIo) {
    for (const int pin : io_readers_[track]) graph_.successors_.push_back(graph_.input(x, y, pin));
    return;
  }
  const int kind = tile == Tile::kHard ? 1 + hard_in(architecture_, x) : 0;
  const Sides& sides = tile_readers_[static_cast<std::size_t>(kind)];
  for (const int pin : sides[static_cast<std::size_t>(side)][track])
    graph_.successors_.push_back(graph_.input(x, y, 4 * pin + side));
}

}  // namespace fabric
