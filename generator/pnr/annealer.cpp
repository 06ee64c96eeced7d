#include "pnr/annealer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "pnr/estimate.hpp"
#include "pnr/stacks.hpp"

namespace pnr {

namespace {

constexpr double kDelayShare = 0.3;

void shuffle(std::vector<int>& values, base::Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng.below(i)]);
}

std::vector<int> delay_table(const fabric::Architecture& architecture) {
  std::vector<int> table;
  for (int dy = 0; dy <= architecture.rows + 1; ++dy)
    for (int dx = 0; dx <= architecture.columns + 1; ++dx)
      table.push_back(estimated_delay(architecture, dx, dy));
  return table;
}

}  // namespace

Annealer::Annealer(const Packed& packed, const fabric::Architecture& architecture,
                   const PlaceOptions& options)
    : packed_(packed),
      architecture_(architecture),
      options_(options),
      sites_(architecture),
      rng_(options.seed),
      placement_(packed.blocks.size()),
      pins_(packed.blocks.size()),
      delay_table_(delay_table(architecture)),
      stamps_(packed.nets.size(), 0),
      slots_(packed.nets.size(), 0) {
  cascades_.assign(packed.blocks.size(), -1);
  has_cascades_.assign(static_cast<std::size_t>(sites_.areas()), false);
  for (std::size_t i = 0; i < packed.cascades.size(); ++i)
    for (const int block : packed.cascades[i]) {
      cascades_[static_cast<std::size_t>(block)] = static_cast<int>(i);
      const Area area = area_of(packed.blocks[static_cast<std::size_t>(block)]);
      has_cascades_[static_cast<std::size_t>(area)] = true;
    }
  for (Area area = 0; area < sites_.areas(); ++area) fill(area);
  for (std::size_t net = 0; net < packed.nets.size(); ++net) {
    const Net& wanted = packed.nets[net];
    boxes_.push_back(box_of(net));
    crossings_.push_back(crossing(wanted.sinks.size() + 1));
    wires_ += wire_cost(net, boxes_[net]);
    first_sinks_.push_back(delays_.size());
    pins_[static_cast<std::size_t>(wanted.driver.block)].push_back({static_cast<int>(net), -1});
    for (std::size_t sink = 0; sink < wanted.sinks.size(); ++sink) {
      pins_[static_cast<std::size_t>(wanted.sinks[sink].block)].push_back(
          {static_cast<int>(net), static_cast<int>(sink)});
      delays_.push_back(delay_of(net, sink));
    }
  }
  weights_.assign(delays_.size(), 0);
  connection_stamps_.assign(delays_.size(), 0);
  for (std::size_t block = 0; block < pins_.size(); ++block)
    if (!pins_[block].empty()) movable_.push_back(static_cast<int>(block));
}

// Puts the blocks of an area on random sites.
void Annealer::fill(Area area) {
  std::vector<int> free(static_cast<std::size_t>(sites_.count(area)));
  std::iota(free.begin(), free.end(), 0);
  shuffle(free, rng_);
  occupants_.emplace_back(free.size(), -1);
  if (has_cascades_[static_cast<std::size_t>(area)]) stack(area, free);
  for (std::size_t block = 0; block < packed_.blocks.size(); ++block) {
    if (area_of(packed_.blocks[block]) != area || cascades_[block] >= 0) continue;
    const int at = free.back();  // place() has seen to it that they suffice
    free.pop_back();
    occupant(area, at) = static_cast<int>(block);
    placement_[block] = sites_.site(area, at);
  }
}

// Cascades first, in the order of their lengths; their sites are no longer free.
void Annealer::stack(Area area, std::vector<int>& free) {
  std::vector<const std::vector<int>*> cascades;
  std::vector<int> lengths;
  for (const std::vector<int>& cascade : packed_.cascades)
    if (area_of(packed_.blocks[static_cast<std::size_t>(cascade.front())]) == area) {
      cascades.push_back(&cascade);
      lengths.push_back(static_cast<int>(cascade.size()));
    }
  const int across = sites_.across(area);
  const auto places = stacked(lengths, across, architecture_.rows);
  for (std::size_t i = 0; i < cascades.size(); ++i)
    for (int k = 0; k < lengths[i]; ++k) {
      const int block = (*cascades[i])[static_cast<std::size_t>(k)];
      const Stacked& at = places.value()[i];  // place() has seen to it that they fit
      const int index = (at.low + lengths[i] - 2 - k) * across + at.column;
      occupant(area, index) = block;
      placement_[static_cast<std::size_t>(block)] = sites_.site(area, index);
      std::erase(free, index);
    }
}

