// libFuzzer: no name of a graph, an input or a node breaks a file's name, a net or a line of text.
// The input is cut into names at zero bytes.
#include <cstdio>
#include <cstdlib>

#include "any_names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::vector<std::string> names(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] != 0)
      names.back() += static_cast<char>(data[i]);
    else if (names.size() < 10)
      names.emplace_back();
  }
  while (names.size() < 4) names.push_back(names.back());
  if (const std::string fault = test::fault_of_names(names); !fault.empty()) {
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
  }
  return 0;
}
