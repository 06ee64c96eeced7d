#include "quant/affine.hpp"

#include <algorithm>

namespace quant {

bool Affine::is_identity() const { return is_uniform() && gain[0] == 1.0 && offset[0] == 0.0; }

Eigen::VectorXd Affine::gain_of(int count) const {
  return gain.size() == count ? gain : Eigen::VectorXd::Constant(count, gain[0]).eval();
}

Eigen::VectorXd Affine::offset_of(int count) const {
  return offset.size() == count ? offset : Eigen::VectorXd::Constant(count, offset[0]).eval();
}

void Affine::then(const Affine& step) {
  const int count = static_cast<int>(
      std::max({gain.size(), offset.size(), step.gain.size(), step.offset.size()}));
  const Eigen::VectorXd factor = step.gain_of(count);
  gain = gain_of(count).cwiseProduct(factor);
  offset = offset_of(count).cwiseProduct(factor) + step.offset_of(count);
}

bool Affine::is_uniform() const {
  return (gain.array() == gain[0]).all() && (offset.array() == offset[0]).all();
}

Affine Affine::part(int first, int count, int total) const {
  return {gain.size() == 1 ? gain : gain_of(total).segment(first, count).eval(),
          offset.size() == 1 ? offset : offset_of(total).segment(first, count).eval()};
}

}  // namespace quant
