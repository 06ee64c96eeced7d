#include "dialects/writer.hpp"

#include <algorithm>
#include <cmath>

namespace dialects {

std::string to_string(Dialect dialect) {
  constexpr const char* kNames[kDialects] = {"torch", "keras",    "sklearn", "qdq",
                                             "qop",   "brevitas", "qonnx"};
  return kNames[static_cast<int>(dialect)];
}

Written write(Dialect dialect, std::uint64_t seed) {
  using Writer = void (*)(Written&, base::Rng&);
  constexpr Writer kWriters[kDialects] = {write_torch, write_keras,    write_sklearn, write_qdq,
                                          write_qop,   write_brevitas, write_qonnx};
  base::Rng rng(seed);
  Written written;
  written.dialect = dialect;
  const bool branches = dialect != Dialect::kSklearn && rng.below(2) == 0;
  written.recipe = random_recipe(branches, rng);
  kWriters[static_cast<int>(dialect)](written, rng);
  return written;
}

int Codes::code(double value) const {
  return std::clamp(static_cast<int>(std::rint(value / scale)) + zero, low(), high());
}

float scale_for(double peak, const Codes& codes, bool power_of_two) {
  const int most = std::max(codes.high() - codes.zero, codes.zero - codes.low());
  const double scale = std::max(peak, 1e-3) / most;
  return static_cast<float>(power_of_two ? std::exp2(std::round(std::log2(scale))) : scale);
}

double weight_peak(const Dense& dense, int column) {
  double peak = 1e-3;
  for (std::size_t i = 0; i < dense.weights.size(); ++i)
    if (column < 0 || static_cast<int>(i) % dense.outputs == column)
      peak = std::max<double>(peak, std::abs(dense.weights[i]));
  return peak;
}

std::vector<float> transposed(const Dense& dense) {
  std::vector<float> rows;
  for (int c = 0; c < dense.outputs; ++c)
    for (int r = 0; r < dense.inputs; ++r)
      rows.push_back(dense.weights[static_cast<std::size_t>(r * dense.outputs + c)]);
  return rows;
}

}  // namespace dialects
