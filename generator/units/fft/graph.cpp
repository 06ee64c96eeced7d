// The graph of a transform: quant/real_fft.hpp says what it computes.
#include <cmath>
#include <numbers>
#include <utility>

#include "units/fft/fft.hpp"

namespace units {

namespace {

struct Bin {
  WordId re{};
  WordId im{};  // invalid where it is 0
};

// Builds the graph of one transform. Paths name words: e, p, q for the parts of a decomposition.
class Builder {
 public:
  Builder(const quant::TransformRule& rule, Multiplier multiplier, Datapath& path)
      : rule_(rule), multiplier_(multiplier), path_(path) {}

  // Bins 0 .. n/2 of n numbers.
  std::vector<Bin> forward(const std::string& at, const std::vector<WordId>& x, int level);
  // n numbers of bins 0 .. n/2.
  std::vector<WordId> inverse(const std::string& at, const std::vector<Bin>& bins, int level);

 private:
  WordId plus(const std::string& name, WordId a, WordId b, int level) {
    return halved(name, level, [&](const std::string& as) { return path_.sum(as, a, b); });
  }
  WordId minus(const std::string& name, WordId a, WordId b, int level) {
    return halved(name, level, [&](const std::string& as) { return path_.difference(as, a, b); });
  }
  template <class Make>
  WordId halved(const std::string& name, int level, Make make) {
    if (level > rule_.halvings) return make(name);
    return path_.rounded(name, make(name + "_whole"), 1);
  }
  WordId through(const std::string& name, WordId a, int level) {
    return level > rule_.halvings ? a : path_.rounded(name, a, 1);
  }
  WordId times(const std::string& name, double factor, WordId a) {
    const std::int64_t fixed = quant::to_fixed(factor, rule_.factor_bits);
    return path_.rounded(name, path_.scaled(name + "_wide", a, fixed), rule_.factor_bits);
  }
  // c * a + s * b; a factor may be 0.
  WordId mixed(const std::string& name, std::int64_t c, WordId a, std::int64_t s, WordId b);
  // (re + i im) * exp(i * angle).
  Bin turned(const std::string& name, Bin z, double angle);

  // The sum of the turned bins k of p and q, and the turned q - p.
  std::pair<Bin, Bin> joined(const std::string& at, const std::vector<Bin>& p,
                             const std::vector<Bin>& q, std::size_t k, int level);
  // Bins k of p and q out of those of all.
  std::pair<Bin, Bin> parted(const std::string& at, const std::vector<Bin>& bins, std::size_t k,
                             int level);

