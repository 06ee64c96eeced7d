#include "flow/liberty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/error.hpp"

namespace flow {
namespace {

constexpr int kDeepest = 16;  // groups within groups; real libraries stay below 8

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string trimmed(std::string text) {
  while (!text.empty() && is_space(text.back())) text.pop_back();
  std::size_t first = 0;
  while (first < text.size() && is_space(text[first])) ++first;
  return text.substr(first);
}

// Text that went on in the next line
std::string unbroken(std::string_view text) {
  std::string whole(text);
  std::erase_if(whole, [](char c) { return c == '\\' || c == '\n' || c == '\r'; });
  return whole;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  LibertyGroup library() {
    skip();
    LibertyGroup root;
    statement(root, 0);
    if (root.groups.size() != 1 || root.groups[0].kind != "library") fail("no library group");
    skip();
    if (at_ < text_.size()) fail("text after the library group");
    return std::move(root.groups[0]);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<long>(at_), '\n');
    base::fail(base::Code::kBadLibrary, what, fmt::format("{}:{}", source_, line),
               "give a Liberty file, or its .gz");
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool sees(std::string_view word) const { return text_.substr(at_, word.size()) == word; }

  // Past a comment, if there is one
  bool comment() {
    const bool block = sees("/*");
    if (!block && !sees("//")) return false;
    const std::size_t end = text_.find(block ? "*/" : "\n", at_ + 2);
    if (block && end == std::string_view::npos) fail("a comment without an end");
    at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 0);
    return true;
  }

  // Blanks, comments, line breaks with and without a backslash
  void skip() {
    while (at_ < text_.size())
      if (is_space(peek()) || peek() == '\\')
        ++at_;
      else if (!comment())
        return;
  }

  std::string quoted() {
    const std::size_t begin = ++at_;
    at_ = text_.find('"', begin);
    if (at_ == std::string_view::npos) {
      at_ = begin;
      fail("a text without its closing quote");
    }
    return trimmed(unbroken(text_.substr(begin, at_++ - begin)));
  }

  std::string word(std::string_view ends) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_space(peek()) && ends.find(peek()) == std::string_view::npos)
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // What stands between a colon and the end of the line, the semicolon or the brace
  LibertyAttribute value(std::string name) {
    while (is_space(peek()) && peek() != '\n') ++at_;
    LibertyAttribute attribute{std::move(name), {}};
    if (peek() == '"') {
      attribute.values = {quoted()};
      attribute.quoted = true;
      return attribute;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view(";\n}").find(peek()) == std::string_view::npos &&
           !sees("/*") && !sees("//"))
      ++at_;
    attribute.values = {trimmed(unbroken(text_.substr(begin, at_ - begin)))};
    if (attribute.values[0].find('"') != std::string::npos) fail("a quote within a value");
    return attribute;
  }

  // (a, "b", c d)
  LibertyAttribute arguments(std::string name) {
    LibertyAttribute attribute{std::move(name), {}};
    attribute.simple = false;
    for (++at_;;) {
      skip();
      if (at_ >= text_.size()) fail("a parenthesis without its end");
      if (peek() == ')') break;
      if (peek() == ',') {
        ++at_;
      } else if (peek() == '"') {
        attribute.values.push_back(quoted());
        attribute.quoted = true;
      } else {
        const std::size_t before = at_;
        attribute.values.push_back(word(",()\""));
        if (at_ == before) fail(fmt::format("'{}' in a list", peek()));
      }
    }
    ++at_;
    return attribute;
  }

  void body(LibertyGroup& group, int depth) {
    if (depth > kDeepest) fail("groups too deep within groups");
    for (++at_;;) {
      skip();
      if (at_ >= text_.size()) fail(fmt::format("the group {} has no end", group.kind));
      if (peek() == '}') break;
      statement(group, depth);
    }
    ++at_;
  }

  // An attribute or a group, into `parent`
  void statement(LibertyGroup& parent, int depth) {
    if (peek() == ';') {
      ++at_;
      return;
    }
    std::string name = word(":(){};,\"");
    if (name.empty()) fail("neither an attribute nor a group");
    skip();
    if (peek() == ':') {
      ++at_;
      parent.attributes.push_back(value(std::move(name)));
      return;
    }
    if (peek() != '(') fail(fmt::format("neither ':' nor '(' after {}", name));
    LibertyAttribute list = arguments(std::move(name));
    skip();
    if (peek() != '{') {
      parent.attributes.push_back(std::move(list));
      return;
    }
    parent.groups.push_back({std::move(list.name), std::move(list.values), {}, {}});
    body(parent.groups.back(), depth + 1);
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
};

bool is_plain(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_.+-").find(c) != std::string_view::npos;
  });
}

std::string printed(const std::string& value, bool quoted) {
  return quoted || !is_plain(value) ? '"' + value + '"' : value;
}

std::string list_of(const std::vector<std::string>& values, bool quoted) {
  std::string text;
  for (const std::string& value : values)
    text += (text.empty() ? "" : ", ") + printed(value, quoted);
  return text;
}

std::string line_of(const LibertyAttribute& attribute, const std::string& indent) {
  if (attribute.simple)
    return fmt::format("{}{} : {};\n", indent, attribute.name,
                       printed(attribute.values[0], attribute.quoted));
  return fmt::format("{}{} ({});\n", indent, attribute.name,
                     list_of(attribute.values, attribute.quoted));
}

// OpenSTA looks for the group when it reads the attribute.
bool names_a_group(const LibertyAttribute& attribute) {
  return attribute.name == "default_operating_conditions";
}

void print(const LibertyGroup& group, const std::string& indent, std::string& text) {
  text += fmt::format("{}{} ({}) {{\n", indent, group.kind, list_of(group.arguments, false));
  const std::string inner = indent + "  ";
  for (const LibertyAttribute& attribute : group.attributes)
    if (!names_a_group(attribute)) text += line_of(attribute, inner);
  for (const LibertyGroup& child : group.groups) print(child, inner, text);
  for (const LibertyAttribute& attribute : group.attributes)
    if (names_a_group(attribute)) text += line_of(attribute, inner);
  text += indent + "}\n";
}

}  // namespace

const LibertyAttribute* LibertyGroup::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &LibertyAttribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::string LibertyGroup::text(std::string_view attribute) const {
  const LibertyAttribute* found = find(attribute);
  return found && found->simple ? found->values[0] : std::string();
}

bool LibertyGroup::is_true(std::string_view attribute) const {
  const std::string value = text(attribute);
  return std::ranges::equal(value, std::string_view("true"), [](char one, char other) {
    return std::tolower(static_cast<unsigned char>(one)) == other;
  });
}

double LibertyGroup::number(std::string_view attribute, double otherwise) const {
  const std::string value = text(attribute);
  double result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  return error == std::errc() && end == value.data() + value.size() ? result : otherwise;
}

const LibertyGroup* LibertyGroup::group(std::string_view wanted) const {
  const auto found = std::ranges::find(groups, wanted, &LibertyGroup::kind);
  return found == groups.end() ? nullptr : &*found;
}

void LibertyGroup::set(const std::string& attribute, const std::string& value) {
  const auto found = std::ranges::find(attributes, attribute, &LibertyAttribute::name);
  if (found == attributes.end())
    attributes.push_back({attribute, {value}});
  else
    found->values = {value};
}

LibertyGroup parse_liberty(std::string_view text, const std::string& source) {
  return Reader(text, source).library();
}

std::string print_liberty(const LibertyGroup& group) {
  std::string text;
  print(group, "", text);
  return text;
}

}  // namespace flow