int& Annealer::occupant(Area area, int index) {
  return occupants_[static_cast<std::size_t>(area)][static_cast<std::size_t>(index)];
}

NetBox Annealer::box_of(std::size_t net) const {
  const Net& wanted = packed_.nets[net];
  NetBox box = NetBox::of(site(wanted.driver.block));
  each_block(wanted, [&](int block) {
    if (block != wanted.driver.block) box.add(site(block));
  });
  return box;
}

int Annealer::delay_of(std::size_t net, std::size_t sink) const {
  const Net& wanted = packed_.nets[net];
  const Site& from = site(wanted.driver.block);
  const Site& to = site(wanted.sinks[sink].block);
  return delay_table_[static_cast<std::size_t>(
      std::abs(to.y - from.y) * (architecture_.columns + 2) + std::abs(to.x - from.x))];
}

double Annealer::wire_cost(std::size_t net, const NetBox& box) const {
  return crossings_[net] * box.half_perimeter();
}

void Annealer::reweigh(double sharpness) {
  wires_ = 0;  // anew: thousands of small changes leave a rounding error
  for (std::size_t net = 0; net < boxes_.size(); ++net) wires_ += wire_cost(net, boxes_[net]);
  delay_ = 0;
  if (options_.criticalities) {
    weights_ = options_.criticalities(delays_);
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      weights_[i] = static_cast<float>(std::pow(weights_[i], sharpness));
      delay_ += static_cast<double>(weights_[i]) * delays_[i];
    }
  }
  const double delay_part = delay_ > 0 ? kDelayShare : 0;
  wire_share_ = wires_ > 0 ? (1 - delay_part) / wires_ : 0;
  delay_share_ = delay_ > 0 ? delay_part / delay_ : 0;
}

double Annealer::cost() const { return wires_ * wire_share_ + delay_ * delay_share_; }

bool Annealer::move(int reach, double temperature) {
  const int block = movable_[rng_.below(movable_.size())];
  const Area area = area_of(packed_.blocks[static_cast<std::size_t>(block)]);
  const int from = sites_.index(area, site(block));
  const int to = sites_.near(area, from, reach, rng_);
  if (to == from) return false;
  const bool runs = has_cascades_[static_cast<std::size_t>(area)];
  if (!runs)
    propose(block, area, from, to);
  else if (!propose_run(block, area, sites_.site(area, to)))
    return false;
  gather();
  if (!accepts(temperature)) {
    undo();
    return false;
  }
  keep();
  if (runs)
    settle(area);
  else
    std::swap(occupant(area, from), occupant(area, to));
  return true;
}

void Annealer::shift(int block, const Site& to) {
  shifts_.push_back({block, site(block), to});
  placement_[static_cast<std::size_t>(block)] = to;
}

void Annealer::propose(int block, Area area, int from, int to) {
  shifts_.clear();
  const Site old = sites_.site(area, from);
  shift(block, sites_.site(area, to));
  if (const int other = occupant(area, to); other >= 0) shift(other, old);
}

// Moves the block with all of its cascade, so that the block lies at `to` or as near as the column
// allows; what lies there goes, in its order, where room has become. False if that would part
// another cascade, or moves nothing.
bool Annealer::propose_run(int block, Area area, const Site& to) {
  shifts_.clear();
  const int number = cascades_[static_cast<std::size_t>(block)];
  const std::vector<int> alone = {block};
  const std::vector<int>& run =
      number < 0 ? alone : packed_.cascades[static_cast<std::size_t>(number)];
  const auto tiles = static_cast<int>(run.size());
  const int x = site(block).x, high = site(run.front()).y, low = high - tiles + 1;
  const int up = std::clamp(to.y - site(block).y, 1 - low, architecture_.rows - high);
  if (to.x == x && up == 0) return false;
  int first = low + up, last = high + up, back = -up;  // rows whose blocks give way, and where to
  if (to.x == x && std::abs(up) < tiles) {
    first = up > 0 ? high + 1 : low + up;
    last = up > 0 ? high + up : low - 1;
    back = up > 0 ? -tiles : tiles;
  }
  if (!is_whole(area, to.x, first, last)) return false;
  std::vector<int> others;
  for (int y = first; y <= last; ++y)
    others.push_back(occupant(area, sites_.index(area, {to.x, y, 0})));
  for (const int one : run) shift(one, {to.x, site(one).y + up, 0});
  for (int y = first; y <= last; ++y)
    if (const int one = others[static_cast<std::size_t>(y - first)]; one >= 0)
      shift(one, {x, y + back, 0});
  return true;
}

