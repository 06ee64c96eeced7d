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

// Labels of an output of one element that name two classes, whichever way they are written.
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
Labels meaning_of(const nn::SampleSet& set, const Output& output) {
  const std::vector<double> values = values_of(set.values);
  const auto width = static_cast<int>(static_cast<std::int64_t>(values.size()) / set.count);
  Labels labels;
  const bool single = output.count == 1 && output.host != quant::HostOp::kArgMax;
  if (width == 1 && single && are_binary(values)) {
    for (const double x : values) labels.classes.push_back(x > 0);
  } else if (width == 1 && !single) {
    labels.classes = whole_classes(set, values, output.count);
  } else if (width == output.count && !single && are_one_hot(values, width)) {
    labels.classes = hot_classes(values, width);
  } else if (width == output.count && output.host == quant::HostOp::kNone) {
    labels.targets = rows_of(values, width);
  } else if (width == 1) {
    bad_labels(set, "the network ends in a class or its probability, and not all labels are 0 or 1",
               "give 0 or 1 a sample; target values need a model without its last operator");
  } else {
    bad_labels(set,
               fmt::format("labels of shape {} do not fit an output of {} elements",
                           nn::to_string(set.values.shape), output.count),
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

std::vector<Output> outputs_of(const nn::Graph& graph) {
  std::vector<Output> outputs;
  for (const quant::Result& result : quant::draft_of(graph).results)
    outputs.push_back({graph.value(result.value).name, result.piece.count, result.host});
  return outputs;
}

Labels labels_of(const nn::SampleSet& set, const Output& output, std::int64_t samples) {
  if (set.values.shape.empty() || set.count != samples)
    bad_labels(
        set,
        fmt::format("labels of shape {} for {} samples", nn::to_string(set.values.shape), samples),
        "give as many labels as samples, sample first");
  return meaning_of(set, output);
}

Labels first_labels(Labels labels, int count) {
  if (!labels.classes.empty()) labels.classes.resize(static_cast<std::size_t>(count));
  if (labels.targets.size() != 0) labels.targets.conservativeResize(count, Eigen::NoChange);
  return labels;
}

Score score_of(const Eigen::MatrixXd& values, const Labels& labels) {
  if (!labels.classes.empty())
    return {share_equal(classes_of(values, labels.threshold), labels.classes), {}, {}, {}};
  if (labels.targets.size() == 0) return {};
  const Eigen::ArrayXXd errors = (values - labels.targets).array().abs();
  return {{}, std::sqrt(errors.square().mean()), errors.mean(), {}};
}

std::vector<Score> scores_of(const quant::Network& network, const quant::IntegerBatch& outputs,
                             const std::vector<Labels>& labels) {
  std::vector<Score> scores;
  Eigen::Index first = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const quant::Source& source = network.outputs[i];
    const quant::IntegerBatch codes = outputs.middleCols(first, source.count);
    first += source.count;
    if (!labels[i].classes.empty() && codes.cols() > 1) {
      scores.push_back({core::accuracy(codes, labels[i].classes), {}, {}, ties_of(codes)});
    } else {
      const double step = network.format_of(source.tensor).scale;
      scores.push_back(score_of(Eigen::MatrixXd(codes.cast<double>() * step), labels[i]));
    }
  }
  return scores;
}

namespace {

// Elements [first, first + count) of each sample.
Eigen::MatrixXd columns_of(const nn::Array& array, std::int64_t samples, int first, int count) {
  const std::vector<double> values = values_of(array);
  const auto width = static_cast<int>(static_cast<std::int64_t>(values.size()) / samples);
  return rows_of(values, width).middleCols(first, count);
}

// What the host maps to the output `result`.
Eigen::MatrixXd before_host(const quant::Draft& draft, const quant::Result& result,
                            const std::vector<nn::Array>& values, std::int64_t samples) {
  const quant::Signal& last = draft.signals[result.piece.signal];
  return last.output_gain * columns_of(values[last.tap.value.index()], samples,
                                       last.tap.first + result.piece.first, result.piece.count);
}

}  // namespace

std::vector<Eigen::MatrixXd> float_outputs(const nn::Graph& graph,
                                           const std::vector<nn::Array>& inputs) {
  const quant::Draft draft = quant::draft_of(graph);
  const std::int64_t samples = inputs.front().shape.front();
  const auto is_mapped = [](const quant::Result& result) {
    return result.host == quant::HostOp::kMonotone && result.piece.count == 1;
  };
  const std::vector<nn::Array> given = nn::run(graph, inputs);
  std::vector<nn::Array> all;  // of the graph's values, if any is wanted
  if (std::ranges::any_of(draft.results, is_mapped)) all = nn::run_all(graph, inputs);
  std::vector<Eigen::MatrixXd> outputs;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto width = static_cast<int>(static_cast<std::int64_t>(given[i].size()) / samples);
    outputs.push_back(is_mapped(draft.results[i])
                          ? before_host(draft, draft.results[i], all, samples)
                          : columns_of(given[i], samples, 0, width));
  }
  return outputs;
}

std::vector<Score> float_scores(const std::vector<Output>& outputs,
                                const std::vector<Eigen::MatrixXd>& values,
                                const std::vector<Labels>& labels) {
  std::vector<Score> scores;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].host != quant::HostOp::kArgMax || labels[i].empty()) {
      scores.push_back(score_of(values[i], labels[i]));
      continue;
    }
    const auto& chosen = values[i].col(0);
    scores.push_back({share_equal({chosen.begin(), chosen.end()}, labels[i].classes), {}, {}, {}});
  }
  return scores;
}

std::vector<Labels> references_of(const std::vector<Output>& outputs,
                                  const std::vector<Eigen::MatrixXd>& values,
                                  std::vector<Labels> labels) {
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (labels[i].empty() && outputs[i].host == quant::HostOp::kNone) labels[i].targets = values[i];
  return labels;
}

}  // namespace app
