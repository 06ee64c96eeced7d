#include "base/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"

namespace base {

namespace {

constexpr int kNameColumns = 60;
constexpr int kLeastWord = 8;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Byte at which code point `column` of `text` begins.
std::size_t byte_at(std::string_view text, int column) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues(text[at]) && column-- == 0) break;
  return at;
}

}  // namespace

int columns_of(std::string_view text) {
  int columns = 0;
  for (const char c : text) columns += !continues(c);
  return columns;
}

std::string shortened(std::string_view text, int width) {
  const int columns = columns_of(text);
  if (columns <= width) return std::string(text);
  const int head = (width - 3 + 1) / 2;
  const int tail = width - 3 - head;
  return fmt::format("{}...{}", text.substr(0, byte_at(text, head)),
                     text.substr(byte_at(text, columns - tail)));
}

std::string quoted_name(std::string_view name) {
  return fmt::format("\"{}\"", shortened(printable(name), kNameColumns));
}

std::string wrapped(std::string_view text, int width, int indent) {
  std::istringstream words{std::string(text)};
  std::string result;
  int column = indent;
  for (std::string word; words >> word;) {
    word = shortened(word, std::max(kLeastWord, width - indent));
    if (!result.empty() && column + 1 + columns_of(word) > width) {
      result += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      column = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++column;
    }
    result += word;
    column += columns_of(word);
  }
  return result;
}

}  // namespace base
