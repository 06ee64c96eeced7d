// Tensor data kept in files beside the model.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace onnx {
class TensorProto;
}

namespace nn {

/// The file that `proto`'s external_data points at, with its real path. It must lie inside
/// `folder`, also after links are followed. Throws kBadTensor at `where`.
std::filesystem::path external_file(const onnx::TensorProto& proto,
                                    const std::filesystem::path& folder, const std::string& where);

/// Whether anything lies where that file should. Throws kBadTensor at `where` for a path
/// that is not one inside the model's folder.
bool has_external(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                  const std::string& where);

/// The `needed` bytes that `proto`'s external_data points at. The file must lie inside `folder`,
/// also after links are followed, and hold them all. Throws kBadTensor at `where`.
std::string read_external(const onnx::TensorProto& proto, const std::filesystem::path& folder,
                          const std::string& where, std::size_t needed);

}  // namespace nn
