#include "quant/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace quant {

namespace {

std::string where(const Tensor& tensor) { return fmt::format("input \"{}\"", tensor.name); }

[[noreturn]] void does_not_fit(const Tensor& tensor, std::string what) {
  base::fail(base::Code::kCalibrationShape, std::move(what), where(tensor),
             "give samples with as many elements as the model's input");
}

Eigen::Index samples_of(const Tensor& tensor, const nn::Array& samples) {
  const std::int64_t total = nn::element_count(samples.shape);
  if (tensor.count() <= 0 || total % tensor.count() != 0)
    does_not_fit(tensor, fmt::format("data of shape {} for a network of {} inputs",
                                     nn::to_string(samples.shape), tensor.count()));
  return total / tensor.count();
}

std::int32_t encoded(double x, std::size_t element, const InputEncoding& encoding,
                     const Format& format) {
  const auto of = [&](const std::vector<double>& list) {
    return list[list.size() == 1 ? 0 : element];
  };
  const double q = std::nearbyint((of(encoding.gain) * x + of(encoding.offset)) / format.scale);
  return static_cast<std::int32_t>(std::clamp<double>(q, format.low, format.high));
}

}  // namespace

IntegerBatch encode_inputs(const Network& network, const std::vector<nn::Array>& samples) {
  const Tensor& first = network.tensors[network.inputs.front()];
  if (samples.size() != network.inputs.size())
    does_not_fit(first, fmt::format("data for {} inputs; the network has {}", samples.size(),
                                    network.inputs.size()));
  IntegerBatch result(samples_of(first, samples.front()), network.input_count());
  Eigen::Index column = 0;
  for (std::size_t input = 0; input < samples.size(); ++input) {
    const Tensor& tensor = network.tensors[network.inputs[input]];
    if (samples_of(tensor, samples[input]) != result.rows())
      does_not_fit(tensor, "the inputs bring different numbers of samples");
    const InputEncoding& encoding = network.encodings[input];
    for (Eigen::Index i = 0; i < result.rows() * tensor.count(); ++i) {
      const Eigen::Index element = i % tensor.count();
      const Eigen::Index from =
          encoding.order.empty() ? i
                                 : i - element + encoding.order[static_cast<std::size_t>(element)];
      const double x = samples[input].at(static_cast<std::size_t>(from));
      if (std::isnan(x))
        base::fail(base::Code::kNotFinite, fmt::format("element {} is not a number", from),
                   where(tensor), "replace it in data.inputs and data.calibration");
      result(i / tensor.count(), column + element) =
          encoded(x, static_cast<std::size_t>(element), encoding, tensor.format);
    }
    column += tensor.count();
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