  const quant::TransformRule& rule_;
  Multiplier multiplier_;
  Datapath& path_;
};

double angle_of(std::size_t k, std::size_t n) {
  return 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
}

std::vector<WordId> every(const std::vector<WordId>& x, std::size_t first, std::size_t step) {
  std::vector<WordId> some;
  for (std::size_t i = first; i < x.size(); i += step) some.push_back(x[i]);
  return some;
}

std::string numbered(const std::string& at, const char* what, std::size_t k) {
  return at + what + std::to_string(k);
}

WordId Builder::mixed(const std::string& name, std::int64_t c, WordId a, std::int64_t s, WordId b) {
  const WordId left = c != 0 ? path_.scaled(name + "_c", a, c) : WordId();
  const WordId right = s != 0 ? path_.scaled(name + "_s", b, s) : WordId();
  if (!left.valid() || !right.valid()) return left.valid() ? left : right;
  return path_.sum(name + "_wide", left, right);
}

Bin Builder::turned(const std::string& name, Bin z, double angle) {
  const std::int64_t c = quant::to_fixed(std::cos(angle), rule_.factor_bits);
  const std::int64_t s = quant::to_fixed(std::sin(angle), rule_.factor_bits);
  Bin wide;
  if (multiplier_ == Multiplier::kShiftAdds || c == 0 || s == 0 || c == s || c == -s) {
    wide = {mixed(name + "_re", c, z.re, -s, z.im), mixed(name + "_im", c, z.im, s, z.re)};
  } else {
    // The same numbers with three multiplications and three more sums.
    const WordId both = path_.scaled(name + "_both", path_.sum(name + "_sum", z.re, z.im), c);
    wide = {path_.difference(name + "_re_wide", both, path_.scaled(name + "_re_s", z.im, c + s)),
            path_.sum(name + "_im_wide", both, path_.scaled(name + "_im_s", z.re, s - c))};
  }
  return {path_.rounded(name + "_re", wide.re, rule_.factor_bits),
          path_.rounded(name + "_im", wide.im, rule_.factor_bits)};
}

std::pair<Bin, Bin> Builder::joined(const std::string& at, const std::vector<Bin>& p,
                                    const std::vector<Bin>& q, std::size_t k, int level) {
  const std::size_t n = std::size_t{1} << level;
  const std::string s = numbered(at, "s", k);
  const std::string t = numbered(at, "t", k);
  if (k == 0)
    return {{plus(s, p[0].re, q[0].re, level - 1)}, {minus(t, q[0].re, p[0].re, level - 1)}};
  if (8 * k == n) {
    const double c = std::numbers::sqrt2 / 2;
    return {{times(s + "_re", c, minus(s + "_less", p[k].re, q[k].re, level - 1)),
             times(s + "_im", -c, plus(s + "_more", p[k].re, q[k].re, level - 1))},
            {}};
  }
  const Bin a = turned(numbered(at, "a", k), p[k], -angle_of(k, n));
  const Bin b = turned(numbered(at, "b", k), q[k], -angle_of(3 * k, n));
  return {{plus(s + "_re", a.re, b.re, level - 1), plus(s + "_im", a.im, b.im, level - 1)},
          {minus(t + "_re", b.re, a.re, level - 1), minus(t + "_im", b.im, a.im, level - 1)}};
}

std::vector<Bin> Builder::forward(const std::string& at, const std::vector<WordId>& x, int level) {
  const std::size_t n = x.size();
  if (n == 1) return {{x[0]}};
  if (n == 2) return {{plus(at + "0", x[0], x[1], level)}, {minus(at + "1", x[0], x[1], level)}};
  const std::vector<Bin> e = forward(at + "e", every(x, 0, 2), level - 1);
  const std::vector<Bin> p = forward(at + "p", every(x, 1, 4), level - 2);
  const std::vector<Bin> q = forward(at + "q", every(x, 3, 4), level - 2);
  std::vector<Bin> bins(n / 2 + 1);
  for (std::size_t k = 0; 8 * k <= n; ++k) {
    const auto [s, t] = joined(at, p, q, k, level);
    const std::size_t last = n / 2 - k;
    if (k == 0) {
      bins[0].re = plus(at + "0", e[0].re, s.re, level);
      bins[last].re = minus(numbered(at, "", last), e[0].re, s.re, level);
      bins[n / 4] = {through(numbered(at, "", n / 4) + "_re", e[n / 4].re, level),
                     through(numbered(at, "", n / 4) + "_im", t.re, level)};
      continue;
    }
    bins[k] = {plus(numbered(at, "", k) + "_re", e[k].re, s.re, level),
               plus(numbered(at, "", k) + "_im", e[k].im, s.im, level)};
    bins[last] = {minus(numbered(at, "", last) + "_re", e[k].re, s.re, level),
                  minus(numbered(at, "", last) + "_im", s.im, e[k].im, level)};
    if (8 * k == n) continue;
    const std::size_t below = n / 4 - k;
    const std::size_t above = n / 4 + k;
    const Bin f = e[below];
    bins[below] = {plus(numbered(at, "", below) + "_re", f.re, t.im, level),
                   plus(numbered(at, "", below) + "_im", f.im, t.re, level)};
    bins[above] = {minus(numbered(at, "", above) + "_re", f.re, t.im, level),
                   minus(numbered(at, "", above) + "_im", t.re, f.im, level)};
  }
  return bins;
}

std::pair<Bin, Bin> Builder::parted(const std::string& at, const std::vector<Bin>& bins,
                                    std::size_t k, int level) {
  const std::size_t n = std::size_t{1} << level;
  const Bin a = bins[k];
  const Bin b = bins[n / 2 - k];
  const std::string d = numbered(at, "d", k);
  const std::string m = numbered(at, "m", k);
  const std::string u = numbered(at, "u", k);
  const std::string v = numbered(at, "v", k);
  if (k == 0) {
    const WordId less = minus(d, a.re, b.re, level);
    const WordId twice = plus(m, bins[n / 4].im, bins[n / 4].im, level);
    return {{minus(u, less, twice, level - 1)}, {plus(v, less, twice, level - 1)}};
  }
  const Bin less{minus(d + "_re", a.re, b.re, level), plus(d + "_im", a.im, b.im, level)};
  if (8 * k == n)
    return {{times(u, std::numbers::sqrt2, minus(u + "_sum", less.re, less.im, level - 1))},
            {times(v, -std::numbers::sqrt2, plus(v + "_sum", less.re, less.im, level - 1))}};
  const Bin above = bins[n / 4 + k];
  const Bin below = bins[n / 4 - k];
  const Bin more{minus(m + "_re", above.re, below.re, level),
                 plus(m + "_im", above.im, below.im, level)};
  const Bin left{minus(u + "_sum_re", less.re, more.im, level - 1),
                 plus(u + "_sum_im", less.im, more.re, level - 1)};
  const Bin right{plus(v + "_sum_re", less.re, more.im, level - 1),
                  minus(v + "_sum_im", less.im, more.re, level - 1)};
  return {turned(u, left, angle_of(k, n)), turned(v, right, angle_of(3 * k, n))};
}

std::vector<WordId> Builder::inverse(const std::string& at, const std::vector<Bin>& bins,
                                     int level) {
  const std::size_t n = std::size_t{1} << level;
  if (n == 1) return {bins[0].re};
  if (n == 2)
    return {plus(at + "0", bins[0].re, bins[1].re, level),
            minus(at + "1", bins[0].re, bins[1].re, level)};
  std::vector<Bin> e(n / 4 + 1), p(n / 8 + 1), q(n / 8 + 1);
  for (std::size_t k = 0; 4 * k <= n; ++k) {
    const Bin a = bins[k];
    const Bin b = bins[n / 2 - k];
    const std::string name = numbered(at, "e", k);
    e[k].re = plus(name + "_re", a.re, b.re, level);
    if (k != 0 && 4 * k != n) e[k].im = minus(name + "_im", a.im, b.im, level);
  }
  for (std::size_t k = 0; 8 * k <= n; ++k) std::tie(p[k], q[k]) = parted(at, bins, k, level);
  const std::vector<WordId> even = inverse(at + "e", e, level - 1);
  const std::vector<WordId> first = inverse(at + "p", p, level - 2);
  const std::vector<WordId> third = inverse(at + "q", q, level - 2);
  std::vector<WordId> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = i % 2 == 0 ? even[i / 2] : (i % 4 == 1 ? first : third)[i / 4];
  return x;
}

// Bins of a packed spectrum.
std::vector<Bin> unpacked(const std::vector<WordId>& words) {
  std::vector<Bin> bins{{words[0]}};
  for (std::size_t i = 2; i + 1 < words.size(); i += 2) bins.push_back({words[i], words[i + 1]});
  bins.push_back({words[1]});
  return bins;
}

std::vector<WordId> packed(const std::vector<Bin>& bins) {
  std::vector<WordId> words{bins.front().re, bins.back().re};
  for (std::size_t k = 1; k + 1 < bins.size(); ++k) {
    words.push_back(bins[k].re);
    words.push_back(bins[k].im);
  }
  return words;
}

}  // namespace

std::string bin_name(const char* what, std::size_t place, std::size_t points) {
  if (place == 0) return what + std::string("0");
  if (place == 1) return what + std::to_string(points / 2);
  return what + std::to_string(place / 2) + (place % 2 == 0 ? "_re" : "_im");
}

std::vector<WordId> add_transform(Datapath& path, const quant::TransformRule& rule, bool inverse,
                                  Multiplier multiplier, const std::vector<WordId>& in,
                                  const std::string& name) {
  if (rule.points == 1) return in;
  int level = 0;
  while (1 << level < rule.points) ++level;
  Builder builder(rule, multiplier, path);
  return inverse ? builder.inverse(name, unpacked(in), level)
                 : packed(builder.forward(name, in, level));
}

Datapath datapath(const FftConfig& config) {
  const quant::TransformRule& rule = config.rule;
  const auto points = static_cast<std::size_t>(rule.points);
  Datapath path(rule.rounding);
  std::vector<WordId> in;
  for (std::size_t i = 0; i < points; ++i)
    in.push_back(path.input(config.inverse ? bin_name("in", i, points) : "in" + std::to_string(i),
                            config.bits));
  const std::vector<WordId> results =
      add_transform(path, rule, config.inverse, config.multiplier, in, "x");
  for (std::size_t i = 0; i < points; ++i) {
    const std::string name =
        config.inverse ? "out" + std::to_string(i) : bin_name("out", i, points);
    WordId word = path.rounded(name + "_scaled", results[i], rule.end_shift);
    if (rule.out_bits > 0) word = path.clipped(name, word, rule.out_bits);
    path.output(word);
  }
  return path;
}

}  // namespace units
