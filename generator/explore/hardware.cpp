#include "explore/hardware.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace explore {

namespace {

constexpr const char* kWhere = "the recurrent layers";

Hardware measured(std::vector<units::RecurrentConfig> layers, const Budget& budget, int streams) {
  Hardware made;
  const units::Price price = budget.price();
  for (const units::RecurrentConfig& layer : layers) {
    made.clocks = std::max(made.clocks, clocks_a_frame(layer, streams));
    made.one_stream = std::max(made.one_stream, clocks_a_frame(layer, 1));
    made.multipliers += multipliers(layer);
    made.dsps += priced(layer, price);
    made.memory_bits += memory_bits(layer);
    if (budget.device) made.block_rams += block_rams_of(*budget.device, memory_needs(layer));
  }
  const std::int64_t bits = budget.device ? budget.device->memory_bits() : budget.memory_bits;
  made.fits = made.dsps <= budget.most() && (bits == 0 || made.memory_bits <= bits) &&
              (!budget.device || made.block_rams <= budget.device->block_rams);
  made.layers = std::move(layers);
  return made;
}

bool is_same(const Hardware& a, const Hardware& b) {
  return std::ranges::equal(a.layers, b.layers, [](const auto& one, const auto& other) {
    return one.lanes == other.lanes && one.projection_lanes == other.projection_lanes &&
           one.elements == other.elements;
  });
}

}  // namespace

units::Price Budget::price() const {
  if (!device) return units::one_each;
  return [own = *device](int a, int b) { return dsps_of(own, a, b); };
}

std::vector<Hardware> hardware_of(std::vector<units::RecurrentConfig> layers, const Budget& budget,
                                  int streams) {
  for (units::RecurrentConfig& layer : layers) layer.streams = streams;
  const units::Price price = budget.price();
  std::vector<Hardware> all;
  try {
    const std::int64_t least = least_price(layers, kWhere, price);
    // The last one is the least design itself.
    for (std::int64_t most = std::max(budget.most(), least); most > 0;
         most = most > least ? std::max(most / 2, least) : 0) {
      Hardware made = measured(balanced(layers, most, kWhere, price), budget, streams);
      if (all.empty() || !is_same(all.back(), made)) all.push_back(std::move(made));
    }
  } catch (const base::Error& error) {
    if (error.faults().front().code != base::Code::kDoesNotFit) throw;
  }
  return all;
}

}  // namespace explore
