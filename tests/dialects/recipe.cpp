#include "dialects/recipe.hpp"

#include <algorithm>
#include <cmath>

namespace dialects {

namespace {

using Values = std::vector<std::vector<double>>;

Dense random_dense(int inputs, int outputs, base::Rng& rng) {
  Dense dense{inputs, outputs, {}, {}};
  const double most = 1.7 / std::sqrt(inputs);
  for (int i = 0; i < inputs * outputs; ++i)
    dense.weights.push_back(static_cast<float>(most * (2 * rng.uniform() - 1)));
  for (int i = 0; i < outputs; ++i)
    dense.bias.push_back(static_cast<float>(0.5 * (2 * rng.uniform() - 1)));
  return dense;
}

// Appends steps; each function returns the value that it makes.
class Growth {
 public:
  Growth(int inputs, base::Rng& rng) : rng_(rng) { recipe_.inputs = inputs; }

  int dense(int from, int outputs, bool relu) {
    return push({.kind = Step::Kind::kDense,
                 .a = from,
                 .relu = relu,
                 .dense = random_dense(recipe_.width(from), outputs, rng_)});
  }
  int residual(int from) {
    const int width = recipe_.width(from);
    const int inner = dense(from, static_cast<int>(rng_.between(3, 9)), true);
    const int outer = dense(inner, width, false);
    return push({.kind = Step::Kind::kAdd, .a = from, .b = outer, .relu = rng_.below(2) == 0});
  }
  int inception(int from) {
    const int a = dense(from, static_cast<int>(rng_.between(2, 6)), true);
    const int b = dense(from, static_cast<int>(rng_.between(2, 6)), true);
    return concat(a, b);
  }
  int halves(int from) {
    const int a = push({.kind = Step::Kind::kHalf, .a = from, .b = 0});
    const int b = push({.kind = Step::Kind::kHalf, .a = from, .b = 1});
    return concat(dense(a, static_cast<int>(rng_.between(2, 5)), true), b);
  }
  Recipe take() { return std::move(recipe_); }

 private:
  int concat(int a, int b) { return push({.kind = Step::Kind::kConcat, .a = a, .b = b}); }
  int push(Step step) {
    recipe_.steps.push_back(std::move(step));
    return static_cast<int>(recipe_.steps.size());
  }

  base::Rng& rng_;
  Recipe recipe_;
};

std::vector<double> dense_of(const Dense& dense, const std::vector<double>& x) {
  std::vector<double> y(dense.bias.begin(), dense.bias.end());
  for (std::size_t r = 0; r < x.size(); ++r)
    for (std::size_t c = 0; c < y.size(); ++c) y[c] += x[r] * dense.weights[r * y.size() + c];
  return y;
}

std::vector<double> value_of(const Step& step, const Values& values) {
  const std::vector<double>& a = values[static_cast<std::size_t>(step.a)];
  const std::vector<double>& b = values[static_cast<std::size_t>(step.b)];
  const auto half = static_cast<std::ptrdiff_t>(a.size() / 2);
  std::vector<double> y;
  switch (step.kind) {
    case Step::Kind::kDense:
      y = dense_of(step.dense, a);
      break;
    case Step::Kind::kAdd:
      y = a;
      for (std::size_t i = 0; i < y.size(); ++i) y[i] += b[i];
      break;
    case Step::Kind::kConcat:
      y = a;
      y.insert(y.end(), b.begin(), b.end());
      break;
    case Step::Kind::kHalf:
      y.assign(step.b == 0 ? a.begin() : a.begin() + half,
               step.b == 0 ? a.begin() + half : a.end());
      break;
  }
  if (step.relu)
    for (double& value : y) value = std::max(value, 0.0);
  return y;
}

}  // namespace

int Recipe::width(int value) const {
  if (value == 0) return inputs;
  const Step& step = steps[static_cast<std::size_t>(value) - 1];
  switch (step.kind) {
    case Step::Kind::kDense:
      return step.dense.outputs;
    case Step::Kind::kAdd:
      return width(step.a);
    case Step::Kind::kConcat:
      return width(step.a) + width(step.b);
    case Step::Kind::kHalf:
      return step.b == 0 ? width(step.a) / 2 : width(step.a) - width(step.a) / 2;
  }
  return 0;
}

Recipe random_recipe(bool branches, base::Rng& rng) {
  Growth growth(static_cast<int>(2 * rng.between(2, 6)), rng);
  int at = 0;
  for (std::int64_t block = rng.between(1, 3); block > 0; --block) {
    const std::uint64_t kind = branches ? rng.below(4) : 0;
    if (kind == 0) at = growth.dense(at, static_cast<int>(rng.between(3, 10)), true);
    if (kind == 1) at = growth.residual(at);
    if (kind == 2) at = growth.inception(at);
    if (kind == 3) at = growth.halves(at);
  }
  growth.dense(at, static_cast<int>(rng.between(2, 5)), false);
  return growth.take();
}

std::vector<float> random_samples(int count, int inputs, base::Rng& rng) {
  std::vector<float> samples;
  for (int i = 0; i < count * inputs; ++i)
    samples.push_back(static_cast<float>(2 * rng.uniform() - 1));
  return samples;
}

std::vector<double> peaks(const Recipe& recipe, const std::vector<float>& samples) {
  std::vector<double> peaks(recipe.steps.size() + 1, 0.0);
  const auto inputs = static_cast<std::ptrdiff_t>(recipe.inputs);
  for (auto at = samples.begin(); at != samples.end(); at += inputs) {
    Values values = {{at, at + inputs}};
    for (const Step& step : recipe.steps) values.push_back(value_of(step, values));
    for (std::size_t v = 0; v < values.size(); ++v)
      for (const double value : values[v]) peaks[v] = std::max(peaks[v], std::abs(value));
  }
  return peaks;
}

}  // namespace dialects
