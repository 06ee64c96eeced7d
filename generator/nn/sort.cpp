#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <queue>

#include "base/error.hpp"
#include "nn/import_graph.hpp"

namespace nn {

namespace {

using Index = std::size_t;
constexpr Index kNone = static_cast<Index>(-1);

std::vector<Index> producers(const std::vector<Node>& nodes, std::size_t value_count) {
  std::vector<Index> producer(value_count, kNone);
  for (Index n = 0; n < nodes.size(); ++n)
    for (const ValueId id : nodes[n].outputs)
      if (id.valid()) producer[id.index()] = n;
  return producer;
}

// The nodes that node n reads from, one entry an input.
std::vector<Index> sources(const Node& node, const std::vector<Index>& producer) {
  std::vector<Index> result;
  for (const ValueId id : node.inputs)
    if (id.valid() && producer[id.index()] != kNone) result.push_back(producer[id.index()]);
  return result;
}

// Walks backwards from an unsorted node, which always has an unsorted source, until a node repeats.
[[noreturn]] void report_cycle(const std::vector<Node>& nodes, const std::vector<Index>& producer,
                               const std::vector<bool>& done) {
  std::vector<Index> path;
  std::vector<bool> seen(nodes.size(), false);
  Index at = 0;
  while (done[at]) ++at;
  while (!seen[at]) {
    seen[at] = true;
    path.push_back(at);
    for (const Index source : sources(nodes[at], producer))
      if (!done[source]) at = source;
  }
  std::vector<std::string> names = {nodes[at].name};
  while (path.back() != at) {
    names.push_back(nodes[path.back()].name);
    path.pop_back();
  }
  names.push_back(nodes[at].name);
  base::fail(base::Code::kCyclicGraph,
             fmt::format("the nodes form a cycle: {}", fmt::join(names, " -> ")));
}

}  // namespace

std::vector<Node> sorted(std::vector<Node> nodes, std::size_t value_count) {
  const std::vector<Index> producer = producers(nodes, value_count);
  std::vector<std::vector<Index>> readers(nodes.size());
  std::vector<std::size_t> waiting(nodes.size(), 0);
  for (Index n = 0; n < nodes.size(); ++n)
    for (const Index source : sources(nodes[n], producer)) {
      readers[source].push_back(n);
      ++waiting[n];
    }
  std::priority_queue<Index, std::vector<Index>, std::greater<>> ready;
  for (Index n = 0; n < nodes.size(); ++n)
    if (waiting[n] == 0) ready.push(n);
  std::vector<Index> order;
  std::vector<bool> done(nodes.size(), false);
  while (!ready.empty()) {
    const Index n = ready.top();
    ready.pop();
    order.push_back(n);
    done[n] = true;
    for (const Index reader : readers[n])
      if (--waiting[reader] == 0) ready.push(reader);
  }
  if (order.size() != nodes.size()) report_cycle(nodes, producer, done);
  std::vector<Node> result;
  for (const Index n : order) result.push_back(std::move(nodes[n]));
  return result;
}

}  // namespace nn
