// Reading ONNX models.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "nn/graph.hpp"

namespace nn {

/// The network in an ONNX file: opset 7 to 23 of ONNX's own domain, QONNX's quantisers and ONNX
/// Runtime's quantised ops; sorted, named, pruned of what no output needs, with shapes inferred,
/// and verified. An input extent that is symbolic, or -1, is kUnknown. Inputs that are also
/// initialisers count as constants. An If whose condition follows from constants and known extents
/// is replaced by the nodes of its branch, named NODE/INNER. Throws kFileUnreadable, or one of the
/// 03xx codes with the node, initialiser or attribute at fault: kModelUnreadable (not ONNX,
/// truncated, over 2 GB), kUnsupportedOpset, kUnsupportedOp, kUnsupportedFeature (other subgraphs,
/// functions, sparse tensors, sequences), kEmptyNetwork, kCyclicGraph, kBadGraph (names, missing
/// values), kBadAttribute, kBadShape, kBadType, kBadTensor, kBadWeights.
Graph import_onnx(const std::filesystem::path& path);

/// The same from memory; external data is looked for in `model_folder` ("" is the working
/// directory).
Graph import_onnx_bytes(std::string_view bytes, const std::filesystem::path& model_folder);

/// A network whose weights may be missing.
struct Shapes {
  Graph graph;
  int missing = 0;  ///< initialisers that are zeros, because their data is not there
};

/// As import_onnx(), but an initialiser without data, or with its data in a file that is not there,
/// counts as zeros of the declared shape: for who wants to know sizes only. Integers of 64 bits are
/// no weights but extents and axes: they have to be there.
Shapes import_shapes(const std::filesystem::path& path);

/// The files that a model consists of: its own, then those with its external data, each once, in
/// the order of their names. Throws what import_onnx() does for files that cannot be read.
std::vector<std::filesystem::path> model_files(const std::filesystem::path& path);

/// A node of a model as its file lists it, and what check_node() has against it.
struct SurveyedNode {
  Node node;  ///< name, op and domain; inputs and outputs say only which are there
  std::vector<base::Fault> faults;
};

/// All nodes in the order of the file, those that import_onnx() refuses too. Throws
/// kFileUnreadable, kModelUnreadable, kUnsupportedOpset.
std::vector<SurveyedNode> survey_onnx(const std::filesystem::path& path);

}  // namespace nn
