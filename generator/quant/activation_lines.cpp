#include "quant/activation_lines.hpp"

#include <algorithm>
#include <cmath>

namespace quant {

std::string to_string(Gate gate) {
  switch (gate) {
    case Gate::kSigmoid:
      return "sigmoid";
    case Gate::kTanh:
      return "tanh";
    case Gate::kHardSigmoid:
      return "hard_sigmoid";
    case Gate::kHardTanh:
      break;
  }
  return "hard_tanh";
}

double value_of(Gate gate, double x) {
  switch (gate) {
    case Gate::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case Gate::kTanh:
      return std::tanh(x);
    case Gate::kHardSigmoid:
      return std::clamp(0.2 * x + 0.5, 0.0, 1.0);
    case Gate::kHardTanh:
      break;
  }
  return std::clamp(x, -1.0, 1.0);
}

namespace {

struct Line {
  double slope = 0;
  double offset = 0;
};

// The line with the least greatest error between `from` and `to`, where the function bends one way.
Line fitted(Gate gate, double from, double to) {
  const double slope = (value_of(gate, to) - value_of(gate, from)) / (to - from);
  const double offset = value_of(gate, from) - slope * from;
  double low = 0;
  double high = 0;
  constexpr int kSteps = 1000;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = from + (to - from) * i / kSteps;
    const double apart = value_of(gate, x) - slope * x - offset;
    low = std::min(low, apart);
    high = std::max(high, apart);
  }
  return {slope, offset + (low + high) / 2};
}

}  // namespace

Lines lines_of(Gate gate, int in_fraction, int segment_bits, int out_fraction) {
  const bool narrow = gate == Gate::kTanh || gate == Gate::kHardTanh;
  Lines lines{.in_fraction = in_fraction,
              .reach = narrow ? 2 : 3,
              .segment_bits = segment_bits,
              .slope_fraction = out_fraction,
              .out_fraction = out_fraction,
              .slope = {},
              .offset = {}};
  const int segments = 1 << segment_bits;
  const double width = std::ldexp(2.0, lines.reach - segment_bits);
  for (int i = 0; i < segments; ++i) {
    const double from = (i - segments / 2) * width;
    Line line = fitted(gate, from, from + width);
    // What is clipped lies at the ends.
    if (i == 0) line = {0, (value_of(gate, from - 100) + value_of(gate, from + width)) / 2};
    if (i == segments - 1) line = {0, (value_of(gate, from) + value_of(gate, from + 100)) / 2};
    lines.slope.push_back(static_cast<std::int32_t>(to_fixed(line.slope, lines.slope_fraction)));
    lines.offset.push_back(static_cast<std::int32_t>(to_fixed(line.offset, out_fraction)));
  }
  return lines;
}

std::int64_t evaluate(const Lines& lines, std::int64_t x, WordRounding rounding) {
  const std::int64_t inside = clipped(x, lines.in_bits());
  const auto segment =
      static_cast<std::size_t>((inside >> lines.within_bits()) + (1 << (lines.segment_bits - 1)));
  return rounded(lines.slope[segment] * inside, lines.shift(), rounding) + lines.offset[segment];
}

double greatest_error(Gate gate, const Lines& lines, WordRounding rounding) {
  double most = 0;
  const std::int64_t reach = std::int64_t{1} << (lines.in_bits() - 1);
  for (std::int64_t x = -2 * reach; x < 2 * reach; ++x) {
    const double y =
        std::ldexp(static_cast<double>(evaluate(lines, x, rounding)), -lines.out_fraction);
    const double exact = value_of(gate, std::ldexp(static_cast<double>(x), -lines.in_fraction));
    most = std::max(most, std::abs(y - exact));
  }
  return most;
}

}  // namespace quant
