#include "quant/real_fft.hpp"

#include <cmath>
#include <numbers>

namespace quant {

namespace {

using Numbers = std::vector<std::int64_t>;

struct Complex {
  std::int64_t re = 0;
  std::int64_t im = 0;
};

// Bins 0 .. n/2 of n real numbers; of the first and the last the imaginary part is 0.
using Half = std::vector<Complex>;

class Transform {
 public:
  explicit Transform(const TransformRule& rule) : rule_(rule) {}

  Half forward(const Numbers& x, int level) const;
  Numbers inverse(const Half& bins, int level) const;

  std::int64_t end(std::int64_t value) const {
    value = rounded(value, rule_.end_shift, rule_.rounding);
    return rule_.out_bits > 0 ? clipped(value, rule_.out_bits) : value;
  }

 private:
  struct Pair {
    Complex s;  // of the rotated P and Q the sum
    Complex t;  // and Q - P
  };

  std::int64_t halved(std::int64_t value, int level) const {
    return level <= rule_.halvings ? rounded(value, 1, rule_.rounding) : value;
  }
  Complex halved(Complex value, int level) const {
    return {halved(value.re, level), halved(value.im, level)};
  }
  std::int64_t times(double factor, std::int64_t value) const {
    return rounded(to_fixed(factor, rule_.factor_bits) * value, rule_.factor_bits, rule_.rounding);
  }
  // z * exp(i * angle).
  Complex turned(Complex z, double angle) const {
    const std::int64_t c = to_fixed(std::cos(angle), rule_.factor_bits);
    const std::int64_t s = to_fixed(std::sin(angle), rule_.factor_bits);
    return {rounded(c * z.re - s * z.im, rule_.factor_bits, rule_.rounding),
            rounded(c * z.im + s * z.re, rule_.factor_bits, rule_.rounding)};
  }
  Pair joined(const Half& p, const Half& q, std::size_t k, int level) const;
  void parted(const Half& bins, std::size_t k, int level, Half& p, Half& q) const;

