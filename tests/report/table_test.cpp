#include "report/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/layout.hpp"

namespace {

using report::Align;
using report::Column;
using report::Table;

int longest_line(const std::string& text) {
  std::istringstream lines(text);
  int longest = 0;
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, base::columns_of(line));
  return longest;
}

TEST(Table, AlignsColumns) {
  Table table({{"name"}, {"PEs", Align::kRight}}, 2);
  table.row({"fc1", "12"});
  table.row({"output", "1 234"});
  EXPECT_EQ(table.text(80),
            "  name      PEs\n"
            "  fc1        12\n"
            "  output  1 234\n");
}

TEST(Table, WithoutTitlesHasNoLineOfThem) {
  Table table({Column{}, Column{{}, Align::kRight}});
  table.row({"a", "1"});
  EXPECT_EQ(table.text(80), "a  1\n");
}

TEST(Table, WrapsTheLastColumn) {
  Table table({{"tool"}, {"for"}});
  table.row({"yosys", "maps what was generated to the cells of a library"});
  EXPECT_EQ(table.text(30),
            "tool   for\n"
            "yosys  maps what was generated\n"
            "       to the cells of a\n"
            "       library\n");
}

TEST(Table, CutsNamesButNoFigures) {
  Table table({{"node"}, {"compared", Align::kRight}});
  table.row({std::string(300, 'n'), "1 234 567"});
  table.row({"line\nbreak", "7"});
  const std::string text = table.text(40);
  EXPECT_EQ(longest_line(text), 40);
  EXPECT_THAT(text, testing::HasSubstr("nnn...nnn"));
  EXPECT_THAT(text, testing::HasSubstr("  1 234 567\n"));
  EXPECT_THAT(text, testing::HasSubstr("line\\nbreak"));
}

TEST(Table, NotesAreWrappedUnderTheirRow) {
  Table table({Column{}, Column{}});
  table.row({"a", "b"});
  table.note("what is wrong with a, at length");
  EXPECT_EQ(table.text(20), "a  b\n    what is wrong\n    with a, at\n    length\n");
}

TEST(Table, FitsEveryWidth) {
  Table table({{"node"}, {"op"}, {"verdict"}, {"becomes"}});
  table.row({std::string(70, 'n'), std::string(50, 'o'), "supported", "words and words and words"});
  for (int width = 60; width < 200; ++width) EXPECT_LE(longest_line(table.text(width)), width);
}

}  // namespace
