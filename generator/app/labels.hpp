// What the test samples should give, and what a network's outputs are worth against it.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

#include "nn/graph.hpp"
#include "nn/samples.hpp"
#include "quant/draft.hpp"
#include "quant/network.hpp"

namespace app {

/// What an output should give for the test samples: classes, or its values themselves.
struct Labels {
  std::vector<int> classes;  ///< one a sample; empty if there are targets or nothing
  Eigen::MatrixXd targets;   ///< samples x elements; empty if there are classes or nothing
  double threshold = 0.0;    ///< an output of one element means class 1 above it

  bool empty() const { return classes.empty() && targets.size() == 0; }
};

/// What labels must fit: an output of the network, and what the host makes of it.
struct Output {
  std::string name;  ///< ONNX name
  int count = 0;     ///< elements
  quant::HostOp host = quant::HostOp::kNone;
};

/// Of a graph that quant::draft_of() can follow.
std::vector<Output> outputs_of(const nn::Graph& graph);

/// The labels in `set`, one for each of `samples` samples. They are
/// - classes: whole numbers, one a sample, from 0 to the elements of the output less 1; or one-hot
/// rows;
/// - of an output of one element classes if they are all 0 and 1, or all -1 and 1, else targets;
/// - targets: as many values a sample as the output has elements.
/// Throws kBadSamples if there are not as many labels as samples, or if a label is none of these.
Labels labels_of(const nn::SampleSet& set, const Output& output, std::int64_t samples);

/// The labels of the first `count` samples.
Labels first_labels(Labels labels, int count);

/// What an output is worth against labels. Classes give an accuracy, targets an error.
struct Score {
  std::optional<double> accuracy;    ///< 0..1
  std::optional<double> rms_error;   ///< root of the mean square, over samples and elements
  std::optional<double> mean_error;  ///< mean magnitude
  std::optional<int> ties{};  ///< samples whose greatest element has an equal, of integer outputs
};

/// Of real values, a row a sample; the class is the greatest element, the lowest of equals.
Score score_of(const Eigen::MatrixXd& values, const Labels& labels);

/// Of the integers of all outputs of `network`, side by side; `labels` and scores are an output
/// each.
std::vector<Score> scores_of(const quant::Network& network, const quant::IntegerBatch& outputs,
                             const std::vector<Labels>& labels);

/// What each output of the float network gives for `inputs`, samples x elements. Of an output of
/// one element that the host maps by Sigmoid or the like it is what it maps, on which the threshold
/// is; of one whose ArgMax the host takes, the class.
std::vector<Eigen::MatrixXd> float_outputs(const nn::Graph& graph,
                                           const std::vector<nn::Array>& inputs);

/// Of float_outputs(), one of `outputs` each.
std::vector<Score> float_scores(const std::vector<Output>& outputs,
                                const std::vector<Eigen::MatrixXd>& values,
                                const std::vector<Labels>& labels);

/// `labels`, and for outputs without any the float network's values as targets, unless the host
/// makes something else of them.
std::vector<Labels> references_of(const std::vector<Output>& outputs,
                                  const std::vector<Eigen::MatrixXd>& values,
                                  std::vector<Labels> labels);

}  // namespace app
