#include "pnr/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "pnr/annealer.hpp"
#include "pnr/stacks.hpp"

namespace pnr {

namespace {

constexpr double kWantedAcceptance = 0.44;
constexpr double kFirstTemperature = 20;    // of the costs' standard deviation among random moves
constexpr double kLastTemperature = 0.005;  // of the cost of a net
constexpr double kMostBlocks = 1000;        // more have no more moves each
constexpr double kGreatestSharpness = 8;    // of criticalities, when moves are short
constexpr int kMostSteps = 500;

int blocks_in(const Packed& packed, Area area) {
  return static_cast<int>(std::ranges::count_if(
      packed.blocks, [area](const Block& block) { return area_of(block) == area; }));
}

// Slower in the middle, where most is decided.
double cooling(double accepted, double reach) {
  if (accepted > 0.96) return 0.5;
  if (accepted > 0.8) return 0.9;
  return accepted > 0.15 || reach > 1 ? 0.95 : 0.8;
}

double deviation(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

class Schedule {
 public:
  Schedule(const Packed& packed, const fabric::Architecture& architecture,
           const PlaceOptions& options)
      : options_(options),
        nets_(static_cast<double>(std::max<std::size_t>(packed.nets.size(), 1))),
        greatest_reach_(std::max(architecture.columns, architecture.rows)),
        reach_(greatest_reach_),
        annealer_(packed, architecture, options),
        blocks_(static_cast<double>(annealer_.movable())) {}

  Placement run() {
    if (annealer_.movable() == 0) return annealer_.placement();
    annealer_.reweigh(sharpness());
    const double first = first_temperature();
    double temperature = first;
    for (int step = 1; step < kMostSteps && temperature > last_temperature(); ++step) {
      const double accepted = moves(temperature);
      report(step, temperature, accepted,
             std::log(first / temperature) / std::log(first / last_temperature()));
      reach_ = std::clamp(reach_ * (1 - kWantedAcceptance + accepted), 1.0, greatest_reach_);
      temperature *= cooling(accepted, reach_);
      annealer_.reweigh(sharpness());
    }
    moves(0);
    return annealer_.placement();
  }

 private:
  // Few connections are critical enough to matter once blocks only move to their neighbours.
  double sharpness() const {
    if (greatest_reach_ <= 1) return kGreatestSharpness;
    const double done = (greatest_reach_ - reach_) / (greatest_reach_ - 1);
    return 1 + done * (kGreatestSharpness - 1);
  }

  double last_temperature() const { return kLastTemperature * annealer_.cost() / nets_; }

  double first_temperature() {
    std::vector<double> costs;
    for (int i = 0; i < static_cast<int>(blocks_); ++i) {
      annealer_.move(static_cast<int>(reach_), HUGE_VAL);
      costs.push_back(annealer_.cost());
    }
    return kFirstTemperature * deviation(costs);
  }

  double moves(double temperature) {
    const double alike = std::min(blocks_, kMostBlocks);
    const double wanted = options_.effort * std::pow(alike, 4.0 / 3) * (blocks_ / alike);
    const auto count = static_cast<int>(std::max(1.0, wanted));
    int accepted = 0;
    for (int i = 0; i < count; ++i)
      accepted += annealer_.move(static_cast<int>(reach_), temperature);
    return static_cast<double>(accepted) / count;
  }

  void report(int step, double temperature, double accepted, double part) {
    part_ = std::max(part_, part);  // what it is of changes a little, too
    if (options_.progress)
      options_.progress(
          {step, temperature, accepted, annealer_.wires(), std::clamp(part_, 0.0, 1.0)});
  }

  const PlaceOptions& options_;
  double nets_;
  double greatest_reach_, reach_;
  Annealer annealer_;
  double blocks_;  // that move
  double part_ = 0;
};

void require(int needed, int there, const std::string& what, const char* cure) {
  if (needed <= there) return;
  base::fail(base::Code::kDoesNotFit,
             fmt::format("the circuit needs {} {}, and the fabric has {}", needed, what, there), {},
             cure);
}

// Cascades have to find room in one piece.
void require_stacks(const Packed& packed, const fabric::Architecture& architecture) {
  const auto runs = runs_of(packed, architecture.hard.size());
  for (std::size_t kind = 0; kind < runs.size(); ++kind) {
    const fabric::HardTile& tile = architecture.hard[kind];
    if (stacked(runs[kind], static_cast<int>(tile.columns.size()), architecture.rows)) continue;
    base::fail(base::Code::kDoesNotFit,
               fmt::format("cascades of up to {} tiles {} do not fit into {} columns of {}",
                           std::ranges::max(runs[kind]), tile.name, tile.columns.size(),
                           architecture.rows),
               {}, "more rows, or more columns of such tiles");
  }
}

}  // namespace

Placement place(const Packed& packed, const fabric::Architecture& architecture,
                const PlaceOptions& options) {
  const Sites sites(architecture);
  require(blocks_in(packed, kLogicArea), sites.count(kLogicArea), "logic tiles",
          "more columns or rows, or more luts a tile");
  require(blocks_in(packed, kPadArea), sites.count(kPadArea), "pads",
          "more columns or rows, or more io_slots");
  for (Area area = kFirstHardArea; area < sites.areas(); ++area)
    require(blocks_in(packed, area), sites.count(area),
            "tiles " + architecture.hard[static_cast<std::size_t>(area - kFirstHardArea)].name,
            "more rows, or more columns of such tiles");
  require_stacks(packed, architecture);
  return Schedule(packed, architecture, options).run();
}

}  // namespace pnr
