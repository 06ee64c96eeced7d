// LSTM, GRU and RNN as loops over single elements, written from ONNX's text: what the operators are
// held to.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace nn::testing {

using Doubles = std::vector<double>;

/// A function of a gate, with the numbers that it uses.
struct LoopFunction {
  std::string name;
  double alpha = 0;
  double beta = 0;

  double operator()(double x) const {
    if (name == "Relu") return std::max(0.0, x);
    if (name == "Tanh") return (1 - std::exp(-2 * x)) / (1 + std::exp(-2 * x));
    if (name == "Sigmoid") return 1 / (1 + std::exp(-x));
    if (name == "Affine") return alpha * x + beta;
    if (name == "LeakyRelu") return x >= 0 ? x : alpha * x;
    if (name == "ThresholdedRelu") return x >= alpha ? x : 0;
    if (name == "ScaledTanh") return alpha * std::tanh(beta * x);
    if (name == "HardSigmoid") return std::min(std::max(alpha * x + beta, 0.0), 1.0);
    if (name == "Elu") return x >= 0 ? x : alpha * (std::exp(x) - 1);
    if (name == "Softsign") return x / (1 + std::abs(x));
    return std::log(1 + std::exp(x));  // Softplus
  }
};

/// A task in layout 0. What a node leaves out has its default here: zeros, whole lengths.
struct LoopTask {
  std::string op;
  int steps = 1, batch = 1, inputs = 1, hidden = 1, directions = 1;
  bool reverse = false;  ///< the only direction
  bool option = false;   ///< input_forget, linear_before_reset
  double clip = INFINITY;
  std::vector<LoopFunction> functions = {};  ///< of all directions
  std::vector<int> lengths = {};
  Doubles x = {}, w = {}, r = {}, b = {}, h = {}, c = {}, p = {};

  int gates() const { return op == "LSTM" ? 4 : op == "GRU" ? 3 : 1; }
};

struct LoopResult {
  Doubles y, y_h, y_c;
};

/// One direction's step of one sequence.
class LoopCell {
 public:
  LoopCell(const LoopTask& task, int direction) : t_(task), d_(direction) {}

  void step(const double* x, Doubles& h, Doubles& c) const {
    const Doubles before = h;
    for (int k = 0; k < t_.hidden; ++k) {
      if (t_.op == "LSTM") lstm(k, x, before, h, c);
      if (t_.op == "GRU") h[k] = gru(k, x, before);
      if (t_.op == "RNN") h[k] = f(0, clipped(in(k, x) + back(k, before)));
    }
  }

 private:
  double f(int which, double x) const {
    const int each = static_cast<int>(t_.functions.size()) / t_.directions;
    return t_.functions[d_ * each + which](x);
  }
  double clipped(double x) const { return std::max(-t_.clip, std::min(t_.clip, x)); }

  // Row `row` of W times x, plus its bias; of R times h.
  double in(int row, const double* x) const {
    const int rows = t_.gates() * t_.hidden;
    double sum = t_.b[d_ * 2 * rows + row];
    for (int i = 0; i < t_.inputs; ++i) sum += t_.w[(d_ * rows + row) * t_.inputs + i] * x[i];
    return sum;
  }
  double back(int row, const Doubles& h) const {
    const int rows = t_.gates() * t_.hidden;
    double sum = t_.b[d_ * 2 * rows + rows + row];
    for (int j = 0; j < t_.hidden; ++j) sum += t_.r[(d_ * rows + row) * t_.hidden + j] * h[j];
    return sum;
  }
  double peephole(int gate, int k) const { return t_.p[d_ * 3 * t_.hidden + gate * t_.hidden + k]; }

  void lstm(int k, const double* x, const Doubles& before, Doubles& h, Doubles& c) const {
    const int n = t_.hidden;
    const auto sum = [&](int gate) { return in(gate * n + k, x) + back(gate * n + k, before); };
    const double i = f(0, clipped(sum(0) + peephole(0, k) * c[k]));
    const double forget = t_.option ? 1 - i : f(0, clipped(sum(2) + peephole(2, k) * c[k]));
    c[k] = forget * c[k] + i * f(1, clipped(sum(3)));
    h[k] = f(0, clipped(sum(1) + peephole(1, k) * c[k])) * f(2, c[k]);
  }

  double gru(int k, const double* x, const Doubles& h) const {
    const int n = t_.hidden;
    const double z = f(0, clipped(in(k, x) + back(k, h)));
    const auto reset = [&](int j) { return f(0, clipped(in(n + j, x) + back(n + j, h))); };
    Doubles kept = h;
    for (int j = 0; j < n; ++j) kept[j] *= reset(j);
    const double recurrent = t_.option ? reset(k) * back(2 * n + k, h) : back(2 * n + k, kept);
    return (1 - z) * f(1, clipped(in(2 * n + k, x) + recurrent)) + z * h[k];
  }

  const LoopTask& t_;
  int d_;
};

inline LoopResult run_loops(const LoopTask& t) {
  LoopResult made;
  made.y.assign(static_cast<std::size_t>(t.steps * t.directions * t.batch * t.hidden), 0.0);
  made.y_h = t.h;
  made.y_c = t.c;
  for (int d = 0; d < t.directions; ++d)
    for (int n = 0; n < t.batch; ++n) {
      const auto first = (d * t.batch + n) * t.hidden;
      Doubles h(t.h.begin() + first, t.h.begin() + first + t.hidden);
      Doubles c(t.c.begin() + first, t.c.begin() + first + t.hidden);
      for (int s = 0; s < t.lengths[n]; ++s) {
        const int step = t.reverse || d == 1 ? t.lengths[n] - 1 - s : s;
        LoopCell(t, d).step(&t.x[(step * t.batch + n) * t.inputs], h, c);
        std::ranges::copy(h, made.y.begin() + ((step * t.directions + d) * t.batch + n) * t.hidden);
      }
      std::ranges::copy(h, made.y_h.begin() + first);
      std::ranges::copy(c, made.y_c.begin() + first);
    }
  return made;
}

}  // namespace nn::testing
