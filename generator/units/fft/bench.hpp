// A transform by the clock, for the bench tb/fpsa_tb_unit.v.
#pragma once

#include <deque>
#include <optional>

#include "units/clocked.hpp"
#include "units/fft/fft.hpp"

namespace units {

/// Blocks of random words and of extreme ones come at random, and results are taken at random.
class FftModel final : public Clocked {
 public:
  explicit FftModel(const FftConfig& config);

  Values stimulate(base::Rng& rng) override;
  Values clock(const Values& inputs) override;

 private:
  struct Result {
    base::Bits data;
    base::Bits clipped;
  };
  Result transformed(const base::Bits& block) const;

  FftConfig config_;
  Datapath path_;
  std::deque<std::optional<Result>> line_;  // of a stage each, the last in front
};

}  // namespace units
