#include <algorithm>

#include "nn/reduce.hpp"
#include "nn/window.hpp"

namespace nn {
namespace {

std::vector<Array> evaluate(const Call& call) {
  Array out = call.blank();
  const Walk walk = pool_walk(call);
  const std::int64_t maps = call.input(0).shape[0] * call.input(0).shape[1];
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    std::fill(data.begin(), data.end(), least_of(T{}));
    const T* from = call.input(0).elements<T>().data();
    T* to = data.data();
    for (std::int64_t map = 0; map < maps; ++map) {
      for_each_tap(walk, [&](std::int64_t window, std::int64_t, std::int64_t position) {
        to[window] = std::max(to[window], from[position]);
      });
      from += positions_of(walk);
      to += windows_of(walk);
    }
  });
  return {std::move(out)};
}

std::vector<AttributeDef> attributes() {
  std::vector<AttributeDef> all = pool_attributes(10);
  all.push_back({.name = "storage_order",
                 .type = AttributeType::kInt,
                 .doc = "of no effect: it says how indices are counted",
                 .since = 8});
  return all;
}

}  // namespace

OpDef max_pool_op() {
  return {
      .names = {"MaxPool"},
      .doc = "the greatest element of each window; no indices",
      .attributes = attributes(),
      .infer = infer_pool,
      .evaluate = evaluate,
  };
}

}  // namespace nn
