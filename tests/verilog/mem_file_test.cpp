#include "verilog/mem_file.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"

namespace verilog {
namespace {

TEST(MemImage, FixedWidthTwosComplement) {
  EXPECT_EQ(mem_image(8, std::vector<std::int64_t>{0, 1, -1, -128, 127, 255}),
            "00\n01\nff\n80\n7f\nff\n");
  EXPECT_EQ(mem_image(9, std::vector<std::int64_t>{-1, 5}), "1ff\n005\n");
  EXPECT_EQ(mem_image(1, std::vector<std::int64_t>{0, 1, -1}), "0\n1\n1\n");
  EXPECT_EQ(mem_image(4, std::vector<std::int64_t>{}), "");
}

TEST(MemImage, SignExtendsPast64Bits) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(mem_image(64, std::vector<std::int64_t>{least}), "8000000000000000\n");
  EXPECT_EQ(mem_image(66, std::vector<std::int64_t>{least, 3}),
            "38000000000000000\n00000000000000003\n");
}

TEST(MemImage, RefusesWordsThatDoNotFit) {
  EXPECT_THROW(mem_image(8, std::vector<std::int64_t>{256}), base::Error);
  EXPECT_THROW(mem_image(8, std::vector<std::int64_t>{-129}), base::Error);
  EXPECT_THROW(mem_image(1, std::vector<std::int64_t>{-2}), base::Error);
  EXPECT_THROW(mem_image(0, std::vector<std::int64_t>{}), base::Error);
}

TEST(MemImage, WordsOfAnyWidth) {
  base::Bits word(70);
  word.set(69, true);
  word.set(4, true);
  EXPECT_EQ(mem_image(std::vector<base::Bits>{word, base::Bits(70)}),
            "200000000000000010\n000000000000000000\n");
  EXPECT_THROW(mem_image(std::vector<base::Bits>{word, base::Bits(69)}), base::Error);
  EXPECT_THROW(mem_image(std::vector<base::Bits>{base::Bits()}), base::Error);
}

}  // namespace
}  // namespace verilog
