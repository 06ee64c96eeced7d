// Text in columns that fits a width.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace report {

enum class Align { kLeft, kRight };

struct Column {
  std::string title;  ///< all empty: no line of titles
  Align align = Align::kLeft;
};

/// Rows of cells, two blanks between columns. Cells are made printable. Columns are as wide as
/// their widest cell; if that is more than the width that text() is given, the last column wraps if
/// it is of text, then the widest columns of text are cut in the middle. Figures are never cut.
class Table {
 public:
  explicit Table(std::vector<Column> columns, int indent = 0);

  /// A cell a column; missing ones at the end are empty.
  void row(std::vector<std::string> cells);
  /// A line of prose under the last row, wrapped, four blanks further in.
  void note(std::string text);
  /// All lines, none ending in blanks, each ending in a line break.
  std::string text(int width) const;

 private:
  struct Line {
    std::vector<std::string> cells;
    std::string note;  ///< instead of cells
  };

  std::vector<int> natural_widths() const;
  std::optional<std::size_t> widest_name(const std::vector<int>& widths) const;
  std::vector<int> fitted_widths(int width) const;
  std::string row_text(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<Column> columns_;
  std::vector<Line> lines_;
  int indent_;
};

}  // namespace report
