// Sample files: round trips, and a clear refusal of damaged ones.
#include "nn/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "nn/expect_error.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using base::Code;
using ::testing::ElementsAre;
using testing::expect_error;

class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("fpsa_samples_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& content) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  Array load(const std::string& content) const { return load_samples(write("file", content)); }
  void refuse(const std::string& part, const std::string& content) const {
    expect_error(Code::kBadSamples, part, [&] { load(content); });
  }

  fs::path folder_;
};

// A .npy file with `header` as its dictionary.
std::string npy(const std::string& header, const std::string& data, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  bytes += static_cast<char>(header.size());
  bytes += std::string(version == 1 ? 1 : 3, '\0');
  return bytes + header + data;
}

std::string header(const std::string& type, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

std::uintmax_t data_bytes(const Array& array) {
  const bool one = array.dtype == DType::kInt8 || array.dtype == DType::kUint8;
  const std::uintmax_t size = one                            ? 1
                              : array.dtype == DType::kInt16 ? 2
                              : array.dtype == DType::kInt64 ? 8
                                                             : 4;
  return size * static_cast<std::uintmax_t>(element_count(array.shape));
}

TEST_F(Samples, NpyRoundTrip) {
  const Array arrays[] = {
      Array::of_floats({2, 2}, {1.5, -2, 0, 1e30F}),
      Array::of_ints(DType::kInt8, {3}, {-128, 0, 127}),
      Array::of_ints(DType::kUint8, {1, 2}, {0, 255}),
      Array::of_ints(DType::kInt16, {2}, {-300, 300}),
      Array::of_ints(DType::kInt32, {2}, {-70000, 70000}),
      Array::of_ints(DType::kInt64, {}, {-(std::int64_t{1} << 40)}),
  };
  for (const Array& array : arrays) {
    save_npy(folder_ / "a.npy", array);
    // numpy maps the data into memory: it begins at a multiple of 64 bytes.
    EXPECT_EQ((fs::file_size(folder_ / "a.npy") - data_bytes(array)) % 64, 0U);
    const Array back = load_samples(folder_ / "a.npy");
    EXPECT_EQ(back.dtype, array.dtype);
    EXPECT_EQ(back.shape, array.shape);
    EXPECT_EQ(back.data, array.data);
  }
}

TEST_F(Samples, NpyOfNumpysOwnHeaders) {
  EXPECT_THAT(load(npy(header("<f8", "(1,)"), std::string("\0\0\0\0\0\0\xf8\x3f", 8))).floats(),
              ElementsAre(1.5F));
  EXPECT_THAT(load(npy(header("|u1", "(2, 1)"), "\x01\xff", 2)).ints(), ElementsAre(1, 255));
  EXPECT_EQ(load(npy(header("<i4", "()"), std::string("\x05\0\0\0", 4))).shape, Shape{});
}

TEST_F(Samples, NpyErrors) {
  refuse("truncated in its header", "\x93NUMPY");
  refuse("version 3", npy(header("<f4", "(1,)"), "abcd", 3));
  refuse("truncated in its header", npy(header("<f4", "(1,)"), "").substr(0, 40));
  refuse("not little endian", npy(header(">f4", "(1,)"), "abcd"));
  refuse("type f2", npy(header("<f2", "(1,)"), "ab"));
  refuse("not plain numbers", npy(header("<c16", "(1,)"), "ab"));
  refuse("type c8", npy(header("<c8", "(1,)"), "ab"));
  refuse("Fortran order", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "abcd"));
  refuse("lacks 'shape'", npy("{'descr': '<f4', 'fortran_order': False}", "abcd"));
  refuse("no proper shape", npy(header("<f4", "(x,)"), "abcd"));
  refuse("no proper shape", npy(header("<f4", "(99999999999999999999,)"), "abcd"));
  refuse("negative extent", npy(header("<f4", "(-1,)"), "abcd"));
  refuse("impossible shape", npy(header("<f4", "(1000000000, 1000000000)"), "abcd"));
  refuse("has 4 bytes of data; shape [2] needs 8", npy(header("<f4", "(2,)"), "abcd"));
  refuse("has 5 bytes of data", npy(header("<f4", "(1,)"), "abcde"));
  refuse("NaN", npy(header("<f4", "(1,)"), std::string("\0\0\xc0\x7f", 4)));
}

TEST_F(Samples, IdxPlainAndCompressed) {
  const std::string idx("\0\0\x08\x02\0\0\0\x02\0\0\0\x03\x01\x02\x03\x04\x05\xff", 18);
  const Array array = load(idx);
  EXPECT_EQ(array.shape, (Shape{2, 3}));
  EXPECT_THAT(array.ints(), ElementsAre(1, 2, 3, 4, 5, 255));
  const fs::path path = folder_ / "images.gz";
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, idx.data(), static_cast<unsigned>(idx.size()));
  gzclose(file);
  EXPECT_EQ(load_samples(path).data, array.data);
}