// Whether no cascade lies in rows low..high of column x and beside them, too.
bool Annealer::is_whole(Area area, int x, int low, int high) {
  for (const int y : {low, high}) {
    const int block = occupant(area, sites_.index(area, {x, y, 0}));
    const int number = block < 0 ? -1 : cascades_[static_cast<std::size_t>(block)];
    if (number < 0) continue;
    const std::vector<int>& cascade = packed_.cascades[static_cast<std::size_t>(number)];
    if (site(cascade.front()).y > high || site(cascade.back()).y < low) return false;
  }
  return true;
}

// Takes note of where the shifted blocks lie.
void Annealer::settle(Area area) {
  for (const Shift& one : shifts_) occupant(area, sites_.index(area, one.from)) = -1;
  for (const Shift& one : shifts_) occupant(area, sites_.index(area, one.to)) = one.block;
}

// Boxes and delays as they would be, and what they change.
void Annealer::gather() {
  ++stamp_;
  new_boxes_.clear();
  new_delays_.clear();
  wire_change_ = delay_change_ = 0;
  if (shifts_.size() > 2) gather_nets();
  for (const Shift& one : shifts_)
    for (const Pin& pin : pins_[static_cast<std::size_t>(one.block)]) {
      const auto net = static_cast<std::size_t>(pin.net);
      if (stamps_[net] != stamp_) gather_net(net);
      if (!options_.criticalities) continue;
      if (pin.sink >= 0) {
        gather_delay(net, static_cast<std::size_t>(pin.sink));
        continue;
      }
      for (std::size_t sink = 0; sink < packed_.nets[net].sinks.size(); ++sink)
        gather_delay(net, sink);
    }
}

// All nets of many blocks at once: each block moves in the boxes of its nets.
void Annealer::gather_nets() {
  std::vector<bool> known;
  for (const Shift& one : shifts_) {
    int before = -1;
    for (const Pin& pin : pins_[static_cast<std::size_t>(one.block)]) {
      if (pin.net == before) continue;  // a block's pins are in the order of their nets
      before = pin.net;
      const auto net = static_cast<std::size_t>(pin.net);
      if (stamps_[net] != stamp_) {
        stamps_[net] = stamp_;
        slots_[net] = new_boxes_.size();
        new_boxes_.emplace_back(net, boxes_[net]);
        known.push_back(true);
      }
      const std::size_t slot = slots_[net];
      if (!new_boxes_[slot].second.move(one.from, one.to)) known[slot] = false;
    }
  }
  for (std::size_t slot = 0; slot < new_boxes_.size(); ++slot) {
    auto& [net, box] = new_boxes_[slot];
    if (!known[slot]) box = box_of(net);
    wire_change_ += wire_cost(net, box) - wire_cost(net, boxes_[net]);
  }
}

void Annealer::gather_net(std::size_t net) {
  stamps_[net] = stamp_;
  NetBox box = boxes_[net];
  bool known = packed_.nets[net].sinks.size() > 3;  // of fewer it is as quick to look at all
  for (const Shift& one : shifts_) {
    if (!known) break;
    const bool reads =
        packed_.nets[net].driver.block == one.block ||
        std::ranges::binary_search(packed_.nets[net].sinks, one.block, {}, &Terminal::block);
    if (reads) known = box.move(one.from, one.to);
  }
  if (!known) box = box_of(net);
  wire_change_ += wire_cost(net, box) - wire_cost(net, boxes_[net]);
  new_boxes_.emplace_back(net, box);
}

// A connection between two blocks that move is met at both.
void Annealer::gather_delay(std::size_t net, std::size_t sink) {
  const std::size_t connection = first_sinks_[net] + sink;
  const int delay = delay_of(net, sink);
  if (delay == delays_[connection] || connection_stamps_[connection] == stamp_) return;
  connection_stamps_[connection] = stamp_;
  delay_change_ += static_cast<double>(weights_[connection]) * (delay - delays_[connection]);
  new_delays_.emplace_back(connection, delay);
}

bool Annealer::accepts(double temperature) {
  const double change = wire_change_ * wire_share_ + delay_change_ * delay_share_;
  if (change <= 0) return true;
  return temperature > 0 && rng_.uniform() < std::exp(-change / temperature);
}

void Annealer::keep() {
  for (const auto& [net, box] : new_boxes_) boxes_[net] = box;
  for (const auto& [connection, delay] : new_delays_) delays_[connection] = delay;
  wires_ += wire_change_;
  delay_ += delay_change_;
}

void Annealer::undo() {
  for (const Shift& one : shifts_) placement_[static_cast<std::size_t>(one.block)] = one.from;
}

}  // namespace pnr
