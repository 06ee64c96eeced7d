// Maps of a value's elements, each by itself.
#pragma once

#include <Eigen/Core>
#include <optional>

namespace quant {

/// y = gain * x + offset, one factor for all elements (size 1) or one each.
struct Affine {
  Eigen::VectorXd gain = Eigen::VectorXd::Ones(1);
  Eigen::VectorXd offset = Eigen::VectorXd::Zero(1);

  bool is_identity() const;
  /// One factor and one offset for all elements.
  bool is_uniform() const;
  /// Applies `step` after this map. Sizes other than 1 must agree.
  void then(const Affine& step);
  /// `count` factors, offsets.
  Eigen::VectorXd gain_of(int count) const;
  Eigen::VectorXd offset_of(int count) const;
  /// The maps of elements [first, first + count) of `total`.
  Affine part(int first, int count, int total) const;
  /// That of the first element, for all.
  Affine first() const { return {gain.head(1), offset.head(1)}; }
  /// Over channels, if this is over their `area` elements each; none if those of a channel differ.
  std::optional<Affine> by_channel(int area) const;
  /// Over `area` elements a channel, if this is over channels.
  Affine spread(int area) const;
};

}  // namespace quant