  TransformRule rule_;
};

Numbers every(const Numbers& x, std::size_t first, std::size_t step) {
  Numbers some;
  for (std::size_t i = first; i < x.size(); i += step) some.push_back(x[i]);
  return some;
}

double angle_of(std::size_t k, std::size_t n) {
  return 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
}

Transform::Pair Transform::joined(const Half& p, const Half& q, std::size_t k, int level) const {
  const std::size_t n = std::size_t{1} << level;
  if (k == 0)
    return {{halved(p[0].re + q[0].re, level - 1)}, {halved(q[0].re - p[0].re, level - 1)}};
  if (8 * k == n) {
    const double c = std::numbers::sqrt2 / 2;
    return {{times(c, halved(p[k].re - q[k].re, level - 1)),
             times(-c, halved(p[k].re + q[k].re, level - 1))},
            {}};
  }
  const Complex a = turned(p[k], -angle_of(k, n));
  const Complex b = turned(q[k], -angle_of(3 * k, n));
  return {halved(Complex{a.re + b.re, a.im + b.im}, level - 1),
          halved(Complex{b.re - a.re, b.im - a.im}, level - 1)};
}

Half Transform::forward(const Numbers& x, int level) const {
  const std::size_t n = x.size();
  if (n == 1) return {{x[0]}};
  if (n == 2) return {{halved(x[0] + x[1], level)}, {halved(x[0] - x[1], level)}};
  const Half e = forward(every(x, 0, 2), level - 1);
  const Half p = forward(every(x, 1, 4), level - 2);
  const Half q = forward(every(x, 3, 4), level - 2);
  std::vector<Pair> pairs;
  for (std::size_t k = 0; 8 * k <= n; ++k) pairs.push_back(joined(p, q, k, level));
  Half bins;
  for (std::size_t k = 0; k <= n / 2; ++k) {
    Complex sum;
    if (8 * k <= n) {
      sum = {e[k].re + pairs[k].s.re, e[k].im + pairs[k].s.im};
    } else if (4 * k < n) {
      const Complex t = pairs[n / 4 - k].t;
      sum = {e[k].re + t.im, e[k].im + t.re};
    } else if (8 * k < 3 * n) {
      const Complex t = pairs[k - n / 4].t;
      const Complex f = e[n / 2 - k];
      sum = {f.re - t.im, t.re - f.im};
    } else {
      const Complex s = pairs[n / 2 - k].s;
      sum = {e[n / 2 - k].re - s.re, s.im - e[n / 2 - k].im};
    }
    bins.push_back(halved(sum, level));
  }
  return bins;
}

// Bins k of P and Q.
void Transform::parted(const Half& bins, std::size_t k, int level, Half& p, Half& q) const {
  const std::size_t n = std::size_t{1} << level;
  const Complex a = bins[k];
  const Complex b = bins[n / 2 - k];
  if (k == 0) {
    const std::int64_t d = halved(a.re - b.re, level);
    const std::int64_t m = halved(2 * bins[n / 4].im, level);
    p[0].re = halved(d - m, level - 1);
    q[0].re = halved(d + m, level - 1);
    return;
  }
  const Complex d = halved(Complex{a.re - b.re, a.im + b.im}, level);
  if (8 * k == n) {
    p[k].re = times(std::numbers::sqrt2, halved(d.re - d.im, level - 1));
    q[k].re = times(-std::numbers::sqrt2, halved(d.re + d.im, level - 1));
    return;
  }
  const Complex above = bins[n / 4 + k];
  const Complex below = bins[n / 4 - k];
  const Complex m = halved(Complex{above.re - below.re, above.im + below.im}, level);
  p[k] = turned(halved(Complex{d.re - m.im, d.im + m.re}, level - 1), angle_of(k, n));
  q[k] = turned(halved(Complex{d.re + m.im, d.im - m.re}, level - 1), angle_of(3 * k, n));
}

Numbers Transform::inverse(const Half& bins, int level) const {
  const std::size_t n = std::size_t{1} << level;
  if (n == 1) return {bins[0].re};
  if (n == 2)
    return {halved(bins[0].re + bins[1].re, level), halved(bins[0].re - bins[1].re, level)};
  Half e(n / 4 + 1), p(n / 8 + 1), q(n / 8 + 1);
  for (std::size_t k = 0; 4 * k <= n; ++k) {
    const Complex a = bins[k];
    const Complex b = bins[n / 2 - k];
    e[k] = halved(Complex{a.re + b.re, a.im - b.im}, level);
  }
  for (std::size_t k = 0; 8 * k <= n; ++k) parted(bins, k, level, p, q);
  const Numbers even = inverse(e, level - 1);
  const Numbers first = inverse(p, level - 2);
  const Numbers third = inverse(q, level - 2);
  Numbers x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = i % 2 == 0 ? even[i / 2] : (i % 4 == 1 ? first : third)[i / 4];
  return x;
}

int level_of(int points) {
  int level = 0;
  while (1 << level < points) ++level;
  return level;
}

}  // namespace

std::vector<std::int64_t> real_dft(const TransformRule& rule, std::span<const std::int64_t> x) {
  const Transform transform(rule);
  const Half bins = transform.forward({x.begin(), x.end()}, level_of(rule.points));
  Numbers packed{bins.front().re};
  if (bins.size() > 1) packed.push_back(bins.back().re);
  for (std::size_t k = 1; k + 1 < bins.size(); ++k) {
    packed.push_back(bins[k].re);
    packed.push_back(bins[k].im);
  }
  for (std::int64_t& value : packed) value = transform.end(value);
  return packed;
}

std::vector<std::int64_t> real_idft(const TransformRule& rule, std::span<const std::int64_t> bins) {
  const Transform transform(rule);
  Half half{{bins[0]}};
  for (std::size_t k = 2; k + 1 < bins.size(); k += 2) half.push_back({bins[k], bins[k + 1]});
  if (bins.size() > 1) half.push_back({bins[1]});
  Numbers x = transform.inverse(half, level_of(rule.points));
  for (std::int64_t& value : x) value = transform.end(value);
  return x;
}

}  // namespace quant
