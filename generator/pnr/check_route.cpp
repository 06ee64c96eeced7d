#include "pnr/check_route.hpp"

#include <fmt/format.h>

#include "pnr/reads.hpp"

namespace pnr {
namespace {

using fabric::NodeId;
using fabric::NodeKind;

class Checker {
 public:
  Checker(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
          base::Diagnostics& diagnostics)
      : packed_(packed),
        placement_(placement),
        graph_(graph),
        diagnostics_(diagnostics),
        owners_(graph.size(), -1) {}

  void run(const Routing& routing) {
    if (routing.trees.size() != packed_.nets.size())
      return fault("",
                   fmt::format("{} nets have {} trees", packed_.nets.size(), routing.trees.size()));
    for (std::size_t net = 0; net < packed_.nets.size(); ++net)
      check_tree(static_cast<int>(net), routing.trees[net]);
    if (routing.wirelength != wirelength_)
      fault("", fmt::format("the wirelength is {}, not {}", wirelength_, routing.wirelength));
  }

 private:
  void fault(const std::string& net, const std::string& what) {
    diagnostics_.add(base::Code::kRoutingInvalid, what, net);
  }

  void check_tree(int number, const Tree& tree) {
    const Net& net = packed_.nets[static_cast<std::size_t>(number)];
    if (tree.branches.empty()) return fault(net.name, "the net has no tree");
    for (const Branch& branch : tree.branches)
      if (!branch.node.valid() || branch.node.index() >= graph_.size())
        return fault(net.name, "a branch names no node of the fabric");
    check_root(net, tree);
    for (std::size_t i = 0; i < tree.branches.size(); ++i) own(number, tree.branches[i].node);
    for (std::size_t i = 1; i < tree.branches.size(); ++i) check_branch(net, tree, i);
    check_ends(net, tree);
    check_sinks(net, tree);
  }

  void check_root(const Net& net, const Tree& tree) {
    const Place root = place(tree.branches.front().node);
    const Site& site = site_of(net.driver.block);
    const int pin = is_pad(net.driver.block) ? site.slot : net.driver.pin;
    if (tree.branches.front().parent != -1 || root.kind != NodeKind::kOutput ||
        !lies_at(root, site) || root.track != pin)
      fault(net.name, fmt::format("the tree does not start at output {} of tile ({}, {})", pin,
                                  site.x, site.y));
  }

  void own(int net, NodeId node) {
    const Place at = place(node);
    const std::string& name = packed_.nets[static_cast<std::size_t>(net)].name;
    int& owner = owners_[node.index()];
    if (owner >= 0)
      fault(name, fmt::format("{} is used by net \"{}\" too", text(at),
                              packed_.nets[static_cast<std::size_t>(owner)].name));
    owner = net;
    if (!exists(graph_.architecture(), at))
      fault(name, fmt::format("the fabric has no {}", text(at)));
    if (at.kind >= NodeKind::kHorizontal)
      wirelength_ += 1 + at.span.x_high - at.span.x_low + at.span.y_high - at.span.y_low;
  }

  void check_branch(const Net& net, const Tree& tree, std::size_t i) {
    const Branch& branch = tree.branches[i];
    if (branch.parent < 0 || branch.parent >= static_cast<int>(i))
      return fault(net.name, fmt::format("branch {} is not behind its parent", i));
    const Place from = place(tree.branches[static_cast<std::size_t>(branch.parent)].node);
    const Place to = place(branch.node);
    if (!reads(graph_.architecture(), to, from))
      fault(net.name, fmt::format("{} cannot drive {}", text(from), text(to)));
  }

  // A branch that nothing follows is one of the sinks' input pins.
  void check_ends(const Net& net, const Tree& tree) {
    std::vector<bool> goes_on(tree.branches.size());
    for (const int sink : tree.sinks)
      if (sink >= 0 && sink < static_cast<int>(goes_on.size()))
        goes_on[static_cast<std::size_t>(sink)] = true;
    for (const Branch& branch : tree.branches)
      if (branch.parent >= 0 && branch.parent < static_cast<int>(goes_on.size()))
        goes_on[static_cast<std::size_t>(branch.parent)] = true;
    for (std::size_t i = 0; i < goes_on.size(); ++i)
      if (!goes_on[i])
        fault(net.name, fmt::format("{} leads nowhere", text(place(tree.branches[i].node))));
  }

  void check_sinks(const Net& net, const Tree& tree) {
    if (tree.sinks.size() != net.sinks.size())
      return fault(net.name, fmt::format("{} sinks are reached, not {}", tree.sinks.size(),
                                         net.sinks.size()));
    for (std::size_t sink = 0; sink < net.sinks.size(); ++sink)
      check_sink(net, tree, tree.sinks[sink], net.sinks[sink]);
  }

  void check_sink(const Net& net, const Tree& tree, int branch, const Terminal& sink) {
    const int block = sink.block;
    const Site& site = site_of(block);
    bool reached = branch >= 0 && branch < static_cast<int>(tree.branches.size());
    if (reached) {
      const Place end = place(tree.branches[static_cast<std::size_t>(branch)].node);
      reached =
          end.kind == NodeKind::kInput && lies_at(end, site) &&
          (kind(block) == BlockKind::kLogic || end.track == (is_pad(block) ? site.slot : sink.pin));
    }
    if (!reached)
      fault(net.name,
            fmt::format("block \"{}\" is not reached at an input of tile ({}, {})",
                        packed_.blocks[static_cast<std::size_t>(block)].name, site.x, site.y));
  }

  Place place(NodeId node) const {
    return {graph_.kind(node), graph_.span(node), graph_.track(node)};
  }
  const Site& site_of(int block) const { return placement_[static_cast<std::size_t>(block)]; }
  BlockKind kind(int block) const { return packed_.blocks[static_cast<std::size_t>(block)].kind; }
  bool is_pad(int block) const {
    return kind(block) == BlockKind::kInput || kind(block) == BlockKind::kOutput;
  }
  static bool lies_at(const Place& pin, const Site& site) {
    return pin.span.x_low == site.x && pin.span.y_low == site.y;
  }
  static std::string text(const Place& place) {
    static const char* const kNames[] = {"output", "input", "horizontal wire", "vertical wire"};
    return fmt::format("{} {} at ({}, {})", kNames[static_cast<int>(place.kind)], place.track,
                       place.span.x_low, place.span.y_low);
  }

  const Packed& packed_;
  const Placement& placement_;
  const fabric::Graph& graph_;
  base::Diagnostics& diagnostics_;
  std::vector<int> owners_;  // by node, the last net seen that uses it
  long wirelength_ = 0;
};

}  // namespace

void check_route(const Packed& packed, const Placement& placement, const fabric::Graph& graph,
                 const Routing& routing, base::Diagnostics& diagnostics) {
  Checker(packed, placement, graph, diagnostics).run(routing);
}

}  // namespace pnr
