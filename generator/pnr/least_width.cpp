#include <optional>

#include "base/error.hpp"
#include "fabric/grid.hpp"
#include "pnr/route.hpp"

namespace pnr {
namespace {

constexpr int kGreatest = fabric::kMaxChannelWidth;

class Bisection {
 public:
  Bisection(const Packed& packed, const Placement& placement,
            const fabric::Architecture& architecture, const RouteOptions& options)
      : packed_(packed), placement_(placement), architecture_(architecture), options_(options) {}

  LeastWidth run() {
    int fails = fabric::least_channel_width(architecture_) - 2;
    int next = architecture_.channel_width;
    while (!best_ || best_->channel_width - fails > 2) {
      if (!try_width(next)) fails = next;
      next = best_ ? middle(fails, best_->channel_width) : std::min(2 * next, kGreatest);
    }
    return std::move(*best_);
  }

 private:
  // Even and between the two, which are even too and further than 2 apart.
  static int middle(int low, int high) { return (low + high) / 4 * 2; }

  // Routes with so many tracks; what the greatest width meets is thrown.
  bool try_width(int width) {
    fabric::Architecture tried = architecture_;
    tried.channel_width = width;
    try {
      best_ = {width, route(packed_, placement_, fabric::Graph(tried), options_)};
      return true;
    } catch (const base::Error& error) {
      if (error.faults().front().code != base::Code::kUnroutable || width == kGreatest) throw;
      return false;
    }
  }

  const Packed& packed_;
  const Placement& placement_;
  const fabric::Architecture& architecture_;
  const RouteOptions& options_;
  std::optional<LeastWidth> best_;
};

}  // namespace

LeastWidth least_channel_width(const Packed& packed, const Placement& placement,
                               const fabric::Architecture& architecture,
                               const RouteOptions& options) {
  return Bisection(packed, placement, architecture, options).run();
}

}  // namespace pnr
