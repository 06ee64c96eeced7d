#include "base/layout.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace {

using base::columns_of;
using base::shortened;
using base::wrapped;

TEST(Shortened, KeepsBothEnds) {
  EXPECT_EQ(shortened("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(shortened("abcdefghijk", 10), "abcd...ijk");
  EXPECT_EQ(shortened("äbcdefghijö", 9), "äbc...ijö");
  EXPECT_EQ(columns_of(shortened(std::string(300, 'x'), 60)), 60);
}

TEST(QuotedName, IsOneShortLine) {
  EXPECT_EQ(base::quoted_name("a\nb"), "\"a\\nb\"");
  EXPECT_EQ(columns_of(base::quoted_name(std::string(300, 'x'))), 62);
}

TEST(Wrapped, BreaksBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 7, 0), "one two\nthree");
  EXPECT_EQ(wrapped("one two three", 9, 4), "one\n    two\n    three");
  EXPECT_EQ(wrapped("", 9, 4), "");
  EXPECT_EQ(wrapped("a " + std::string(50, 'x'), 20, 4), "a\n    xxxxxxx...xxxxxx");
}

TEST(Message, CannotBeForgedByAName) {
  const std::string text = base::to_string(
      {base::Code::kUsage, "first\nerror[E9999]: \x1b[31mforged", "node \"x\ny\"", "a\tb"});
  EXPECT_EQ(text,
            "error[E0101]: first\n  error[E9999]: \\x1b[31mforged\n"
            "  at: node \"x\\ny\"\n  try: a\\tb\n");
}

}  // namespace
