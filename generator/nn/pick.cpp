#include "nn/pick.hpp"

namespace nn {

namespace {

template <class T>
struct Picker {
  const Picks& picks;
  const std::vector<std::size_t>& from_steps;
  const std::vector<std::size_t>& to_steps;
  const T* from;
  T* to;

  // Everything behind axis d, of the source from `source` on, to `target` on.
  void walk(std::size_t d, std::size_t source, std::size_t target) const {
    if (d == picks.size()) {
      to[target] = from[source];
      return;
    }
    for (const std::int64_t position : picks[d]) {
      if (position != kNowhere)
        walk(d + 1, source + static_cast<std::size_t>(position) * from_steps[d], target);
      target += to_steps[d];
    }
  }
};

// Elements from one position of each axis to the next.
std::vector<std::size_t> steps_of(const Shape& shape) {
  std::vector<std::size_t> steps(shape.size(), 1);
  for (std::size_t d = steps.size(); d-- > 1;)
    steps[d - 1] = steps[d] * static_cast<std::size_t>(shape[d]);
  return steps;
}

}  // namespace

void pick(const Array& x, const Picks& picks, Array& out) {
  const auto from_steps = steps_of(x.shape);
  const auto to_steps = steps_of(out.shape);
  out.visit([&](auto& data) {
    using T = ElementOf<decltype(data)>;
    const Picker<T> picker{picks, from_steps, to_steps, x.elements<T>().data(), data.data()};
    picker.walk(0, 0, 0);
  });
}

}  // namespace nn
