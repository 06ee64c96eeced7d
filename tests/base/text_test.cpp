#include "base/text.hpp"

#include <gtest/gtest.h>

#include <iomanip>
#include <sstream>

#include "base/rng.hpp"

namespace {

using base::printable;
using base::quoted;
using base::stem_of;
using base::UniqueNames;

TEST(Printable, KeepsWhatShows) {
  for (const char* text : {"", "fc1", "/fc1/Gemm", "a b\"c\\d", "Größe", "卷积", "😀"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ShowsWhatWouldNotAsEscapes) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\x0dd");
  EXPECT_EQ(printable("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\u0085\u200b\u2028\u202e\u2066\ufeff"),
            "\\u{0085}\\u{200b}\\u{2028}\\u{202e}\\u{2066}\\u{feff}");
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xe5\x8d"), "\\xe5\\x8d");           // cut short
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // a slash in too long a form
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");  // another
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // half of a pair
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Quoted, IsReadBackByStdQuoted) {
  EXPECT_EQ(quoted("a \"b\\"), "\"a \\\"b\\\\\"");
  EXPECT_EQ(quoted("a\nb"), "\"a\\\\nb\"");
  base::Rng rng(1);
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    for (std::uint64_t n = rng.below(12); n > 0; --n) text += static_cast<char>(rng.below(256));
    std::istringstream stream("probe " + base::quoted(text) + " 7");
    std::string key;
    std::string read;
    int after = 0;
    EXPECT_TRUE(stream >> key >> std::quoted(read) >> after) << base::quoted(text);
    EXPECT_EQ(read, printable(text));
    EXPECT_EQ(after, 7);
    EXPECT_EQ(base::quoted(text).find('\n'), std::string::npos);
  }
}

TEST(StemOf, KeepsLettersDigitsAndSingleUnderscores) {
  EXPECT_EQ(stem_of("fc1", 24), "fc1");
  EXPECT_EQ(stem_of("/fc1/Gemm", 24), "fc1_Gemm");
  EXPECT_EQ(stem_of("onnx::Gemm_0", 24), "onnx_Gemm_0");
  EXPECT_EQ(stem_of("../../../x/g", 24), "x_g");
  EXPECT_EQ(stem_of("a\n`touch y`$(z);", 24), "a_touch_y_z");
  EXPECT_EQ(stem_of("3x3", 24), "n3x3");
  EXPECT_EQ(stem_of("卷积", 24), "");
  EXPECT_EQ(stem_of("", 24), "");
}

TEST(StemOf, KeepsTheEndsOfWhatIsLong) {
  EXPECT_EQ(stem_of("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(stem_of("abcdefghijk", 10), "abcd_ghijk");
  EXPECT_EQ(stem_of("abc_efghijk", 10), "abc_ghijk");  // no underscore twice
  EXPECT_EQ(stem_of(std::string(300, 'x'), 24), std::string(11, 'x') + "_" + std::string(12, 'x'));
}

TEST(UniqueNames, NumbersWhatWasTakenBefore) {
  UniqueNames names("#");
  EXPECT_EQ(names.take("a"), "a");
  EXPECT_EQ(names.take("a"), "a#2");
  EXPECT_EQ(names.take("a#3"), "a#3");
  EXPECT_EQ(names.take("a"), "a#4");
  EXPECT_EQ(names.take("A"), "A");
}

TEST(UniqueNames, FoldsCaseIfAsked) {
  UniqueNames names("_alt", true);
  EXPECT_EQ(names.take("Fc"), "Fc");
  EXPECT_EQ(names.take("fC"), "fC_alt2");
  EXPECT_EQ(names.take("FC_ALT2"), "FC_ALT2_alt2");
}

}  // namespace
