#include "core/duplicate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace core {

namespace {

// Tensors that travel in the same tokens.
struct Together {
  quant::Pair map;
  double cost = 0;  // of a copy of the layers that make them; 0: no PEs make them
  int most = 1;     // positions a token
  int beside = 1;

  int windows() const { return tokens_of(map, beside); }

  // The fewest positions a token with which there are at most `windows`.
  int least(int windows) const {
    const int a_row = windows / map.y;  // tokens of a row
    return a_row < 1 ? most : std::min<int>(most, int(base::ceil_div(map.x, a_row)));
  }
  void reach(int windows) { beside = std::max(beside, least(windows)); }
};

class Allocation {
 public:
  Allocation(const quant::Network& network, const Program& once, const Cost& cost)
      : set_(network.tensors.size()), sets_(network.tensors.size()) {
    const std::vector<quant::TensorId> ids = network.tensors.ids();
    for (const quant::TensorId id : ids) set_[id] = id.index();
    for (const quant::TensorId id : network.inputs) join(id, network.inputs.front());
    quant::TensorId first;  // of the outputs that are received as they are made
    for (const LaneRange& lanes : once.outputs) {
      const Stream& output = once.streams[lanes.stream];
      if (output.is_copy()) continue;
      if (!first.valid()) first = output.tensor;
      join(output.tensor, first);
    }
    for (const quant::Layer& layer : network.layers)
      if (std::holds_alternative<quant::Table>(layer.rule))
        join(layer.output, layer.inputs().front().tensor);
    for (const Stream& stream : once.streams) {
      if (stream.is_copy()) continue;
      sets_[set_[stream.tensor]].map = stream.map;
      sets_[set_[stream.tensor]].most = stream.map.x;
    }
    for (const Stream& stream : once.streams)
      if (!stream.is_copy() && sets_[set_[stream.tensor]].map != stream.map)
        sets_[set_[stream.tensor]].most = 1;
    // A state goes from step to step, so that steps come one after the other.
    for (const quant::Layer& layer : network.layers)
      if (std::holds_alternative<quant::Recurrent>(layer.rule))
        for (const quant::TensorId id : {layer.output, layer.inputs().front().tensor})
          sets_[set_[id]].most = 1;
    // Maps of as many positions but other rows leave in as many tokens only position by position.
    for (const LaneRange& lanes : once.outputs)
      if (first.valid() && once.streams[lanes.stream].map != sets_[set_[first]].map)
        sets_[set_[first]].most = 1;
    for (const CoreOp& op : once.ops) sets_[set_[once.streams[op.output].tensor]].cost += cost(op);
  }

  double cost() const {
    return std::accumulate(sets_.begin(), sets_.end(), 0.0, [](double sum, const Together& set) {
      return sum + set.cost * set.beside;
    });
  }

  // Windows a sample of the slowest layers.
  int slowest() const {
    int windows = 0;
    for (const Together& set : sets_)
      if (set.cost > 0) windows = std::max(windows, set.windows());
    return windows;
  }

  // Of the slowest layers, with `degree` copies.
  int target(int degree) const {
    int windows = 0;
    for (const Together& set : sets_)
      if (set.cost > 0 && set.windows() == slowest())
        windows = std::max(windows, tokens_of(set.map, std::min(degree, set.most)));
    return windows;
  }

  // The most windows that some layer can have below those of the slowest; 0 if these cannot be
  // raised.
  int next() const {
    const int slow = slowest();
    int windows = 0;
    for (Together set : sets_) {
      if (set.cost == 0) continue;
      set.reach(slow - 1);
      if (set.windows() >= slow) return 0;
      windows = std::max(windows, set.windows());
    }
    return windows;
  }

  void reach(int windows) {
    for (Together& set : sets_) set.reach(windows);
  }

  Duplication take() const {
    Duplication beside(set_.size());
    for (const quant::TensorId id : set_.ids()) beside[id] = sets_[set_[id]].beside;
    return beside;
  }

 private:
  void join(quant::TensorId a, quant::TensorId b) {
    const std::size_t from = set_[a];
    const std::size_t to = set_[b];
    for (std::size_t& set : set_)
      if (set == from) set = to;
  }

  base::IdVector<quant::TensorId, std::size_t> set_;
  std::vector<Together> sets_;  // those that no tensor is in have no PEs
};

double a_pe(const CoreOp& /*op*/) { return 1; }

}  // namespace

Duplication balanced(const quant::Network& network, const Program& once, int degree) {
  Allocation allocation(network, once, a_pe);
  if (degree > 1) allocation.reach(allocation.target(degree));
  return allocation.take();
}

Duplication within(const quant::Network& network, const Program& once, double budget,
                   const Cost& cost) {
  Allocation allocation(network, once, cost);
  for (int windows = allocation.next(); windows > 0; windows = allocation.next()) {
    Allocation more = allocation;
    more.reach(windows);
    if (more.cost() > budget) break;
    allocation = more;
  }
  allocation.reach(allocation.slowest());  // what takes no PEs keeps up
  return allocation.take();
}

Duplication within(const quant::Network& network, const Program& once, int pes) {
  if (const std::size_t least = once.ops.size(); least > static_cast<std::size_t>(pes))
    base::fail(base::Code::kDoesNotFit,
               fmt::format("one copy of each layer takes {} PEs, not {}", least, pes), "map.pes",
               fmt::format("set map.pes to {} or more", least));
  return within(network, once, pes, a_pe);
}

}  // namespace core
