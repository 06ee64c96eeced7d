#include "pnr/implement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "fabric/grid.hpp"
#include "pnr/check_pack.hpp"
#include "pnr/check_place.hpp"
#include "pnr/check_route.hpp"
#include "pnr/estimate.hpp"
#include "pnr/extent.hpp"
#include "pnr/pack.hpp"
#include "pnr/sides.hpp"

namespace pnr {

namespace {

std::vector<int> estimated_delays(const Packed& packed, const Placement& placement,
                                  const fabric::Architecture& architecture) {
  std::vector<int> delays;
  for (const Net& net : packed.nets) {
    const Site& from = placement[static_cast<std::size_t>(net.driver.block)];
    for (const Terminal& sink : net.sinks) {
      const Site& to = placement[static_cast<std::size_t>(sink.block)];
      delays.push_back(
          estimated_delay(architecture, std::abs(to.x - from.x), std::abs(to.y - from.y)));
    }
  }
  return delays;
}

class Implementing {
 public:
  Implementing(const Netlist& netlist, const fabric::Architecture& architecture,
               const ImplementOptions& options)
      : options_(options), done_{netlist, architecture, {}, {}, {}, {}, {}, {}} {}

  Implementation run() {
    pack_circuit();
    const TimingGraph timing(done_.netlist, done_.packing, done_.architecture);
    place_blocks(timing);
    const std::vector<float> criticality =
        timing.analyse(estimated_delays(packed(), done_.placement, done_.architecture)).criticality;
    route_nets(criticality);
    const fabric::Graph graph(done_.architecture);
    check_nets(graph);
    done_.delays = routed_delays(graph, done_.routing);
    done_.timing = timing.analyse(done_.delays);
    done_.path = timing.longest_path(done_.delays);
    return std::move(done_);
  }

 private:
  const Packed& packed() const { return done_.packing.packed; }
  void stage(const std::string& name) const {
    if (options_.stage) options_.stage(name);
  }
  void progress(double part, const std::string& note) const {
    if (options_.progress) options_.progress(part, note);
  }

  void pack_circuit() {
    stage("pack");
    fabric::Architecture& architecture = done_.architecture;
    fabric::Architecture some = architecture;
    if (some.columns == 0) some.columns = fabric::kMaxExtent;
    some.rows = std::max(some.rows, 1);
    fabric::validate(some);
    done_.packing = pack(done_.netlist, architecture);
    base::Diagnostics faults;
    check_packing(done_.netlist, done_.packing, architecture, faults);
    faults.throw_if_any();
    architecture = sized_for(packed(), architecture);
    fabric::validate(architecture);  // the circuit may ask for more than a fabric can have
  }

  void place_blocks(const TimingGraph& timing) {
    stage("place");
    PlaceOptions options{options_.seed, options_.effort, {}, {}};
    options.criticalities = [&timing](std::span<const int> delays) {
      return timing.analyse(delays).criticality;
    };
    options.progress = [this](const PlaceStep& step) {
      progress(step.part, fmt::format("wires {:.0f}", step.wires));
    };
    done_.placement = place(packed(), done_.architecture, options);
    base::Diagnostics faults;
    check_placement(packed(), done_.placement, done_.architecture, faults);
    order_outputs(done_.netlist, done_.placement, done_.packing);
    check_packing(done_.netlist, done_.packing, done_.architecture, faults);
    faults.throw_if_any();
  }

  void route_nets(const std::vector<float>& criticality) {
    stage("route");
    RouteOptions options;
    options.criticality = criticality;
    options.progress = [this, &options](const RouteStep& step) {
      progress(static_cast<double>(step.iteration) / options.max_iterations,
               fmt::format("{} nodes shared", step.overused));
    };
    if (!options_.least_width) {
      const fabric::Graph graph(done_.architecture);
      done_.routing = route(packed(), done_.placement, graph, options);
      return;
    }
    LeastWidth least = least_channel_width(packed(), done_.placement, done_.architecture, options);
    done_.architecture.channel_width = least.channel_width;
    done_.routing = std::move(least.routing);
  }

  void check_nets(const fabric::Graph& graph) const {
    stage("check");
    base::Diagnostics faults;
    check_route(packed(), done_.placement, graph, done_.routing, faults);
    faults.throw_if_any();
  }

  const ImplementOptions& options_;
  Implementation done_;
};

}  // namespace

Implementation implement(const Netlist& netlist, const fabric::Architecture& architecture,
                         const ImplementOptions& options) {
  return Implementing(netlist, architecture, options).run();
}

std::vector<int> routed_delays(const fabric::Graph& graph, const Routing& routing) {
  std::vector<int> delays;
  for (const Tree& tree : routing.trees)
    for (std::size_t sink = 0; sink < tree.sinks.size(); ++sink)
      delays.push_back(delay(graph, tree, static_cast<int>(sink)));
  return delays;
}

}  // namespace pnr
