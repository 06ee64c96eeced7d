#include "app/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "core/integer.hpp"
#include "nn/reference.hpp"

namespace app {

namespace {

[[noreturn]] void bad_labels(const nn::SampleSet& set, std::string what, std::string cure) {
  base::fail(base::Code::kBadSamples, std::move(what), set.name, std::move(cure));
}

std::vector<double> values_of(const nn::Array& array) {
  std::vector<double> values(static_cast<std::size_t>(nn::element_count(array.shape)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = array.at(i);
  return values;
}

// Labels of a network of one output that name two classes, whichever way they are written.
bool are_binary(const std::vector<double>& values) {
  const auto all_in = [&](double low) {
    return std::ranges::all_of(values, [&](double x) { return x == low || x == 1; });
  };
  return all_in(0) || all_in(-1);
}

// Rows of one 1 and else 0.
bool are_one_hot(const std::vector<double>& values, int width) {
  for (std::size_t first = 0; first < values.size(); first += static_cast<std::size_t>(width)) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::count(row, row + width, 1.0) != 1 || std::count(row, row + width, 0.0) != width - 1)
      return false;
  }
  return true;
}

std::vector<int> hot_classes(const std::vector<double>& values, int width) {
  std::vector<int> classes;
  for (auto row = values.begin(); row != values.end(); row += width)
    classes.push_back(static_cast<int>(std::find(row, row + width, 1.0) - row));
  return classes;
}

std::vector<int> whole_classes(const nn::SampleSet& set, const std::vector<double>& values,
                               int outputs) {
  const auto bad = std::ranges::find_if(
      values, [&](double x) { return x != std::floor(x) || x < 0 || x >= outputs; });
  if (bad == values.end()) return {values.begin(), values.end()};
  const auto [least, most] = std::ranges::minmax(values);
  const bool from_one = *bad == std::floor(*bad) && least >= 1 && most == outputs;
  bad_labels(set,
             fmt::format("label {} is {}; a class of this network is a whole number from 0 to {}",
                         bad - values.begin(), *bad, outputs - 1),
             from_one ? "number the classes from 0: subtract 1 from all labels"
                      : "number the classes from 0, in the order of the network's outputs");
}

Eigen::MatrixXd rows_of(const std::vector<double>& values, int width) {
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const Rows>(values.data(), static_cast<Eigen::Index>(values.size()) / width,
                                width);
}

// All labels of the file, whatever kind they are of.
Labels meaning_of(const nn::SampleSet& set, const Outputs& outputs) {
  const std::vector<double> values = values_of(set.values);
  const auto width = static_cast<int>(static_cast<std::int64_t>(values.size()) / set.count);
  Labels labels;
  const bool single = outputs.count == 1 && outputs.host != quant::HostOp::kArgMax;
  if (width == 1 && single && are_binary(values)) {
    for (const double x : values) labels.classes.push_back(x > 0);
  } else if (width == 1 && !single) {
    labels.classes = whole_classes(set, values, outputs.count);
  } else if (width == outputs.count && !single && are_one_hot(values, width)) {
    labels.classes = hot_classes(values, width);
  } else if (width == outputs.count && outputs.host == quant::HostOp::kNone) {
    labels.targets = rows_of(values, width);
  } else {
    bad_labels(set,
               fmt::format("labels of shape {} do not fit a network of {} outputs",
                           nn::to_string(set.values.shape), outputs.count),
               "give one class a sample");
  }
  return labels;
}

double share_equal(const std::vector<int>& a, const std::vector<int>& b) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < b.size(); ++i) equal += a[i] == b[i];
  return static_cast<double>(equal) / static_cast<double>(b.size());
}

std::vector<int> classes_of(const Eigen::MatrixXd& outputs, double threshold) {
  std::vector<int> classes;
  for (Eigen::Index s = 0; s < outputs.rows(); ++s) {
    Eigen::Index best = 0;
    for (Eigen::Index c = 1; c < outputs.cols(); ++c)
      if (outputs(s, c) > outputs(s, best)) best = c;
    classes.push_back(outputs.cols() > 1 ? static_cast<int>(best) : outputs(s, 0) > threshold);
  }
  return classes;
}

int ties_of(const quant::IntegerBatch& outputs) {
  int ties = 0;
  for (Eigen::Index s = 0; s < outputs.rows(); ++s)
    ties += (outputs.row(s).array() == outputs.row(s).maxCoeff()).count() > 1;
  return ties;
}

}  // namespace

Outputs outputs_of(const nn::Graph& graph) {
  const quant::Result result = quant::draft_of(graph).results.front();
  return {result.piece.count, result.host};
}

Labels labels_of(const nn::SampleSet& set, const Outputs& outputs, std::int64_t samples) {
  if (set.values.shape.empty() || set.count != samples)
    bad_labels(
        set,
        fmt::format("labels of shape {} for {} samples", nn::to_string(set.values.shape), samples),
        "give as many labels as samples, sample first");
  return meaning_of(set, outputs);
}

Labels first_labels(Labels labels, int count) {
  if (!labels.classes.empty()) labels.classes.resize(static_cast<std::size_t>(count));
  if (labels.targets.size() != 0) labels.targets.conservativeResize(count, Eigen::NoChange);
  return labels;
}

Score score_of(const Eigen::MatrixXd& outputs, const Labels& labels) {
  if (!labels.classes.empty())
    return {share_equal(classes_of(outputs, labels.threshold), labels.classes), {}, {}, {}};
  if (labels.targets.size() == 0) return {};
  const Eigen::ArrayXXd errors = (outputs - labels.targets).array().abs();
  return {{}, std::sqrt(errors.square().mean()), errors.mean(), {}};
}

Score score_of(const quant::Network& network, const quant::IntegerBatch& outputs,
               const Labels& labels) {
  if (!labels.classes.empty() && outputs.cols() > 1)
    return {core::accuracy(outputs, labels.classes), {}, {}, ties_of(outputs)};
  const double step = network.format_of(network.outputs.front().tensor).scale;
  return score_of(Eigen::MatrixXd(outputs.cast<double>() * step), labels);
}

namespace {

// The graph's output; of a single one that the host maps by Sigmoid or the like what it maps, on
// which the threshold is.
std::vector<double> scored_values(const nn::Graph& graph, const nn::Array& inputs) {
  const quant::Draft draft = quant::draft_of(graph);
  const quant::Result& result = draft.results.front();
  if (result.host != quant::HostOp::kMonotone || result.piece.count > 1)
    return values_of(nn::run(graph, {inputs}).front());
  const quant::Signal& last = draft.signals[result.piece.signal];
  std::vector<double> values = values_of(nn::run_all(graph, {inputs})[last.tap.value.index()]);
  for (double& value : values) value *= last.output_gain;
  return values;
}

}  // namespace

Score float_score(const nn::Graph& graph, const nn::Array& inputs, const Labels& labels) {
  if (labels.empty()) return {};
  const std::vector<double> values = scored_values(graph, inputs);
  if (outputs_of(graph).host == quant::HostOp::kArgMax)
    return {share_equal({values.begin(), values.end()}, labels.classes), {}, {}, {}};
  const auto width = static_cast<std::int64_t>(values.size()) / inputs.shape.front();
  return score_of(rows_of(values, static_cast<int>(width)), labels);
}

}  // namespace app
