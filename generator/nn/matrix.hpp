// Matrix products of arrays, through Eigen.
#pragma once

#include "nn/graph.hpp"

namespace nn {

struct Product {
  const Array* a = nullptr;  ///< rank 2
  const Array* b = nullptr;  ///< rank 2, same type
  bool transpose_a = false;
  bool transpose_b = false;
};

/// out = a * b. `out` has the result's shape and the operands' type; integers wrap.
void multiply(const Product& product, Array& out);

/// Shape of numpy.matmul(a, b); unknown extents pass through. Throws kBadShape at `node`.
Shape matmul_shape(const Node& node, const Shape& a, const Shape& b);

/// out = numpy.matmul(a, b), `out` having matmul_shape()'s shape; integers wrap to `out`'s type.
void matmul(const Array& a, const Array& b, Array& out);

}  // namespace nn
