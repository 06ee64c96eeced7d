// What the test samples should give, and what a network's outputs are worth against it.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "nn/graph.hpp"
#include "nn/samples.hpp"
#include "quant/draft.hpp"
#include "quant/network.hpp"

namespace app {

/// What the test samples should give: classes, or the outputs themselves.
struct Labels {
  std::vector<int> classes;  ///< one a sample; empty if there are targets or nothing
  Eigen::MatrixXd targets;   ///< samples x outputs; empty if there are classes or nothing
  double threshold = 0.0;    ///< a network of one output means class 1 above it

  bool empty() const { return classes.empty() && targets.size() == 0; }
};

/// What labels must fit: the network's last layer, and what the host makes of it.
struct Outputs {
  int count = 0;
  quant::HostOp host = quant::HostOp::kNone;
};

/// Of a graph that quant::draft_of() can follow; of several results the first.
Outputs outputs_of(const nn::Graph& graph);

/// The labels in `set`, one for each of `samples` samples. They are
/// - classes: whole numbers, one a sample, from 0 to the number of outputs less 1; or one-hot rows;
/// - of a network of one output classes if they are all 0 and 1, or all -1 and 1, else targets;
/// - targets: as many values a sample as the network has outputs.
/// Throws kBadSamples if there are not as many labels as samples, or if a label is none of these.
Labels labels_of(const nn::SampleSet& set, const Outputs& outputs, std::int64_t samples);

/// The labels of the first `count` samples.
Labels first_labels(Labels labels, int count);

/// What outputs are worth against labels. Classes give an accuracy, targets an error.
struct Score {
  std::optional<double> accuracy;    ///< 0..1
  std::optional<double> rms_error;   ///< root of the mean square, over samples and outputs
  std::optional<double> mean_error;  ///< mean magnitude
  std::optional<int> ties{};  ///< samples whose greatest output has an equal, of integer outputs
};

/// Of real outputs, a row a sample; the class is the greatest output, the lowest of equals.
Score score_of(const Eigen::MatrixXd& outputs, const Labels& labels);

/// Of the integers of the last layer of `network`.
Score score_of(const quant::Network& network, const quant::IntegerBatch& outputs,
               const Labels& labels);

/// Of the float network on `inputs`, whose ArgMax may have chosen the class already.
Score float_score(const nn::Graph& graph, const nn::Array& inputs, const Labels& labels);

}  // namespace app