TEST_F(Samples, IdxOfWiderTypesIsBigEndian) {
  EXPECT_THAT(load(std::string("\0\0\x0B\x01\0\0\0\x01\xff\xfe", 10)).ints(), ElementsAre(-2));
  EXPECT_THAT(load(std::string("\0\0\x0C\x01\0\0\0\x01\0\0\x01\0", 12)).ints(), ElementsAre(256));
  EXPECT_THAT(load(std::string("\0\0\x0D\x01\0\0\0\x01\x3f\x80\0\0", 12)).floats(),
              ElementsAre(1.0F));
}

TEST_F(Samples, IdxErrors) {
  refuse("truncated in its header", std::string("\0\0\x08\x03\0\0", 6));
  refuse("has 1 bytes of data; shape [2] needs 2", std::string("\0\0\x08\x01\0\0\0\x02\x01", 9));
  refuse("type 0x0a is unknown", std::string("\0\0\x0A\x01\0\0\0\x01\x01", 9));
  refuse("impossible shape", std::string("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", 12));
}

TEST_F(Samples, PnmOfEachKind) {
  const Array grey = load("P2 # a comment\n3 2\n# another\n255\n1 2 3\n4 5 255\n");
  EXPECT_EQ(grey.shape, (Shape{2, 3}));
  EXPECT_THAT(grey.ints(), ElementsAre(1, 2, 3, 4, 5, 255));
  EXPECT_THAT(load(std::string("P5 2 1 255\n\x00\xff", 13)).ints(), ElementsAre(0, 255));
  EXPECT_THAT(load(std::string("P5 1 1 1000\n\x01\x02", 14)).ints(), ElementsAre(258));
  const Array colour = load("P3 2 1 9 1 2 3 4 5 6");
  EXPECT_EQ(colour.shape, (Shape{3, 1, 2}));
  EXPECT_THAT(colour.ints(), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(load("P6 1 1 255\nabc").ints(), ElementsAre('a', 'b', 'c'));
}

TEST_F(Samples, PnmErrors) {
  refuse("the height is missing", "P2 3");
  refuse("the width is outside", "P2 0 1 255 ");
  refuse("the width is outside", "P2 99999999999999999999 1 255 ");
  refuse("a pixel is missing", "P2 2 1 255 7 ");
  refuse("a pixel is outside [0, 9]", "P2 1 1 9 10 ");
  refuse("more data than pixels", "P2 1 1 9 1 2 ");
  refuse("has 1 bytes of pixels instead of 2", "P5 2 1 255\na");
  refuse("has 0 bytes of pixels", "P5 65535 65535 255");
  refuse("above the greatest", "P5 1 1 9\nz");
}

TEST_F(Samples, FolderOfImagesIsABatchSortedByName) {
  write("images/b.pgm", "P2 1 2 9 3 4 ");
  write("images/a.pgm", "P2 1 2 9 1 2 ");
  write("images/notes.txt", "not an image");
  const Array batch = load_samples(folder_ / "images");
  EXPECT_EQ(batch.shape, (Shape{2, 2, 1}));
  EXPECT_THAT(batch.ints(), ElementsAre(1, 2, 3, 4));
  write("images/c.pgm", "P2 1 1 9 5 ");
  expect_error(Code::kBadSamples, "c.pgm", [&] { load_samples(folder_ / "images"); });
  fs::create_directories(folder_ / "empty");
  expect_error(Code::kBadSamples, "no .pgm", [&] { load_samples(folder_ / "empty"); });
}

TEST_F(Samples, OtherFilesAreRefused) {
  refuse("neither .npy, IDX nor PNM", "hello");
  refuse("neither .npy, IDX nor PNM", "");
  expect_error(Code::kFileUnreadable, "missing", [&] { load_samples(folder_ / "missing"); });
}

TEST(ToInput, ScalesAndReshapesASample) {
  const Value input{"x", DType::kFloat, {kUnknown, 1, 4}, {}};
  const Array raw = Array::of_ints(DType::kUint8, {2, 2, 2}, {0, 255, 51, 0, 0, 0, 0, 255});
  const Array x = to_input(raw, input, 1.0 / 255, -0.5);
  EXPECT_EQ(x.shape, (Shape{2, 1, 4}));
  EXPECT_FLOAT_EQ(x.floats()[2], -0.3F);
  const Value narrow{"x", DType::kFloat, {1, 3}, {}};
  expect_error(Code::kBadSamples, "a sample has 4 elements; the network takes [1, 3]",
               [&] { to_input(raw, narrow, 1, 0); });
  expect_error(Code::kBadSamples, "cannot feed",
               [&] { to_input(Array::of_floats({}, {1}), narrow, 1, 0); });
}

}  // namespace
}  // namespace nn
