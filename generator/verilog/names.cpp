#include "verilog/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace verilog {
namespace {

constexpr std::string_view kKeywords[] = {
#include "verilog/keywords.inc"
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Tools fold case here and there, so keywords are avoided in capitals too.
bool is_keyword(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return std::find(std::begin(kKeywords), std::end(kKeywords), name) != std::end(kKeywords);
}

/// Everything but letters and digits becomes one underscore, none at the ends.
std::string with_single_underscores(const std::string& name) {
  std::string result;
  for (const char c : name) {
    if (is_letter(c) || is_digit(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  if (result.ends_with('_')) result.pop_back();
  return result;
}

/// a_1_2 -> a12: bit-blasted nets of a bus are called name_<digits>, so no other net may be.
std::string without_last_number(std::string name) {
  while (true) {
    const std::size_t underscore = name.rfind('_');
    if (underscore == std::string::npos || underscore + 1 == name.size()) return name;
    if (!std::all_of(name.begin() + underscore + 1, name.end(), is_digit)) return name;
    name.erase(underscore, 1);
  }
}

/// The first and the last characters, joined by an underscore if there were more.
std::string shortened(const std::string& name, int length) {
  const int size = static_cast<int>(name.size());
  if (size <= length) return name;
  const int head = (length - 1) / 2;
  const int tail = length - 1 - head;
  return name.substr(0, head) + "_" + name.substr(size - tail);
}

std::string tidy(const std::string& name) {
  return without_last_number(with_single_underscores(name));
}

bool has_right_prefix(const std::string& name, NameKind kind) {
  return kind == NameKind::kModule || name.starts_with("u_") == (kind == NameKind::kInstance);
}

std::string with_right_prefix(const std::string& name, NameKind kind) {
  if (has_right_prefix(name, kind)) return name;
  return (kind == NameKind::kInstance ? "u_" : "n_") + name;
}

}  // namespace

bool is_legal_name(const std::string& name, NameKind kind) {
  return !name.empty() && static_cast<int>(name.size()) <= kMaxNameLength && is_letter(name[0]) &&
         tidy(name) == name && !is_keyword(name) && has_right_prefix(name, kind);
}

std::string legal_name(const std::string& name, NameKind kind) {
  std::string result = tidy(name);
  if (result.empty() || is_digit(result[0])) result = tidy("n" + result);
  result = with_right_prefix(result, kind);
  if (is_keyword(result)) result += kind == NameKind::kModule ? "_module" : "_net";
  return tidy(shortened(result, kMaxNameLength));
}

bool NameScope::reserve(const std::string& name, NameKind kind) {
  if (!is_legal_name(name, kind)) return false;
  std::string key = name;
  if (case_ == Case::kIgnored) std::transform(key.begin(), key.end(), key.begin(), lower);
  return taken_.insert(key).second;
}

std::string NameScope::take(const std::string& name, NameKind kind) {
  const std::string base = legal_name(name, kind);
  if (reserve(base, kind)) return base;
  for (int i = 2;; ++i) {
    const std::string suffix = fmt::format("_alt{}", i);
    const int room = kMaxNameLength - static_cast<int>(suffix.size());
    const std::string other = tidy(shortened(base, room) + suffix);
    if (reserve(other, kind)) return other;
  }
}

}  // namespace verilog
