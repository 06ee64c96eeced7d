// A table by the clock, for the bench tb/fpsa_tb_unit.v.
#pragma once

#include "units/clocked_windows.hpp"
#include "units/table/table.hpp"

namespace units {

/// Windows of random codes without a gap, ticks at random.
class TableModel final : public Clocked {
 public:
  explicit TableModel(const TableConfig& config)
      : config_(config),
        windows_(window_ticks(config.train, config.activation_bits)),
        out_(output_lanes(config),
             static_cast<std::size_t>(window_ticks(config.train, config.activation_bits))),
        shown_(static_cast<std::size_t>(output_lanes(config))) {}

  Values stimulate(base::Rng& rng) override;
  Values clock(const Values& inputs) override;

 private:
  // The codes of the window that begins.
  void draw(base::Rng& rng);
  // What the lanes carry at `tick`.
  static base::Bits row(const Trains& trains, int tick);

  TableConfig config_;
  Windows windows_;
  bool drawn_ = false;
  Trains in_;         // the window that comes in
  Trains out_;        // the answer to the one before
  base::Bits shown_;  // after the last tick
};

}  // namespace units
