#include "nn/mean_pool.hpp"

#include <algorithm>

namespace nn {

namespace {

// Taps of a window along one axis that count: those on the map, and on its padding if that counts.
std::int64_t counted(const WindowAxis& axis, std::int64_t window, bool padding) {
  const std::int64_t before = padding ? axis.pad_begin : 0;
  const std::int64_t after = padding ? axis.pad_end : 0;
  std::int64_t count = 0;
  for (std::int64_t tap = 0; tap < axis.kernel; ++tap) {
    const std::int64_t at = axis.at(window, tap);
    count += at >= -before && at < axis.input + after;
  }
  return count;
}

// What the sum of each window is divided by.
std::vector<std::int64_t> divisors(const Walk& walk, bool padding) {
  std::vector<std::int64_t> result;
  const auto& [z, y, x] = walk;
  for (std::int64_t i = 0; i < windows_of(walk); ++i)
    result.push_back(counted(z, i / (y.output * x.output), padding) *
                     counted(y, i / x.output % y.output, padding) *
                     counted(x, i % x.output, padding));
  return result;
}

}  // namespace

void mean_pool(const Call& call, const Array& x, Array& out) {
  const Walk walk = pool_walk(call);
  const auto parts = divisors(walk, call.node.int_attribute("count_include_pad", 0) != 0);
  const std::int64_t maps = x.shape[0] * x.shape[1];
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const T* from = x.elements<T>().data();
    T* to = data.data();
    for (std::int64_t map = 0; map < maps; ++map) {
      for_each_tap(walk, [&](std::int64_t window, std::int64_t, std::int64_t position) {
        to[window] += from[position];
      });
      for (std::size_t i = 0; i < parts.size(); ++i)
        to[i] /= static_cast<T>(std::max<std::int64_t>(1, parts[i]));
      from += positions_of(walk);
      to += windows_of(walk);
    }
  });
}

std::vector<AttributeDef> mean_pool_attributes() {
  std::vector<AttributeDef> all = pool_attributes(19);
  all.push_back({.name = "count_include_pad",
                 .type = AttributeType::kInt,
                 .doc = "whether padding counts as zeros",
                 .allowed = {"0", "1"}});
  return all;
}

}  // namespace nn
