#include "verilog/mem_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace verilog {
namespace {

/// Appends a word of `width` bits as ceil(width / 4) digits and a line end.
template <class GetBit>
void append_word(int width, const GetBit& bit, std::string& text) {
  for (int lo = (width - 1) / 4 * 4; lo >= 0; lo -= 4) {
    int digit = 0;
    for (int i = 0; i < 4; ++i)
      if (lo + i < width && bit(lo + i)) digit |= 1 << i;
    text += "0123456789abcdef"[digit];
  }
  text += '\n';
}

/// -2^(width-1) <= word < 2^width.
bool fits(std::int64_t word, int width) {
  if (word >= 0) return width >= 63 || word >> width == 0;
  return width >= 64 || word >> (width - 1) == -1;
}

void require(bool condition, const std::string& what) {
  if (!condition) base::fail(base::Code::kNetlistInvalid, what, "memory image");
}

}  // namespace

std::string mem_image(int width, std::span<const std::int64_t> words) {
  require(width >= 1, fmt::format("words of {} bits", width));
  std::string text;
  for (const std::int64_t word : words) {
    require(fits(word, width), fmt::format("{} does not fit in {} bits", word, width));
    append_word(
        width, [&](int i) { return (word >> std::min(i, 63)) & 1; }, text);
  }
  return text;
}

std::string mem_image(std::span<const base::Bits> words) {
  std::string text;
  for (const auto& word : words) {
    require(word.size() == words[0].size() && word.size() >= 1,
            fmt::format("a word of {} bits among words of {}", word.size(), words[0].size()));
    append_word(
        static_cast<int>(word.size()), [&](int i) { return word.get(i); }, text);
  }
  return text;
}

}  // namespace verilog
