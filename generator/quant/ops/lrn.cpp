// LRN: each element times a power of the squares around it.
#include <cmath>

#include "quant/walks.hpp"

namespace quant {

namespace {

// Which channels a channel's squares are summed over: rows are added to columns.
Eigen::MatrixXd around(int channels, std::int64_t size) {
  Eigen::MatrixXd band = Eigen::MatrixXd::Zero(channels, channels);
  for (std::int64_t c = 0; c < channels; ++c)
    for (std::int64_t k = std::max<std::int64_t>(0, c - (size - 1) / 2);
         k <= std::min<std::int64_t>(channels - 1, c + size / 2); ++k)
      band(k, c) = 1;
  return band;
}

void lower(Builder& builder, const nn::Node& node) {
  const nn::ValueId data = node.inputs.at(0);
  const Factor x{builder.real(node, data), data};
  const nn::Shape shape = map_shape(builder, node, data);
  const std::int64_t size = node.int_attribute("size", 1);
  const double factor = node.float_attribute("alpha", 1e-4F) / static_cast<double>(size);
  const double beta = node.float_attribute("beta", 0.75F);
  const double bias = node.float_attribute("bias", 1.0F);
  const Carried squares = builder.table_of(
      node.name + "_squares", x,
      [](const Eigen::ArrayXd& reals) -> Eigen::ArrayXd { return reals.square(); });
  const Carried sums = builder.sums_of_codes(node, node.name + "_sums", squares,
                                             around(static_cast<int>(shape[1]), size));
  const auto power = [=](const Eigen::ArrayXd& sum) -> Eigen::ArrayXd {
    return (bias + factor * sum).pow(-beta);
  };
  // Finer than what it multiplies, which has the sum's bits at any rate.
  constexpr int kMoreBits = 2;
  const Carried powers = builder.table_of(node.name + "_power", {sums}, power, {}, 1, kMoreBits);
  builder.multiply(node, x, {powers});
}

}  // namespace

Lowering lrn_lowering() {
  return {{"LRN"},
          "a product of two signals: the elements, and a table of sums of a table of squares",
          lower};
}

}  // namespace quant
