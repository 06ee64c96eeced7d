#include "pnr/route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "pnr/congestion.hpp"
#include "pnr/crowd.hpp"
#include "pnr/search.hpp"
#include "pnr/sites.hpp"

namespace pnr {
namespace {

constexpr float kFirstPressure = 0.5F, kPressureGrowth = 1.3F, kGreatestPressure = 1000;
constexpr float kGreatestCriticality = 0.99F;
constexpr int kMargin = 3;  // tiles that a net may leave the box around its blocks

class Router {
 public:
  Router(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
         const RouteOptions& options);
  Routing run();

 private:
  int reroute(int iteration);
  void route_net(std::size_t net);
  void connect(std::size_t net, std::size_t sink, Growing& growing);
  std::vector<std::size_t> order(std::size_t net) const;
  Target target(std::size_t net, std::size_t sink) const;
  Box box_of(const Net& net) const;
  bool hopeless() const;
  void report(int iteration, int rerouted);
  [[noreturn]] void give_up() const;
  const Site& site(int block) const { return placement_[static_cast<std::size_t>(block)]; }
  bool is_pad(int block) const {
    return area_of(packed_.blocks[static_cast<std::size_t>(block)]) == kPadArea;
  }

  const Packed& packed_;
  const Placement& placement_;
  const fabric::Graph& graph_;
  const RouteOptions& options_;
  Congestion congestion_;
  Search search_;
  std::vector<std::size_t> nets_;         // in the order in which they are routed
  std::vector<std::size_t> first_sinks_;  // by net, into options_.criticality
  std::vector<Box> boxes_;                // by net
  std::vector<int> overused_;             // by iteration
  Routing routing_;
};

Router::Router(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
               const RouteOptions& options)
    : packed_(packed),
      placement_(placement),
      graph_(graph),
      options_(options),
      congestion_(graph.size()),
      search_(graph, congestion_),
      nets_(packed.nets.size()) {
  routing_.trees.resize(packed.nets.size());
  std::size_t sinks = 0;
  for (const Net& net : packed.nets) {
    boxes_.push_back(box_of(net));
    first_sinks_.push_back(sinks);
    sinks += net.sinks.size();
  }
  std::iota(nets_.begin(), nets_.end(), 0);
  std::stable_sort(nets_.begin(), nets_.end(), [&packed](std::size_t a, std::size_t b) {
    return packed.nets[a].sinks.size() > packed.nets[b].sinks.size();
  });
}

Routing Router::run() {
  float pressure = kFirstPressure;
  for (int iteration = 1; iteration <= options_.max_iterations; ++iteration) {
    congestion_.set_pressure(pressure);
    const int rerouted = reroute(iteration);
    overused_.push_back(congestion_.remember());
    report(iteration, rerouted);
    if (overused_.back() == 0) return std::move(routing_);
    if (hopeless()) break;
    pressure = std::min(pressure * kPressureGrowth, kGreatestPressure);
  }
  give_up();
}

// Routes the nets that share nodes anew, the first time all; their number.
int Router::reroute(int iteration) {
  int count = 0;
  for (const std::size_t net : nets_) {
    Tree& tree = routing_.trees[net];
    if (iteration > 1 && !congestion_.shares(tree)) continue;
    congestion_.add(tree, -1);
    route_net(net);
    congestion_.add(tree, 1);
    ++count;
  }
  routing_.iterations = iteration;
  return count;
}

void Router::route_net(std::size_t net) {
  const Net& wanted = packed_.nets[net];
  const Site& from = site(wanted.driver.block);
  const int pin = is_pad(wanted.driver.block) ? from.slot : wanted.driver.pin;
  Growing growing(graph_.output(from.x, from.y, pin));
  growing.tree.sinks.assign(wanted.sinks.size(), -1);
  search_.begin_net();
  for (const std::size_t sink : order(net)) connect(net, sink, growing);
  routing_.trees[net] = std::move(growing.tree);
}

void Router::connect(std::size_t net, std::size_t sink, Growing& growing) {
  Target wanted = target(net, sink);
  int branch = search_.connect(growing, wanted);
  if (branch < 0) {
    const fabric::Architecture& all = graph_.architecture();
    wanted.within = boxes_[net] = {0, 0, all.columns + 1, all.rows + 1};
    branch = search_.connect(growing, wanted);
  }
  if (branch < 0)
    base::fail(base::Code::kUnroutable,
               fmt::format("no way from net \"{}\" to tile ({}, {}), however free the fabric",
                           packed_.nets[net].name, wanted.x, wanted.y),
               packed_.nets[net].name, "raise channel_width, fc_in_percent or fc_out_percent");
  growing.tree.sinks[sink] = branch;
}

// The most critical sink first, of equal ones the nearest to the driver.
std::vector<std::size_t> Router::order(std::size_t net) const {
  const Net& wanted = packed_.nets[net];
  const Site& from = site(wanted.driver.block);
  std::vector<std::pair<float, int>> keys;
  for (std::size_t sink = 0; sink < wanted.sinks.size(); ++sink) {
    const Site& to = site(wanted.sinks[sink].block);
    keys.emplace_back(-target(net, sink).criticality,
                      std::abs(to.x - from.x) + std::abs(to.y - from.y));
  }
  std::vector<std::size_t> sinks(wanted.sinks.size());
  std::iota(sinks.begin(), sinks.end(), 0);
  std::stable_sort(sinks.begin(), sinks.end(),
                   [&keys](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  return sinks;
}

Target Router::target(std::size_t net, std::size_t sink) const {
  const auto [block, pin] = packed_.nets[net].sinks[sink];
  const bool logic = packed_.blocks[static_cast<std::size_t>(block)].kind == BlockKind::kLogic;
  const int first = logic ? 0 : is_pad(block) ? site(block).slot : pin;
  const Site& at = site(block);
  const float criticality =
      options_.criticality.empty() ? 0 : options_.criticality[first_sinks_[net] + sink];
  return {at.x,
          at.y,
          graph_.input(at.x, at.y, first),
          logic ? graph_.architecture().clb_inputs : 1,
          std::clamp(criticality, 0.0F, kGreatestCriticality),
          boxes_[net]};
}

Box Router::box_of(const Net& net) const {
  const Site& from = site(net.driver.block);
  Box box{from.x, from.y, from.x, from.y};
  for (const Terminal& sink : net.sinks) {
    const Site& to = site(sink.block);
    box = {std::min(box.x_low, to.x), std::min(box.y_low, to.y), std::max(box.x_high, to.x),
           std::max(box.y_high, to.y)};
  }
  return {box.x_low - kMargin, box.y_low - kMargin, box.x_high + kMargin, box.y_high + kMargin};
}

// Whether, at the pace of the last iterations, the sharing would outlast thrice as many as allowed.
bool Router::hopeless() const {
  constexpr std::size_t kWatched = 8;
  if (overused_.size() < 2 * kWatched) return false;
  const double before = overused_[overused_.size() - 1 - kWatched], now = overused_.back();
  if (now >= before) return now > 100;
  const double left = kWatched * std::log(now) / std::log(before / now);
  return static_cast<double>(overused_.size()) + left > 3.0 * options_.max_iterations;
}

void Router::report(int iteration, int rerouted) {
  routing_.wirelength = 0;
  for (const Tree& tree : routing_.trees)
    for (const Branch& branch : tree.branches) routing_.wirelength += graph_.length(branch.node);
  if (options_.progress)
    options_.progress({iteration, overused_.back(), rerouted, routing_.wirelength});
}

void Router::give_up() const {
  const fabric::Architecture& architecture = graph_.architecture();
  const Crowd crowd = most_crowded(graph_, congestion_);
  const int wider = architecture.channel_width + 2 * std::max(1, architecture.channel_width / 10);
  base::fail(base::Code::kUnroutable,
             fmt::format("nets still share {} wires or inputs after {} iterations, most of them "
                         "about columns {}..{}, rows {}..{}",
                         overused_.empty() ? 0 : overused_.back(), routing_.iterations,
                         crowd.area.x_low, crowd.area.x_high, crowd.area.y_low, crowd.area.y_high),
             fmt::format("tile ({}, {})", crowd.x, crowd.y),
             fmt::format("raise channel_width from {}, to {} perhaps, or spread the blocks over "
                         "more tiles",
                         architecture.channel_width, wider));
}

}  // namespace

Routing route(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
              const RouteOptions& options) {
  return Router(packed, placement, graph, options).run();
}

int delay(const fabric::Graph& graph, const Tree& tree, int sink) {
  int total = 0;
  for (int at = tree.sinks[static_cast<std::size_t>(sink)]; at > 0;) {
    const Branch& branch = tree.branches[static_cast<std::size_t>(at)];
    total += graph.delay(branch.node);
    at = branch.parent;
  }
  return total;
}

}  // namespace pnr
