// The functions that LSTM, GRU and RNN name in their attribute `activations`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nn/graph.hpp"

namespace nn {

/// A function of one element, with its numbers.
struct GateFunction {
  float (*of_float)(float x, float alpha, float beta) = nullptr;
  double (*of_double)(double x, double alpha, double beta) = nullptr;
  float alpha = 0;
  float beta = 0;

  float operator()(float x) const { return of_float(x, alpha, beta); }
  double operator()(double x) const { return of_double(x, alpha, beta); }
};

/// The functions of all directions, one direction after the other: those that the node names, or
/// `usual` for each. `activation_alpha` and `activation_beta` are dealt out in their order, to the
/// functions that take such a number; the others have ONNX's defaults. Names may be in any case.
/// Throws kBadAttribute if there is no such function, and unless there are as many names as
/// `usual` has for each direction, and a number for each that has no default, and none too many.
std::vector<GateFunction> gate_functions(const Node& node, const std::vector<std::string>& usual,
                                         std::size_t directions);

}  // namespace nn
