// The ONNX project's own tests of nodes (Debian package libonnx-testdata) and what becomes of one.
#pragma once

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/import.hpp"
#include "nn/reference.hpp"
#include "nn/registry.hpp"
#include "nn/tensor_proto.hpp"

namespace nn::testing {

namespace fs = std::filesystem;

inline const fs::path kFolder = "/usr/share/libonnx-testdata/data";
inline constexpr const char* kNotInstalled = "the Debian package libonnx-testdata is not installed";

inline std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Case {
  std::string name;  ///< of the test
  std::string op;    ///< of its only node; empty if there are several
  std::string domain;
  fs::path folder;
};
inline void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

/// All tests of `origin` (node, pytorch-converted, ...), by name; none if the package is not
/// installed.
inline std::vector<Case> cases_of(const std::string& origin) {
  std::vector<Case> cases;
  if (!fs::exists(kFolder)) return cases;
  for (const auto& entry : fs::directory_iterator(kFolder / origin)) {
    Case one{entry.path().filename().string(), {}, {}, entry.path()};
    onnx::ModelProto model;
    if (model.ParseFromString(read(one.folder / "model.onnx")) && model.graph().node_size() == 1) {
      one.op = model.graph().node(0).op_type();
      one.domain = model.graph().node(0).domain();
    }
    cases.push_back(one);
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

struct Verdict {
  enum { kPassed, kRefused, kFailed } kind = kPassed;
  std::string why = {};  ///< unless it passed
};

/// How `got` differs from `wanted`, floats by more than 1e-5 of the greater of 1 and themselves;
/// empty if it does not.
inline std::string difference(const Array& got, const Array& wanted) {
  if (got.dtype != wanted.dtype || got.shape != wanted.shape)
    return to_string(got.dtype) + to_string(got.shape) + " where " + to_string(wanted.dtype) +
           to_string(wanted.shape) + " is wanted";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double tolerance =
        is_float(wanted.dtype) ? 1e-5 * std::max(1.0, std::abs(wanted.at(i))) : 0;
    const bool same =
        got.at(i) == wanted.at(i) || (std::isnan(got.at(i)) && std::isnan(wanted.at(i)));
    if (!same && !(std::abs(got.at(i) - wanted.at(i)) <= tolerance))
      return "element " + std::to_string(i) + " is " + std::to_string(got.at(i)) + ", not " +
             std::to_string(wanted.at(i));
  }
  return {};
}

inline onnx::TensorProto read_proto(const fs::path& path) {
  onnx::TensorProto tensor;
  if (!tensor.ParseFromString(read(path)))
    base::fail(base::Code::kBadTensor, "is no tensor", path.string());
  return tensor;
}

/// The array of a tensor. Those of floats are read here, as the program refuses weights that are
/// not numbers.
inline Array array_of(const fs::path& path) {
  const onnx::TensorProto tensor = read_proto(path);
  if (tensor.data_type() != onnx::TensorProto::FLOAT || tensor.raw_data().empty())
    return decode_tensor(tensor, {}, path.string());
  std::vector<float> values(tensor.raw_data().size() / sizeof(float));
  std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(float));
  return Array::of_floats({tensor.dims().begin(), tensor.dims().end()}, std::move(values));
}

inline bool is_initialised(const onnx::GraphProto& graph, const std::string& name) {
  return std::ranges::any_of(graph.initializer(),
                             [&](const onnx::TensorProto& one) { return one.name() == name; });
}

/// The tests feed weights, shapes and bounds as inputs. From input `first_constant` on they become
/// initialisers, as they are in networks (and in the tests that PyTorch wrote).
inline Graph import_with_constants(onnx::ModelProto model, const fs::path& data,
                                   int first_constant) {
  for (int i = first_constant; i < model.graph().input_size(); ++i) {
    if (is_initialised(model.graph(), model.graph().input(i).name())) continue;
    onnx::TensorProto tensor = read_proto(data / ("input_" + std::to_string(i) + ".pb"));
    tensor.set_name(model.graph().input(i).name());
    *model.mutable_graph()->add_initializer() = tensor;
  }
  return import_onnx_bytes(model.SerializeAsString(), {});
}

inline std::string compared(const Graph& graph, const fs::path& data) {
  const auto tensor = [&](const std::string& which, std::size_t i) {
    return array_of(data / (which + "_" + std::to_string(i) + ".pb"));
  };
  std::vector<Array> inputs;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) inputs.push_back(tensor("input", i));
  const std::vector<Array> outputs = run(graph, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string found = difference(outputs[i], tensor("output", i));
    if (!found.empty()) return "output " + std::to_string(i) + ": " + found;
  }
  return {};
}

/// Imports and runs a test; refused is what the import refuses, for the reason that it gives.
inline Verdict verdict_of(const Case& one, int first_constant) {
  const fs::path data = one.folder / "test_data_set_0";
  Graph graph;
  try {
    onnx::ModelProto model;
    if (!model.ParseFromString(read(one.folder / "model.onnx")))
      return {Verdict::kFailed, "the model cannot be read"};
    // The tests of ops that never changed say opset 1.
    auto& opset = *model.mutable_opset_import(0);
    opset.set_version(std::max<std::int64_t>(opset.version(), kMinOpset));
    graph = import_with_constants(model, data, first_constant);
  } catch (const base::Error& error) {
    return {Verdict::kRefused, error.faults().front().what};
  }
  try {
    const std::string found = compared(graph, data);
    if (found.empty()) return {};
    return {Verdict::kFailed, found};
  } catch (const base::Error& error) {
    return {Verdict::kFailed, error.faults().front().what};
  }
}

}  // namespace nn::testing
