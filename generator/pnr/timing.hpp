// How long a packed circuit takes: arrival and required times over its connections.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fabric/architecture.hpp"
#include "pnr/packing.hpp"

namespace pnr {

/// A place on the longest path and when the signal is there.
struct PathStep {
  SignalId signal;
  int arrival = 0;  ///< picoseconds from the clock's edge
};

struct Timing {
  int period = 0;                  ///< picoseconds of the longest path; 0 if there is none
  std::vector<float> criticality;  ///< by connection: 1 - slack / period
};

/// Hard blocks take their inputs into registers and drive their outputs from registers, as far as
/// this knows. All clocks count as one, and both its edges as one: a path from one edge to the
/// other has a whole period here, half of it in truth.
class TimingGraph {
 public:
  /// `packing` is one of `netlist` that check_packing() finds no fault with; both must outlive
  /// this.
  TimingGraph(const Netlist& netlist, const Packing& packing,
              const fabric::Architecture& architecture);

  /// `delays` are picoseconds from the net's output pin to the input pin of each sink of each net,
  /// one after the other.
  Timing analyse(std::span<const int> delays) const;
  /// The longest path, from where it starts to where it ends.
  std::vector<PathStep> longest_path(std::span<const int> delays) const;

  std::size_t connections() const { return connections_; }

 private:
  // From the source of a signal to that of the one that a LUT makes of it, or to where paths end.
  struct Arc {
    SignalId from;
    SignalId to;          // what a flip-flop makes, or a pad takes, where a path ends
    int connection = -1;  // -1: within a tile
    int fixed = 0;        // picoseconds of all but the connection
    bool ends = false;
  };
  // What drives a signal.
  struct Source {
    int block = -1;
    int arrival = 0;  // of what begins there: a pad or a flip-flop
    int output = 0;   // picoseconds from the source to the pin of the block
    int net = -1;     // -1: none leaves the block
  };

  void add_sources(const Packing& packing);
  void add_elements(const Packing& packing);
  void add_element(const Element& element, int block, const Packing& packing);
  void add_hard(const HardBlock& hard, int block, const Packing& packing);
  int connection(SignalId signal, const Terminal& sink, const Packing& packing) const;
  Arc read(SignalId from, SignalId to, int block, int after, const Packing& packing) const;
  int delay(const Arc& arc, std::span<const int> delays) const {
    return arc.fixed + (arc.connection < 0 ? 0 : delays[static_cast<std::size_t>(arc.connection)]);
  }
  base::IdVector<SignalId, int> arrivals(std::span<const int> delays) const;

  const Netlist& netlist_;
  fabric::Delays delays_;
  std::size_t connections_ = 0;
  base::IdVector<SignalId, Source> sources_;
  std::vector<std::size_t> first_sinks_;  // by net
  std::vector<Arc> arcs_;                 // each after those that lead to where it begins
};

}  // namespace pnr
