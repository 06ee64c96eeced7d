#include "quant/squares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace quant {

namespace {

int bits_of(std::int64_t magnitude) {
  return std::max(1, base::clog2(static_cast<std::uint64_t>(magnitude) + 1));
}

}  // namespace

double Factors::greatest_square() const {
  const double most = std::max({a.high + b.high, -a.low - b.low, a.high - b.low, b.high - a.low});
  return std::floor(most * most / 4);
}

bool is_of_squares(const Signal& signal) { return signal.table && !signal.table->factors.empty(); }

const OpenTable* squares_of(const Draft& draft, const Term& term) {
  const Signal& first = draft.signals[term.inputs.front().signal];
  return is_of_squares(first) ? &*first.table : nullptr;
}

double gain_of_squares(const Draft& draft, const OpenProduct& product) {
  double gain = 0;
  for (const Term& term : product.terms)
    if (squares_of(draft, term)) gain = std::max(gain, term.gain.cwiseAbs().maxCoeff());
  return gain;
}

Format square_format(const Factors& factors, double greatest, double room, int most_bits) {
  const double most = factors.greatest_square();
  const double coarsest = std::max(1.0, kRoomOfSquares * room);
  const int bits =
      std::min(bits_of(static_cast<std::int64_t>(std::ceil(most / coarsest))), most_bits);
  const double finest = std::max(1.0, most / (std::ldexp(1.0, bits) - 1));
  Format format;
  format.scale = finest > 1 && room > finest ? room / std::floor(room / finest) : finest;
  format.high = std::max(1, static_cast<std::int32_t>(std::nearbyint(greatest / format.scale)));
  format.bits = bits_of(format.high);
  return format;
}

double error_of_squares(const Factors& factors, double step, double gain) {
  const bool is_exact = step <= factors.worth() * (1 + 1e-9);
  return is_exact ? 0.0 : gain * step;
}

void bound_error(Layer& layer, double error, const Format& output, const std::string& where) {
  if (error > 0.5)
    base::fail(base::Code::kCannotLower,
               fmt::format("tables of a PE's values are too coarse for its output step: its "
                           "products could be off by {:.3g} of it",
                           error),
               where, "quantise its factors to fewer bits, or the product with a coarser scale");
  const Product& product = layer.product();
  const double scaled = layer.float_scale_error * output.magnitude();
  const double offset =
      product.bias.isZero(0) ? 0.0 : 0.5 / static_cast<double>(product.threshold.minCoeff());
  layer.error_bound = 0.5 + error + scaled + offset;
}

}  // namespace quant
