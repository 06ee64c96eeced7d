// Writes a recipe as an ONNX model, in the manner of an exporter.
#pragma once

#include <string>
#include <vector>

#include "dialects/recipe.hpp"
#include "nn/model_builder.hpp"

namespace dialects {

enum class Dialect {
  kTorch,  ///< Gemm with transB, names with slashes, views by Shape, Gather, Concat, Reshape
  kKeras,  ///< MatMul and Add, names that end in ":0", views by Slice, Squeeze and Cast of a shape
  kSklearn,   ///< a scaler first, Cast, MatMul and Add, class and probabilities behind
  kQdq,       ///< ONNX Runtime's QuantizeLinear and DequantizeLinear around float ops
  kQop,       ///< ONNX Runtime's QGemm, QLinearMatMul, QLinearAdd, QLinearConcat
  kBrevitas,  ///< QCDQ: a Clip of integers between Q and DQ
  kQonnx,     ///< Quant and BipolarQuant
};
inline constexpr int kDialects = 7;
/// "torch", "keras", …
std::string to_string(Dialect dialect);

/// A model, and what is to be known of it.
struct Written {
  Dialect dialect = Dialect::kTorch;
  Recipe recipe;
  bool quantised = false;      ///< the model brings the format of every activation
  bool powers_of_two = false;  ///< and all of their scales are powers of two
  std::string result;          ///< name of the value that the integers stand for
  nn::testing::ModelBuilder model;
};

/// The model of `seed`: the same on every machine.
Written write(Dialect dialect, std::uint64_t seed);

// The writers, one a dialect; they fill in `model`. `rng` decides between an exporter's ways.
void write_torch(Written& written, base::Rng& rng);
void write_keras(Written& written, base::Rng& rng);
void write_sklearn(Written& written, base::Rng& rng);
void write_qdq(Written& written, base::Rng& rng);
void write_qop(Written& written, base::Rng& rng);
void write_brevitas(Written& written, base::Rng& rng);
void write_qonnx(Written& written, base::Rng& rng);

/// How a tensor's integers are to be read.
struct Codes {
  int bits = 8;
  bool is_signed = true;
  bool narrow = false;  ///< without the least code
  float scale = 1;
  int zero = 0;

  int low() const { return is_signed ? -(1 << (bits - 1)) + (narrow ? 1 : 0) : 0; }
  int high() const { return is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1; }
  /// The nearest code of a value.
  int code(double value) const;
};

/// A scale by which `peak` is about the greatest code of `codes`, a power of two if wanted.
float scale_for(double peak, const Codes& codes, bool power_of_two);

/// Greatest magnitude in the weights of output `column`, or of all for -1; above 0.
double weight_peak(const Dense& dense, int column);

/// Rows become columns: exporters store weights as outputs x inputs, too.
std::vector<float> transposed(const Dense& dense);

}  // namespace dialects
