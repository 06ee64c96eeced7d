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

std::optional<Affine> Affine::by_channel(int area) const {
  const auto firsts = [&](const Eigen::VectorXd& all) -> std::optional<Eigen::VectorXd> {
    if (all.size() == 1 || area == 1) return all;
    const auto elements = Eigen::Map<const Eigen::MatrixXd>(all.data(), area, all.size() / area);
    if (!(elements.rowwise() - elements.row(0)).isZero(0)) return std::nullopt;
    return elements.row(0).transpose().eval();
  };
  const auto gains = firsts(gain);
  const auto offsets = firsts(offset);
  if (!gains || !offsets) return std::nullopt;
  return Affine{*gains, *offsets};
}

Affine Affine::spread(int area) const {
  const auto repeated = [&](const Eigen::VectorXd& all) -> Eigen::VectorXd {
    if (all.size() == 1) return all;
    return all.transpose().replicate(area, 1).reshaped();
  };
  return {repeated(gain), repeated(offset)};
}

Affine Affine::part(int first, int count, int total) const {
  return {gain.size() == 1 ? gain : gain_of(total).segment(first, count).eval(),
          offset.size() == 1 ? offset : offset_of(total).segment(first, count).eval()};
}

}  // namespace quant
