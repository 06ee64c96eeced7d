#include "quant/network.hpp"

namespace quant {

int Network::input_count() const {
  int count = 0;
  for (const TensorId id : inputs) count += tensors[id].count;
  return count;
}

int Network::output_count() const {
  int count = 0;
  for (const Source& source : outputs) count += source.count;
  return count;
}

int Network::widest_bits() const {
  int bits = 0;
  for (const Tensor& tensor : tensors) bits = std::max(bits, tensor.format.bits);
  return bits;
}

}  // namespace quant
