// Drives fpsa_xbar_macro_pair with random loads and spikes. Exit code 0: the two models agreed.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>

#include "Vfpsa_xbar_macro_pair.h"
#include "verilated.h"

int main() {
  VerilatedContext context;
  Vfpsa_xbar_macro_pair top(&context);
  std::mt19937 random(1);
  constexpr int kWords = 1 << 13;  // more than any tested crossbar has: the rest must be ignored
  const auto clock = [&] {
    top.clk_i = 1;
    top.eval();
    top.clk_i = 0;
    top.eval();
  };
  const auto load = [&](std::uint32_t index) {
    top.load_we_i = 1;
    top.load_addr_i = index;
    top.load_data_i = random();
    clock();
    top.load_we_i = 0;
  };
  top.clk_i = 0;
  std::memset(&top.spike_i, 0, sizeof top.spike_i);
  for (std::uint32_t index = 0; index < kWords; ++index) load(index);
  int differ = 0;
  int busy = 0;
  for (int tick = 0; tick < 500; ++tick) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(&top.spike_i);
    for (std::size_t i = 0; i < (FPSA_ROWS + 7) / 8; ++i) bytes[i] = random() & random();
    if (FPSA_ROWS % 8 != 0) bytes[FPSA_ROWS / 8] &= (1 << FPSA_ROWS % 8) - 1;
    if (tick % 3 == 0) load(random() % 64);
    clock();
    differ += top.differ_o;
    busy += top.busy_o;
  }
  std::printf("%s: %d of 500 ticks differ, %d with sums\n",
              differ == 0 && busy > 0 ? "PASS" : "FAIL", differ, busy);
  return differ == 0 && busy > 0 ? 0 : 1;
}
