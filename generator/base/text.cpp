#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace base {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};

// Bytes of the sequence that `first` begins; 0 if none begins so.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

// The code point that `text` begins with; nothing if that is not UTF-8 (too long a form, half of a
// surrogate pair, past the last one).
std::optional<CodePoint> first_of(std::string_view text) {
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = sequence_length(first);
  if (bytes == 0 || bytes > text.size()) return {};
  std::uint32_t value = bytes == 1 ? first : first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 2) return {};
    value = value << 6 | (next & 0x3fU);
  }
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  if (value < kLeast[bytes] || surrogate || value > 0x10ffff) return {};
  return CodePoint{value, bytes};
}

// What would not show, or would show something else: controls, separators of lines, marks of
// direction, the byte order mark.
bool is_invisible(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

std::string escaped(std::uint32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  return c < 0x80 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{{{:04x}}}", c);
}

// Everything but letters and digits becomes one underscore, none at the ends.
std::string words_of(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  if (result.ends_with('_')) result.pop_back();
  return result;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::optional<CodePoint> point = first_of(text);
    const std::size_t bytes = point ? point->bytes : 1;
    if (!point)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    else if (is_invisible(point->value))
      result += escaped(point->value);
    else
      result += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return result;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string stem_of(std::string_view text, std::size_t length) {
  std::string stem = words_of(text);
  if (!stem.empty() && is_digit(stem[0])) stem.insert(0, "n");
  if (stem.size() <= length) return stem;
  const std::size_t head = (length - 1) / 2;
  const std::size_t tail = length - 1 - head;
  return words_of(stem.substr(0, head) + "_" + stem.substr(stem.size() - tail));
}

std::string UniqueNames::take(const std::string& name) {
  if (insert(name)) return name;
  for (int& number = last_.try_emplace(name, 1).first->second;;) {
    const std::string other = fmt::format("{}{}{}", name, joint_, ++number);
    if (insert(other)) return other;
  }
}

bool UniqueNames::insert(std::string name) {
  if (fold_case_) std::transform(name.begin(), name.end(), name.begin(), lower);
  return taken_.insert(std::move(name)).second;
}

}  // namespace base
