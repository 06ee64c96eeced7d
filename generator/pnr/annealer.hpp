// One placement, which changes move by move.
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.hpp"
#include "pnr/net_box.hpp"
#include "pnr/place.hpp"
#include "pnr/sites.hpp"

namespace pnr {

/// Cost is 1 whenever reweigh() was called: most of it, or all without criticalities, is that of
/// wires.
class Annealer {
 public:
  /// Blocks on random sites, of which there must be enough.
  Annealer(const Packed& packed, const fabric::Architecture& architecture,
           const PlaceOptions& options);

  /// Asks how critical connections are and makes the costs' shares equal again. A connection of
  /// criticality c weighs c^sharpness.
  void reweigh(double sharpness);
  /// movable() must not be 0. Draws a block and a site at most `reach` tiles away; if that is not
  /// dearer by more than chance allows at `temperature`, what lies on the two changes places.
  /// Whether it did.
  bool move(int reach, double temperature);

  /// Blocks that a net leads to: those that move() draws from.
  std::size_t movable() const { return movable_.size(); }
  double cost() const;
  double wires() const { return wires_; }
  const Placement& placement() const { return placement_; }

 private:
  struct Pin {
    int net;
    int sink;  // -1: the driver
  };
  struct Shift {
    int block;
    Site from, to;
  };

  void fill(Area area);
  void stack(Area area, std::vector<int>& free);
  NetBox box_of(std::size_t net) const;
  int delay_of(std::size_t net, std::size_t sink) const;
  double wire_cost(std::size_t net, const NetBox& box) const;
  void shift(int block, const Site& to);
  void propose(int block, Area area, int from, int to);
  bool propose_run(int block, Area area, const Site& to);
  bool is_whole(Area area, int x, int low, int high);
  void settle(Area area);
  void gather();
  void gather_nets();
  void gather_net(std::size_t net);
  void gather_delay(std::size_t net, std::size_t sink);
  bool accepts(double temperature);
  void keep();
  void undo();
  const Site& site(int block) const { return placement_[static_cast<std::size_t>(block)]; }
  int& occupant(Area area, int index);

  const Packed& packed_;
  const fabric::Architecture& architecture_;
  const PlaceOptions& options_;
  Sites sites_;
  base::Rng rng_;
  Placement placement_;
  std::vector<std::vector<int>> occupants_;  // by area and site, the block that lies there or -1
  std::vector<std::vector<Pin>> pins_;       // by block
  std::vector<int> movable_;                 // blocks
  std::vector<int> cascades_;                // by block, its cascade or -1
  std::vector<bool> has_cascades_;           // by area
  std::vector<NetBox> boxes_;                // by net
  std::vector<double> crossings_;            // by net
  std::vector<std::size_t> first_sinks_;     // by net, of connections
  std::vector<int> delays_;                  // by connection
  std::vector<float> weights_;               // by connection
  std::vector<int> delay_table_;             // by dy * (columns + 2) + dx
  double wires_ = 0, delay_ = 0;
  double wire_share_ = 1, delay_share_ = 0;  // what a unit of each costs

  // Of the move that is looked at.
  std::vector<Shift> shifts_;
  std::vector<std::pair<std::size_t, NetBox>> new_boxes_;
  std::vector<std::pair<std::size_t, int>> new_delays_;
  std::vector<std::uint32_t> stamps_;  // by net
  std::vector<std::size_t> slots_;     // by net, its place in new_boxes_
  std::vector<std::uint32_t> connection_stamps_;
  std::uint32_t stamp_ = 0;
  double wire_change_ = 0, delay_change_ = 0;
};

}  // namespace pnr
