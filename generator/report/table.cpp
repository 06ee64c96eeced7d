#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/layout.hpp"
#include "base/text.hpp"

namespace report {

namespace {

constexpr int kGap = 2;
constexpr int kLeastProse = 20;  // columns of text that wrap
constexpr int kLeastName = 12;   // columns of text that are cut

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

std::string padded(const std::string& cell, int width, Align align) {
  const std::string pad = blanks(width - base::columns_of(cell));
  return align == Align::kLeft ? cell + pad : pad + cell;
}

void strip_end(std::string& text) { text.erase(text.find_last_not_of(' ') + 1); }

}  // namespace

Table::Table(std::vector<Column> columns, int indent)
    : columns_(std::move(columns)), indent_(indent) {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  if (std::ranges::any_of(titles, [](const std::string& title) { return !title.empty(); }))
    row(titles);
}

void Table::row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = base::printable(cell);
  lines_.push_back({std::move(cells), {}});
}

void Table::note(std::string text) { lines_.push_back({{}, base::printable(text)}); }

std::vector<int> Table::natural_widths() const {
  std::vector<int> widths(columns_.size());
  for (const Line& line : lines_)
    for (std::size_t c = 0; c < line.cells.size(); ++c)
      widths[c] = std::max(widths[c], base::columns_of(line.cells[c]));
  return widths;
}

// The widest column that may be cut.
std::optional<std::size_t> Table::widest_name(const std::vector<int>& widths) const {
  std::optional<std::size_t> widest;
  for (std::size_t c = 0; c < widths.size(); ++c)
    if (columns_[c].align == Align::kLeft && (!widest || widths[c] > widths[*widest])) widest = c;
  return widest;
}

std::vector<int> Table::fitted_widths(int width) const {
  std::vector<int> widths = natural_widths();
  int excess = std::accumulate(widths.begin(), widths.end(), indent_ - width) +
               kGap * (static_cast<int>(widths.size()) - 1);
  const auto shrink = [&](std::size_t c, int least) {
    const int cut = std::clamp(widths[c] - least, 0, std::max(0, excess));
    widths[c] -= cut;
    excess -= cut;
    return cut > 0;
  };
  if (columns_.back().align == Align::kLeft) shrink(widths.size() - 1, kLeastProse);
  while (const auto widest = widest_name(widths))
    if (!shrink(*widest, std::max(kLeastName, widths[*widest] - 1))) break;
  return widths;
}

std::string Table::row_text(const std::vector<std::string>& cells,
                            const std::vector<int>& widths) const {
  std::string text = blanks(indent_);
  int start = indent_;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const bool last = c + 1 == cells.size();
    if (last && columns_[c].align == Align::kLeft)
      text += base::columns_of(cells[c]) <= widths[c]
                  ? cells[c]
                  : base::wrapped(cells[c], start + widths[c], start);
    else if (columns_[c].align == Align::kLeft)
      text += padded(base::shortened(cells[c], widths[c]), widths[c], Align::kLeft);
    else
      text += padded(cells[c], widths[c], Align::kRight);
    if (!last) text += blanks(kGap);
    start += widths[c] + kGap;
  }
  strip_end(text);
  return text + "\n";
}

std::string Table::text(int width) const {
  const std::vector<int> widths = fitted_widths(width);
  std::string text;
  for (const Line& line : lines_)
    text += line.cells.empty()
                ? blanks(indent_ + 4) + base::wrapped(line.note, width, indent_ + 4) + "\n"
                : row_text(line.cells, widths);
  return text;
}

}  // namespace report
