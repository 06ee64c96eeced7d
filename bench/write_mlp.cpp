// Writes an MLP of random weights: write_mlp model.onnx 4096 4096 4096 10
#include <fstream>
#include <iostream>

#include "mlp_model.hpp"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: write_mlp <model.onnx> <inputs> <width>... <outputs>\n";
    return 2;
  }
  std::vector<std::int64_t> widths;
  for (int i = 2; i < argc; ++i) widths.push_back(std::stoll(argv[i]));
  std::ofstream stream(argv[1], std::ios::binary);
  return bench::mlp(widths).proto().SerializeToOstream(&stream) ? 0 : 1;
}
