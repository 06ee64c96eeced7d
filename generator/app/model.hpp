// The network of a spec's [model].
#pragma once

#include "config/spec.hpp"
#include "nn/graph.hpp"

namespace app {

/// An imported network as all levels see it: its open extents set to model.input_shape, simplified.
/// Throws kUnknownKey for a name that is none of the network's inputs, kKeyConflict for a shape
/// that does not agree with the model's.
nn::Graph prepared(nn::Graph imported, const config::Model& model);

/// The same of model.file. Throws what import_onnx() does as well.
nn::Graph load_model(const config::Model& model);

}  // namespace app
