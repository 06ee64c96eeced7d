#include "pnr/reads.hpp"

#include <algorithm>
#include <span>

#include "fabric/grid.hpp"

namespace pnr {
namespace {

using fabric::Architecture;
using fabric::NodeKind;
using fabric::Span;

// A wire by its channel: it passes tiles low..high, and is driven at the low end or the high one.
struct Wire {
  bool horizontal;
  int channel, low, high, pair;
  bool falling;

  explicit Wire(const Place& place)
      : horizontal(place.kind == NodeKind::kHorizontal),
        channel(horizontal ? place.span.y_low : place.span.x_low),
        low(horizontal ? place.span.x_low : place.span.y_low),
        high(horizontal ? place.span.x_high : place.span.y_high),
        pair(place.track >> 1),
        falling((place.track & 1) != 0) {}

  int entry() const { return falling ? high : low - 1; }  // the box, along the channel
  int first_tile() const { return falling ? high : low; }
};

int extent(const Architecture& architecture, bool horizontal) {
  return horizontal ? architecture.columns : architecture.rows;
}

bool is_ring(const Architecture& architecture, int x, int y) {
  return x == 0 || y == 0 || x > architecture.columns || y > architecture.rows;
}

// Pairs below `pair` of which a wire begins where this one is driven.
int earlier(const Architecture& architecture, const Wire& wire, bool falling, int pair) {
  const int entry = falling ? wire.first_tile() : wire.first_tile() - 1;
  if (entry == (falling ? extent(architecture, wire.horizontal) : 0)) return pair;
  int count = 0;
  for (int other = 0; other < pair; ++other)
    if ((entry + wire.channel + other) % architecture.segment_length == 0) ++count;
  return count;
}

// Of `pins` combs of `taps` teeth each, interleaved over `places`, whether `pin`'s has a tooth at
// `place`.
bool tooth(int pins, int taps, int places, int pin, int place) {
  for (int tap = 0; tap < taps; ++tap) {
    const long at = static_cast<long>(places) * (tap * pins + pin);
    const long teeth = static_cast<long>(taps) * pins;
    if (at >= place * teeth && at < (place + 1) * teeth) return true;
  }
  return false;
}

int taps(int percent, int tracks, int most) {
  const int rounded = (2 * percent * tracks + 100) / 200;
  return std::min(std::max(rounded, 1), most);
}

// The ports of the hard tile that a pin is of; none elsewhere.
std::span<const fabric::HardPort> ports_of(const Architecture& architecture, const Place& pin) {
  const int x = pin.span.x_low, y = pin.span.y_low;
  const int kind = is_ring(architecture, x, y) ? -1 : fabric::hard_in(architecture, x);
  if (kind < 0) return {};
  return architecture.hard[static_cast<std::size_t>(kind)].ports;
}

// Whether the pin is an end of its tile's link.
bool is_link(const Architecture& architecture, const Place& pin) {
  int at = pin.track;
  for (const fabric::HardPort& port : ports_of(architecture, pin)) {
    if (port.is_input != (pin.kind == NodeKind::kInput)) continue;
    if (port.is_link && at == 0) return true;
    at -= port.is_link ? 1 : port.width;
  }
  return false;
}

// Of `all` pins of the tile and direction of `pin` those that wires lead to.
int without_links(const Architecture& architecture, const Place& pin, int all) {
  const bool input = pin.kind == NodeKind::kInput;
  for (const fabric::HardPort& port : ports_of(architecture, pin))
    all -= port.is_link && port.is_input == input ? 1 : 0;
  return all;
}

// Sums go down a column from tile to tile.
bool links(const Architecture& architecture, const Place& to, const Place& from) {
  return is_link(architecture, to) && is_link(architecture, from) &&
         to.span.x_low == from.span.x_low && to.span.y_low + 1 == from.span.y_low;
}

// The place of a pin among those of its side of its tile, if it lies on the side that touches the
// wire's channel: pins go round top, right, bottom, left, or stay on the only side of a ring tile.
struct Seat {
  bool touches = false;
  int pin = 0, pins = 0;
};

Seat seat(const Architecture& architecture, const Place& pin, int all, const Wire& wire) {
  const int x = pin.span.x_low, y = pin.span.y_low;
  const int beyond = (wire.horizontal ? y : x) - wire.channel;  // 0: before the channel, 1: behind
  const int along = wire.horizontal ? x : y;
  if (beyond < 0 || beyond > 1 || along < wire.low || along > wire.high) return {};
  if (is_ring(architecture, x, y)) return {true, pin.track, all};
  const int side = wire.horizontal ? (beyond == 0 ? 0 : 2) : (beyond == 0 ? 1 : 3);
  int pins = 0;
  for (int other = side; other < all; other += 4) ++pins;
  return {pin.track % 4 == side, pin.track / 4, pins};
}

bool pin_reads(const Architecture& architecture, const Place& to, const Wire& from) {
  if (is_link(architecture, to)) return false;
  const int all = fabric::inputs_at(architecture, to.span.x_low, to.span.y_low);
  const Seat at = seat(architecture, to, without_links(architecture, to, all), from);
  const int width = architecture.channel_width;
  return at.touches && tooth(at.pins, taps(architecture.fc_in_percent, width, width), width, at.pin,
                             from.pair + (from.falling ? width / 2 : 0));
}

bool wire_reads_pin(const Architecture& architecture, const Wire& to, const Place& from) {
  if (is_link(architecture, from)) return false;
  const int pins = fabric::outputs_at(architecture, from.span.x_low, from.span.y_low);
  const Seat at = seat(architecture, from, without_links(architecture, from, pins), to);
  const int along = to.horizontal ? from.span.x_low : from.span.y_low;
  if (!at.touches || along != to.first_tile()) return false;
  const int pairs = architecture.channel_width / 2;
  const int rising = earlier(architecture, to, false, pairs);
  const int all = rising + earlier(architecture, to, true, pairs);
  const int place = earlier(architecture, to, to.falling, to.pair) + (to.falling ? rising : 0);
  return tooth(at.pins, taps(architecture.fc_out_percent, architecture.channel_width, all), all,
               at.pin, place);
}

bool goes_straight(const Wire& to, const Wire& from) {
  return to.channel == from.channel && to.pair == from.pair && to.falling == from.falling &&
         (to.falling ? to.high + 1 == from.low : from.high + 1 == to.low);
}

// Wilton's table: the number after the turn is constant + sign * number before.
int wilton(const Wire& to, const Wire& from, int number) {
  struct Rule {
    int sign, constant;
  };
  static constexpr Rule kFromHorizontal[2][2] = {{{-1, 0}, {1, -1}}, {{1, -1}, {-1, -2}}};
  static constexpr Rule kFromVertical[2][2] = {{{-1, -2}, {1, 1}}, {{1, 1}, {-1, 0}}};
  const auto& rules = from.horizontal ? kFromHorizontal : kFromVertical;
  const Rule& rule = rules[from.falling ? 1 : 0][to.falling ? 1 : 0];
  return rule.constant + rule.sign * number;
}

bool turns(const Architecture& architecture, const Wire& to, const Wire& from) {
  const int back = from.falling ? 1 : 0;  // a wire passes the boxes behind its tiles
  if (from.channel != to.entry() || to.channel < from.low - back || to.channel > from.high - back)
    return false;
  const int pairs = architecture.channel_width / 2, length = architecture.segment_length;
  const int count = earlier(architecture, to, to.falling, pairs);
  const bool all = to.entry() == (to.falling ? extent(architecture, to.horizontal) : 0);
  int number = (all ? from.pair : from.pair / length) % count;
  if (architecture.pattern == fabric::Pattern::kWilton) {
    number = wilton(to, from, number);
    if (!all) number += (from.pair + to.entry() + to.channel) % length;
    number = (number + 2 * count) % count;
  }
  return earlier(architecture, to, to.falling, to.pair) == number;
}

bool is_wire(const Place& place) { return place.kind >= NodeKind::kHorizontal; }

// Whether a wire of this pair may begin, or end, between tiles `at` and `at` + 1 of its channel.
bool breaks(const Architecture& architecture, const Wire& wire, int at) {
  return at == 0 || at == extent(architecture, wire.horizontal) ||
         (at + wire.channel + wire.pair) % architecture.segment_length == 0;
}

bool wire_exists(const Architecture& architecture, const Place& place) {
  const Wire wire(place);
  const bool thin = wire.horizontal ? place.span.y_low == place.span.y_high
                                    : place.span.x_low == place.span.x_high;
  if (!thin || place.track < 0 || place.track >= architecture.channel_width) return false;
  if (wire.channel < 0 || wire.channel > extent(architecture, !wire.horizontal)) return false;
  if (wire.low < 1 || wire.high > extent(architecture, wire.horizontal)) return false;
  if (!breaks(architecture, wire, wire.low - 1)) return false;
  for (int at = wire.low; at < wire.high; ++at)
    if (breaks(architecture, wire, at)) return false;
  return breaks(architecture, wire, wire.high);
}

bool pin_exists(const Architecture& architecture, const Place& place) {
  const Span& at = place.span;
  const int x = at.x_low, y = at.y_low;
  if (x != at.x_high || y != at.y_high || x < 0 || y < 0) return false;
  if (x > architecture.columns + 1 || y > architecture.rows + 1) return false;
  const int pins = place.kind == NodeKind::kInput ? fabric::inputs_at(architecture, x, y)
                                                  : fabric::outputs_at(architecture, x, y);
  return place.track >= 0 && place.track < pins;
}

}  // namespace

bool exists(const Architecture& architecture, const Place& place) {
  return is_wire(place) ? wire_exists(architecture, place) : pin_exists(architecture, place);
}

bool reads(const Architecture& architecture, const Place& to, const Place& from) {
  if (to.kind == NodeKind::kOutput || from.kind == NodeKind::kInput) return false;
  if (to.kind == NodeKind::kInput)
    return is_wire(from) ? pin_reads(architecture, to, Wire(from)) : links(architecture, to, from);
  if (!is_wire(from)) return wire_reads_pin(architecture, Wire(to), from);
  return to.kind == from.kind ? goes_straight(Wire(to), Wire(from))
                              : turns(architecture, Wire(to), Wire(from));
}

}  // namespace pnr
