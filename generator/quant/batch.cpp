#include "quant/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace quant {

IntegerBatch encode_inputs(const Network& network, const nn::Array& samples) {
  const std::int64_t total = nn::element_count(samples.shape);
  if (network.input_count <= 0 || total % network.input_count != 0)
    base::fail(base::Code::kCalibrationShape,
               fmt::format("data of shape {} for a network of {} inputs",
                           nn::to_string(samples.shape), network.input_count),
               fmt::format("input \"{}\"", network.input_name),
               "give samples with as many elements as the model's input");
  const double limit = std::ldexp(1.0, network.input.bits) - 1;
  const InputEncoding& encoding = network.encoding;
  const double low = std::max<double>(encoding.low, network.input.is_signed ? -limit : 0.0);
  const double high = std::min<double>(encoding.high, limit);
  IntegerBatch result(total / network.input_count, network.input_count);
  for (std::int64_t i = 0; i < total; ++i) {
    const double x = samples.at(static_cast<std::size_t>(i));
    if (std::isnan(x))
      base::fail(base::Code::kNotFinite, fmt::format("element {} is not a number", i),
                 fmt::format("input \"{}\"", network.input_name),
                 "replace it in data.inputs and data.calibration");
    const double q = std::nearbyint((encoding.gain * x + encoding.offset) / network.input.scale);
    result.data()[i] = static_cast<std::int32_t>(std::clamp(q, low, high));
  }
  return result;
}

std::vector<int> argmax(const IntegerBatch& outputs) {
  std::vector<int> classes(static_cast<std::size_t>(outputs.rows()));
  for (Eigen::Index s = 0; s < outputs.rows(); ++s) {
    Eigen::Index best = 0;
    for (Eigen::Index c = 1; c < outputs.cols(); ++c)
      if (outputs(s, c) > outputs(s, best)) best = c;
    classes[static_cast<std::size_t>(s)] = static_cast<int>(best);
  }
  return classes;
}

}  // namespace quant
