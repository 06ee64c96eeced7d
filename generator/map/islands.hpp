// Islands, what starts their windows, and the channels between them.
#pragma once

#include "map/sketch.hpp"
#include "units/smb/memory_unit.hpp"

namespace map {

class IslandSketch : public Sketch {
 protected:
  using Sketch::Sketch;
  ~IslandSketch() = default;

  using Arrival = std::pair<core::StreamId, IslandId>;
  /// A stream in an island that only reads it.
  struct Arrived {
    std::vector<core::LaneRange> lanes;  // those that it reads, lowest first
    LinkId spikes;                       // side by side
  };

  /// An island is named after its last layer; the only one needs no name.
  void islands(const std::vector<std::string>& stems);
  IslandId input_island() const { return IslandId{0}; }
  /// Of the outputs' islands the last: the others' outputs cross to it.
  IslandId output_island() const;
  /// Where streams cross from island to island, once for every island that reads them.
  void channels();
  /// What `lanes`, read in island `to`, add to the channels; new arrivals are put behind `order`.
  void arrive(const std::vector<core::LaneRange>& lanes, IslandId to, std::vector<Arrival>& order);
  /// The ranges that `lanes` make together, lowest first.
  static std::vector<core::LaneRange> united(std::vector<core::LaneRange> lanes);
  void add_arrival(const Arrival& arrival);
  /// Where `made` is made: memory that shows windows of what another island makes, or cells that
  /// answer to it.
  void add_between(core::StreamId made);
  void add_channel(const Channel& channel);
  /// The lanes that a view shows, of each position of a token.
  std::vector<core::LaneRange> shown_lanes(const core::View& view) const;
  /// What the writer's side of a channel stores.
  Pin written_lanes(const Channel& channel);
  /// Who may hold an island's tick back: its PEs, the stream out of it, loads.
  Pin ready_of(IslandId id) const;
  static int width_of(const Pin& pin);
  /// What lets a window of the island start: a sample, tokens, room.
  Pin start_condition();
  void place_sequencer(IslandId id);
  void place_channel(ChannelId id);
  /// Whether a view's windows need not wait where they show nothing: those of a small output, while
  /// what another output makes keeps their island from running ahead of its samples.
  bool runs_ahead(core::StreamId view) const;
  /// Memory for `depth` tokens or more, with the stream's own bits, whatever the windows on either
  /// side.
  std::shared_ptr<const units::MemoryUnit> buffer_of(const Channel& channel, int depth) const;
  std::shared_ptr<const units::MemoryUnit> cells_between(const Channel& channel,
                                                         const units::SmbSide& write,
                                                         const units::SmbSide& read) const;
  units::SmbSide side_of(IslandId id) const;
  /// A bus's lanes as the island has them.
  Pin lanes_of(const core::LaneRange& lanes);
  /// Ports do not depend on the depth, which the whole design decides. Equal buffers are one unit.
  void size_channels();

  LinkId network_busy_, busy_, sample_valid_, pe_ready_, out_ready_, load_ready_;
  std::map<Arrival, Arrived> arrivals_;
  std::vector<LinkId> rooms_, valids_;  // by channel
};

}  // namespace map
