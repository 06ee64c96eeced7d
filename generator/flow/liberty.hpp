// Liberty text as a tree of groups: read, changed and printed without knowing what it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace flow {

/// `name : value;` (simple) or `name (value, ...);`
struct LibertyAttribute {
  std::string name{};
  std::vector<std::string> values{};  ///< without quotes; of a simple attribute, one
  bool simple = true;
  bool quoted = false;  ///< the values stood in quotes
};

/// `kind (argument, ...) { attributes and groups }`
struct LibertyGroup {
  std::string kind{};
  std::vector<std::string> arguments{};
  std::vector<LibertyAttribute> attributes{};
  std::vector<LibertyGroup> groups{};

  /// The first argument, or "".
  std::string name() const { return arguments.empty() ? std::string() : arguments.front(); }
  /// The first attribute of that name, or null.
  const LibertyAttribute* find(std::string_view attribute) const;
  /// The value of a simple attribute, or "".
  std::string text(std::string_view attribute) const;
  /// Whether that is "true", in whatever case.
  bool is_true(std::string_view attribute) const;
  /// Its value as a number, or `otherwise` if it is absent or not one.
  double number(std::string_view attribute, double otherwise) const;
  /// The first group of that kind, or null.
  const LibertyGroup* group(std::string_view kind) const;
  /// Gives a simple attribute a value, whether it was there or not.
  void set(const std::string& attribute, const std::string& value);
};

/// The one library group of a Liberty file. Values may lack their quotes (`function : !RN;`) and
/// lines their semicolons. Throws kBadLibrary with `source` and the line.
LibertyGroup parse_liberty(std::string_view text, const std::string& source);

/// An attribute or a brace a line, quotes where Liberty wants them. Attributes stand before groups,
/// default_operating_conditions behind them.
std::string print_liberty(const LibertyGroup& group);

}  // namespace flow
