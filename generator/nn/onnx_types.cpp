#include "nn/onnx_types.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/error.hpp"

namespace nn {

namespace {

struct OnnxType {
  const char* name;
  std::optional<DType> type = std::nullopt;
};

// Indexed by ONNX's number. Written out because Debian's ONNX 1.12 ends at bfloat16.
constexpr std::array<OnnxType, 24> kTypes = {{
    {"undefined"},
    {"float", DType::kFloat},
    {"uint8", DType::kUint8},
    {"int8", DType::kInt8},
    {"uint16", DType::kUint16},
    {"int16", DType::kInt16},
    {"int32", DType::kInt32},
    {"int64", DType::kInt64},
    {"string"},
    {"bool", DType::kBool},
    {"float16"},
    {"double", DType::kDouble},
    {"uint32"},
    {"uint64"},
    {"complex64"},
    {"complex128"},
    {"bfloat16"},
    {"float8e4m3fn"},
    {"float8e4m3fnuz"},
    {"float8e5m2"},
    {"float8e5m2fnuz"},
    {"uint4", DType::kUint4},
    {"int4", DType::kInt4},
    {"float4e2m1"},
}};

}  // namespace

DType dtype_of(std::int64_t number, const std::string& where) {
  const bool known = number >= 0 && number < static_cast<std::int64_t>(kTypes.size());
  const OnnxType* entry = known ? &kTypes[static_cast<std::size_t>(number)] : nullptr;
  if (entry && entry->type) return *entry->type;
  base::fail(
      base::Code::kBadType,
      fmt::format("element type {} ({}) is not supported", number, entry ? entry->name : "unknown"),
      where, "export the model with float32 or with integers of 4 to 64 bits");
}

}  // namespace nn
