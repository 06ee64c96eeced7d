// ONNX's numbers for element types (TensorProto.DataType).
#pragma once

#include <cstdint>
#include <string>

#include "nn/graph.hpp"

namespace nn {

/// The type that ONNX calls `number`. Throws kBadType at `where` for those not supported.
DType dtype_of(std::int64_t number, const std::string& where);

}  // namespace nn
