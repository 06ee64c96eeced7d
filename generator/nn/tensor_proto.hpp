// ONNX tensors to arrays. Internal to nn and its tests: the only headers with ONNX's schema in them
// are this one's users.
#pragma once

#include <filesystem>
#include <string>

#include "nn/graph.hpp"

namespace onnx {
class TensorProto;
}

namespace nn {

/// Contents of `proto` from raw_data, the typed fields or a file inside `folder`. `where` names the
/// tensor and its reader. Throws kBadType, kBadShape (extents), kBadTensor (data that does not
/// match the shape or the type, external data outside the folder), kBadWeights (NaN or infinite).
Array decode_tensor(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                    const std::string& where);

/// Whether `proto` has elements and no data, or has it in a file that does not exist. Throws as
/// decode_tensor() does for a place that is not in the folder.
bool lacks_data(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                const std::string& where);

/// Zeros of `proto`'s type and shape. Throws kBadType and kBadShape as decode_tensor() does.
Array zeros_like(const onnx::TensorProto& proto, const std::string& where);

}  // namespace nn
