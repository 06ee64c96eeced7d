#include "app/model.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/data_names.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"
#include "nn/import.hpp"
#include "nn/passes/passes.hpp"

namespace app {

namespace {

// The whole shape of an input of which a sample has `extents`.
nn::Shape shape_of(const nn::Value& input, const std::string& extents) {
  nn::Shape shape = *config::extents_of(extents);
  const std::int64_t batch = input.shape.empty() ? nn::kUnknown : input.shape[0];
  shape.insert(shape.begin(), batch);
  const auto agrees = [](std::int64_t a, std::int64_t b) { return a == nn::kUnknown || a == b; };
  if (!std::ranges::equal(input.shape, shape, agrees))
    base::fail(base::Code::kKeyConflict,
               fmt::format("a sample of {} is not what input {} of shape {} takes", extents,
                           base::quoted_name(input.name), nn::to_string(input.shape)),
               "model.input_shape",
               "give the extents behind the batch, those that the model fixes unchanged");
  return shape;
}

}  // namespace

nn::Graph prepared(nn::Graph graph, const config::Model& model) {
  if (model.input_shape.empty()) return nn::simplify(std::move(graph));
  check_names(model, graph);
  std::vector<nn::Shape> shapes;
  for (const nn::ValueId id : graph.inputs) {
    const nn::Value& input = graph.value(id);
    const std::string& extents = model.input_shape.of(input.name);
    shapes.push_back(extents.empty() ? nn::Shape() : shape_of(input, extents));
  }
  return nn::simplify(nn::fix_inputs(std::move(graph), shapes));
}

nn::Graph load_model(const config::Model& model) {
  return prepared(nn::import_onnx(model.file), model);
}

}  // namespace app
