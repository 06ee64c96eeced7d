#include "config/starter.hpp"

#include <fmt/format.h>

#include <sstream>

#include "config/schema.hpp"

namespace config {

namespace {

std::string commented(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) result += "# " + line + "\n";
  return result;
}

std::string documentation(const Key& key) {
  const std::string range = allowed(key);
  return commented(range.empty() ? key.doc : fmt::format("{}: {}", key.doc, range));
}

}  // namespace

std::string starter_toml(const Spec& spec, const std::map<std::string, Remark>& remarks) {
  std::string text;
  std::string section;
  for (const Key& key : keys()) {
    if (key.section != section) text += fmt::format("[{}]\n", key.section);
    section = key.section;
    const auto found = remarks.find(key.path());
    const Remark remark = found == remarks.end() ? Remark{{}, false} : found->second;
    const std::string value = literal(key.get(remark.written ? spec : Spec{}));
    text += documentation(key) + commented(remark.text);
    text += fmt::format("{}{} = {}\n\n", remark.written ? "" : "#", key.name,
                        remark.example.empty() ? value : remark.example);
  }
  text.pop_back();
  return text;
}

}  // namespace config
