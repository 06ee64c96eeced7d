// Names and texts of strangers: shown on one line, quoted in files, and turned into names of ours.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace base {

/// `text` as one line for a terminal, a file or JSON. Printable UTF-8 stays as it is; control
/// characters, line separators, marks that turn the direction of writing, and bytes that are not
/// UTF-8 become \n, \t, \xHH or \u{HHHH}.
std::string printable(std::string_view text);

/// printable(text) between quotation marks, with a backslash before each one in it and before each
/// backslash, as std::quoted reads it.
std::string quoted(std::string_view text);

/// What of `text` may name a file, a net or a module: ASCII letters, digits and single underscores
/// for everything else, a letter first ("n" is put before a digit), at most `length` >= 4
/// characters: the beginning and the end of what is longer. Empty if `text` has no letter or digit.
std::string stem_of(std::string_view text, std::size_t length);

/// Names that must differ from each other, one call of take() a name.
class UniqueNames {
 public:
  /// `joint` stands between a name and the number that makes it unique. With `fold_case` names that
  /// differ in their case alone are the same, as on some file systems.
  explicit UniqueNames(std::string joint, bool fold_case = false)
      : joint_(std::move(joint)), fold_case_(fold_case) {}

  /// `name` if it is free, else the first free of name<joint>2, name<joint>3, ...
  std::string take(const std::string& name);

 private:
  bool insert(std::string name);

  std::string joint_;
  bool fold_case_;
  std::set<std::string> taken_;
  std::map<std::string, int> last_;  // number given last to a name
};

}  // namespace base
