// What labels may be, and what outputs are worth against them.
#include "app/labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "nn/model_builder.hpp"
namespace {

using app::Labels;
using app::labels_of;
using testing::ElementsAre;

nn::SampleSet stored(const nn::Shape& shape, const std::vector<float>& values) {
  return {nn::Array::of_floats(shape, values), shape.empty() ? 1 : shape[0], false, {}, "y.npy"};
}

nn::SampleSet column(const std::vector<float>& values) {
  return stored({static_cast<std::int64_t>(values.size())}, values);
}

const app::Output kThree{"y", 3, quant::HostOp::kNone};
const app::Output kOne{"y", 1, quant::HostOp::kNone};

void refused(const nn::SampleSet& set, const app::Output& output, std::int64_t samples,
             const std::vector<std::string>& parts) {
  try {
    labels_of(set, output, samples);
    ADD_FAILURE() << "no error; wanted " << parts.front();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, base::Code::kBadSamples);
    EXPECT_THAT(error.what(), testing::HasSubstr("at: y.npy"));
    for (const std::string& part : parts) EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(Labels, AreWholeNumbersOfAnyType) {
  EXPECT_THAT(labels_of(column({2, 0, 1}), kThree, 3).classes, ElementsAre(2, 0, 1));
  EXPECT_THAT(labels_of(stored({2, 1}, {2, 0}), kThree, 2).classes, ElementsAre(2, 0));
  nn::SampleSet bytes = column({});
  bytes.values = nn::Array::of_ints(nn::DType::kUint8, {2}, {1, 2});
  bytes.count = 2;
  EXPECT_THAT(labels_of(bytes, kThree, 2).classes, ElementsAre(1, 2));
  EXPECT_THAT(labels_of(column({2, 0}), {"y", 3, quant::HostOp::kArgMax}, 2).classes,
              ElementsAre(2, 0));
}

TEST(Labels, OneHotRowsAreClasses) {
  const Labels labels = labels_of(stored({2, 3}, {0, 0, 1, 1, 0, 0}), kThree, 2);
  EXPECT_THAT(labels.classes, ElementsAre(2, 0));
  EXPECT_EQ(labels.targets.size(), 0);
}

TEST(Labels, OutOfRangeOrNotWholeAreRefused) {
  refused(column({0, 3}), kThree, 2,
          {"label 1 is 3; a class of this network is a whole number "
           "from 0 to 2",
           "number the classes from 0, in the order"});
  refused(column({1, 3, 2}), kThree, 3, {"label 1 is 3", "subtract 1 from all labels"});
  refused(column({-1, 0}), kThree, 2, {"label 0 is -1"});
  refused(column({0, 1.5}), kThree, 2, {"label 1 is 1.5"});
  refused(column({0, 3e9F}), kThree, 2, {"label 1 is 3000000000"});
}

TEST(Labels, AsManyAsSamples) {
  refused(column({0, 1}), kThree, 3, {"labels of shape [2] for 3 samples"});
  refused(column({0, 1}), kThree, 1, {"labels of shape [2] for 1 samples"});
  refused(stored({1, 2}, {0, 1}), kThree, 2, {"labels of shape [1, 2] for 2 samples"});
  refused(stored({}, {0}), kThree, 1, {"labels of shape []"});
  refused(stored({2, 2}, {0, 1, 1, 0}), kThree, 2,
          {"labels of shape [2, 2] do not fit an output of 3 elements", "one class a sample"});
  refused(stored({1, 3}, {0.5, 0.5, 0}), {"y", 3, quant::HostOp::kMonotone}, 1, {"do not fit"});
}

TEST(Labels, OfOneOutputAreTwoClassesOrTargets) {
  EXPECT_THAT(labels_of(column({0, 1, 1}), kOne, 3).classes, ElementsAre(0, 1, 1));
  EXPECT_THAT(labels_of(column({-1, 1}), kOne, 2).classes, ElementsAre(0, 1));
  refused(column({0.25, 1}), {"y", 1, quant::HostOp::kMonotone}, 2,
          {"not all labels are 0 or 1", "give 0 or 1 a sample"});
  const Labels targets = labels_of(stored({2, 1}, {0.25, 1}), kOne, 2);
  EXPECT_TRUE(targets.classes.empty());
  EXPECT_EQ(targets.targets, (Eigen::MatrixXd(2, 1) << 0.25, 1).finished());
}

TEST(Labels, OfTheFirstSamples) {
  Labels labels = labels_of(column({2, 0, 1}), kThree, 3);
  EXPECT_THAT(app::first_labels(labels, 2).classes, ElementsAre(2, 0));
  labels = labels_of(stored({2, 3}, {1, 2, 3, 4, 5, 6}), kThree, 2);
  EXPECT_EQ(app::first_labels(labels, 1).targets, Eigen::MatrixXd({{1, 2, 3}}));
}

TEST(Score, GreatestOutputIsTheClass) {
  const Eigen::MatrixXd outputs{{0, 2, 1}, {5, 5, 1}, {-3, -2, -1}, {1, 0, 0}};
  Labels labels;
  EXPECT_FALSE(app::score_of(outputs, labels).accuracy);
  labels.classes = {1, 0, 2, 2};
  EXPECT_EQ(app::score_of(outputs, labels).accuracy, 0.75);
  EXPECT_FALSE(app::score_of(outputs, labels).rms_error);
}

TEST(Score, OneOutputIsComparedWithTheThreshold) {
  const Eigen::MatrixXd outputs{{-1}, {0}, {0.4}, {0.6}};
  Labels labels;
  labels.classes = {0, 0, 1, 1};
  EXPECT_EQ(app::score_of(outputs, labels).accuracy, 1.0);
  labels.threshold = 0.5;
  EXPECT_EQ(app::score_of(outputs, labels).accuracy, 0.75);
  // The network's integers are compared as real values.
  quant::Network network;
  const quant::TensorId y = network.tensors.push_back({"y", 1, quant::full_format(6, true, 0.25)});
  network.outputs = {{y, 0, 1}};
  labels.threshold = 0.4;
  const quant::IntegerBatch integers{{-4}, {1}, {2}, {3}};
  EXPECT_EQ(app::scores_of(network, integers, {labels})[0].accuracy, 1.0);
}

TEST(Score, TargetsGiveAnError) {
  Labels labels;
  labels.targets = Eigen::MatrixXd{{1, 2}, {3, 4}};
  const app::Score score = app::score_of(Eigen::MatrixXd{{1, 2}, {3, 8}}, labels);
  EXPECT_EQ(score.rms_error, 2.0);
  EXPECT_EQ(score.mean_error, 1.0);
  EXPECT_FALSE(score.accuracy);
  quant::Network network;
  const quant::TensorId y = network.tensors.push_back({"y", 2, quant::full_format(6, true, 0.5)});
  network.outputs = {{y, 0, 2}};
  EXPECT_EQ(app::scores_of(network, quant::IntegerBatch{{2, 4}, {6, 16}}, {labels})[0].mean_error,
            1.0);
}

TEST(Score, CountsSharedGreatestOutputs) {
  const quant::IntegerBatch outputs{{3, 3}, {1, 2}, {-1, -1}};
  app::Labels labels;
  labels.classes = {0, 1, 1};
  quant::Network network;
  const quant::TensorId y = network.tensors.push_back({"y", 2, quant::full_format(6, true, 0.5)});
  network.outputs = {{y, 0, 2}};
  const app::Score score = app::scores_of(network, outputs, {labels})[0];
  EXPECT_EQ(score.ties, 2);
  EXPECT_NEAR(*score.accuracy, 2.0 / 3, 1e-12);
}

// Its sign decides, as the host's function of it does at 0.5.
TEST(Score, ASigmoidAtTheEndIsTheHosts) {
  nn::testing::ModelBuilder model;
  const nn::Graph graph = model.input("x", {nn::kUnknown, 2})
                              .floats("w", {2, 1}, {1, -1})
                              .node("MatMul", {"x", "w"}, {"s"})
                              .node("Sigmoid", {"s"}, {"y"})
                              .output("y")
                              .import();
  const std::vector<app::Output> outputs = app::outputs_of(graph);
  const app::Labels labels = app::labels_of(column({1, 0, 0}), outputs[0], 3);
  EXPECT_THAT(labels.classes, ElementsAre(1, 0, 0));
  const auto values = app::float_outputs(graph, {nn::Array::of_floats({3, 2}, {2, 1, 1, 2, 3, 2})});
  EXPECT_NEAR(*app::float_scores(outputs, values, {labels})[0].accuracy, 2.0 / 3, 1e-12);
}

// Two outputs of one layer: what a Sigmoid maps is the second half of it.
TEST(Score, EachOutputHasItsOwn) {
  nn::testing::ModelBuilder model;
  const nn::Graph graph = model.input("x", {nn::kUnknown, 2})
                              .floats("w", {2, 3}, {1, 0, 1, 0, 1, -1})
                              .longs("cut", {2}, {2, 1})
                              .node("MatMul", {"x", "w"}, {"h"})
                              .node("Split", {"h", "cut"}, {"pair", "s"})
                              .with("axis", std::int64_t{1})
                              .node("Sigmoid", {"s"}, {"sure"})
                              .output("pair")
                              .output("sure")
                              .import();
  const std::vector<app::Output> outputs = app::outputs_of(graph);
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs[0].name, "pair");
  EXPECT_EQ(outputs[0].count, 2);
  EXPECT_EQ(outputs[1].name, "sure");
  EXPECT_EQ(outputs[1].count, 1);
  const auto values = app::float_outputs(graph, {nn::Array::of_floats({2, 2}, {2, 1, 1, 3})});
  EXPECT_EQ(values[0], (Eigen::MatrixXd{{2, 1}, {1, 3}}));
  EXPECT_EQ(values[1], (Eigen::MatrixXd{{1}, {-2}}));
  app::Labels sure;
  sure.classes = {1, 0};
  const auto real = app::float_scores(outputs, values, {{}, sure});
  EXPECT_FALSE(real[0].accuracy);
  EXPECT_EQ(real[1].accuracy, 1.0);
  // The integers stand side by side; an output without labels is held to the float network.
  quant::Network network;
  const quant::TensorId h = network.tensors.push_back({"h", 3, quant::full_format(6, true, 0.5)});
  network.outputs = {{h, 0, 2}, {h, 2, 1}};
  const auto references = app::references_of(outputs, values, {{}, sure});
  const auto scores =
      app::scores_of(network, quant::IntegerBatch{{4, 2, 1}, {2, 2, 1}}, references);
  EXPECT_EQ(scores[0].mean_error, 0.5);  // 1 instead of 3 in one of four
  EXPECT_EQ(scores[0].rms_error, 1.0);
  EXPECT_EQ(scores[1].accuracy, 0.5);
  EXPECT_FALSE(scores[1].rms_error);
}

}  // namespace
