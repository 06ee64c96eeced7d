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
  Array load(const std::string& content) const {
    return load_samples(write("file", content)).values;
  }
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
    const Array back = load_samples(folder_ / "a.npy").values;
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
  refuse("version 4", npy(header("<f4", "(1,)"), "abcd", 4));
  refuse("truncated in its header", npy(header("<f4", "(1,)"), "").substr(0, 40));
  refuse("type f1", npy(header("<f1", "(1,)"), "a"));
  refuse("type u3", npy(header("<u3", "(1,)"), "abc"));
  refuse("not plain numbers", npy(header("|O", "(1,)"), "abcd"));
  refuse("not plain numbers", npy(header("<U12", "(1,)"), "abcd"));
  refuse("not plain numbers",
         npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "abcd"));
  refuse("not plain numbers", npy(header("<c16", "(1,)"), "ab"));
  refuse("type c8", npy(header("<c8", "(1,)"), "ab"));
  refuse("no proper fortran_order",
         npy("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", "abcd"));
  refuse("lacks 'shape'", npy("{'descr': '<f4', 'fortran_order': False}", "abcd"));
  refuse("no proper shape", npy(header("<f4", "(x,)"), "abcd"));
  refuse("no proper shape", npy(header("<f4", "(99999999999999999999,)"), "abcd"));
  refuse("negative extent", npy(header("<f4", "(-1,)"), "abcd"));
  refuse("impossible shape", npy(header("<f4", "(1000000000, 1000000000)"), "abcd"));
  refuse("has 4 bytes of data; shape [2] needs 8", npy(header("<f4", "(2,)"), "abcd"));
  refuse("has 5 bytes of data", npy(header("<f4", "(1,)"), "abcde"));
  refuse("replace such values", npy(header("<f4", "(1,)"), std::string("\0\0\xc0\x7f", 4)));
  refuse("NaN", npy(header("<f2", "(1,)"), std::string("\0\x7c", 2)));
  refuse("18446744073709551615, which is above 2^63 - 1",
         npy(header("<u8", "(1,)"), std::string(8, '\xff')));
}

TEST_F(Samples, NpyOfEveryTypeAndByteOrder) {
  const auto ints = [&](const std::string& type, const std::string& data) {
    return load(npy(header(type, "(1,)"), data)).ints().at(0);
  };
  EXPECT_EQ(ints("|b1", "\x01"), 1);
  EXPECT_EQ(ints("|u1", "\xfe"), 254);
  EXPECT_EQ(ints("|i1", "\xfe"), -2);
  EXPECT_EQ(ints("<u2", "\x01\xff"), 0xff01);
  EXPECT_EQ(ints(">u2", "\x01\xff"), 0x01ff);
  EXPECT_EQ(ints("<i2", "\x01\xff"), -255);
  EXPECT_EQ(ints(">i2", "\xff\x01"), -255);
  EXPECT_EQ(ints(">u4", "\xff\xff\xff\xfe"), 0xfffffffeLL);
  EXPECT_EQ(ints(">i4", "\xff\xff\xff\xfe"), -2);
  EXPECT_EQ(ints("<u8", std::string("\x05\0\0\0\0\0\0\x40", 8)), 0x4000000000000005LL);
  EXPECT_EQ(ints(">i8", "\xff\xff\xff\xff\xff\xff\xff\xfd"), -3);
  const auto floats = [&](const std::string& type, const std::string& data) {
    return load(npy(header(type, "(1,)"), data)).floats().at(0);
  };
  EXPECT_EQ(floats(">f4", std::string("\x3f\xc0\0\0", 4)), 1.5F);
  EXPECT_EQ(floats(">f8", std::string("\x3f\xf8\0\0\0\0\0\0", 8)), 1.5F);
  EXPECT_EQ(floats("<f2", std::string("\0\x3e", 2)), 1.5F);
  EXPECT_EQ(floats(">f2", std::string("\xc0\0", 2)), -2.0F);
  EXPECT_EQ(floats("<f2", "\xff\x7b"), 65504.0F);
  EXPECT_EQ(floats("<f2", std::string("\x01\0", 2)), 0x1p-24F);  // the least subnormal
  EXPECT_EQ(floats("<f2", std::string("\0\x04", 2)), 0x1p-14F);  // the least normal
}

TEST_F(Samples, NpyOfLaterVersionsHasALongerHeaderLength) {
  for (const char version : {2, 3})
    EXPECT_EQ(load(npy(header("|u1", "(2,)"), "ab", version)).shape, Shape{2});
  EXPECT_EQ(load(npy(header("|u1", "(2L, 1L)"), "ab")).shape, (Shape{2, 1}));
}

TEST_F(Samples, NpyInFortranOrder) {
  const std::string file =
      npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", "\1\4\2\5\3\6");
  const SampleSet all = load_samples(write("f", file));
  EXPECT_EQ(all.values.shape, (Shape{2, 3}));
  EXPECT_THAT(all.values.ints(), ElementsAre(1, 2, 3, 4, 5, 6));
  const SampleSet one = load_samples(write("f", file), 1);
  EXPECT_EQ(one.values.shape, (Shape{1, 3}));
  EXPECT_THAT(one.values.ints(), ElementsAre(1, 2, 3));
  EXPECT_EQ(one.count, 2);
}

TEST_F(Samples, SaysHowManyThereAre) {
  const fs::path path = write("s", npy(header("|u1", "(3, 2)"), "abcdef"));
  const SampleSet set = load_samples(path, 2);
  EXPECT_EQ(set.values.shape, (Shape{2, 2}));
  EXPECT_EQ(set.count, 3);
  EXPECT_EQ(set.name, path.string());
}

TEST_F(Samples, FormatsOfOthersAreNamedWithACure) {
  refuse("zip archive (.npz, .pt)", "PK\x03\x04 and so on");
  refuse("save one array with numpy.save", "PK\x03\x04 and so on");
  refuse("PNG image", "\x89PNG\r\n\x1a\n");
  refuse("jpegtopnm", "\xff\xd8\xff\xe0");
  refuse("HDF5", "\x89HDF\r\n\x1a\n");
  refuse("give its name the ending .gz", "\x1f\x8b\x08");
  refuse("bitmap (P4)", "P4 8 1 a");
  refuse("pamtopnm", "P7\nWIDTH 1\n");
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
  EXPECT_EQ(load_samples(path).values.data, array.data);
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
  EXPECT_EQ(grey.shape, (Shape{1, 2, 3, 1}));
  EXPECT_THAT(grey.ints(), ElementsAre(1, 2, 3, 4, 5, 255));
  EXPECT_THAT(load(std::string("P5 2 1 255\n\x00\xff", 13)).ints(), ElementsAre(0, 255));
  EXPECT_THAT(load(std::string("P5 1 1 1000\n\x01\x02", 14)).ints(), ElementsAre(258));
  const Array colour = load("P3 2 1 9 1 2 3 4 5 6");
  EXPECT_EQ(colour.shape, (Shape{1, 1, 2, 3}));
  EXPECT_THAT(colour.ints(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(load("P6 1 1 255\nabc").ints(), ElementsAre('a', 'b', 'c'));
  EXPECT_TRUE(load_samples(folder_ / "file").colour_pixels);
}

TEST_F(Samples, PnmCommentsAndLineEnds) {
  for (const char* head :
       {"P5 2 1 255\n", "P5# c\n2 1 255\n", "P5 2# 9\n1 255\n", "P5 2 1 # 7\r255 ",
        "P5 2 1 255# c\n", "P5 2 1 255#\n", "P5 2 1 255\n# c\n", "P5 2 1 255 # c\n# d\n",
        "P5\r\n2 1\r\n255\r\n", "P5 2 1 255# c\r\n"})
    EXPECT_THAT(load(std::string(head) + "ab").ints(), ElementsAre('a', 'b')) << head;
  // Pixels that look like a comment or a line end are pixels.
  EXPECT_THAT(load("P5 2 1 255\n#\n").ints(), ElementsAre('#', '\n'));
  EXPECT_THAT(load("P5 2 1 255\r\nz").ints(), ElementsAre('\n', 'z'));
  EXPECT_THAT(load("P2 2 1 255 # c\n 1 # d\n 2 # e").ints(), ElementsAre(1, 2));
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
  refuse("has 3 bytes of pixels instead of 2", "P5 2 1 255\nab\n");
  refuse("has 0 bytes of pixels instead of 2", "P5 2 1 255# no end");
}

TEST_F(Samples, FolderOfImagesIsABatchInNaturalOrder) {
  for (const int i : {1, 2, 10, 9, 100})
    write("images/img" + std::to_string(i) + (i % 2 ? ".PGM" : ".pgm"),
          "P2 1 1 255 " + std::to_string(i));
  write("images/img02.Pnm", "P2 1 1 255 102");
  const SampleSet set = load_samples(folder_ / "images");
  EXPECT_EQ(set.values.shape, (Shape{6, 1, 1, 1}));
  EXPECT_THAT(set.values.ints(), ElementsAre(1, 102, 2, 9, 10, 100));
  EXPECT_THAT(set.skipped, ElementsAre());
  const SampleSet some = load_samples(folder_ / "images", 2);
  EXPECT_THAT(some.values.ints(), ElementsAre(1, 102));
  EXPECT_EQ(some.count, 6);
}

TEST_F(Samples, WhatAFolderHoldsBesideImagesIsNamed) {
  write("images/a.pgm", "P2 1 1 9 1 ");
  for (const char* name : {"b.png", "labels.npy", ".hidden", "sub.pgm/c.pgm"})
    write(std::string("images/") + name, "P2 1 1 9 2 ");
  const SampleSet set = load_samples(folder_ / "images");
  EXPECT_THAT(set.values.ints(), ElementsAre(1));
  EXPECT_THAT(set.skipped, ElementsAre(".hidden", "b.png", "labels.npy", "sub.pgm"));
}

TEST_F(Samples, ImagesOfAFolderAreAlike) {
  write("images/a.pgm", "P2 1 2 9 1 2 ");
  const auto refused = [&](const std::string& part, const std::string& content) {
    write("images/b.pgm", content);
    expect_error(Code::kBadSamples, part, [&] { load_samples(folder_ / "images"); });
    expect_error(Code::kBadSamples, "b.pgm", [&] { load_samples(folder_ / "images"); });
  };
  refused("the image is [1, 1, 1], those before it are [2, 1, 1]", "P2 1 1 9 5 ");
  refused("the image is [2, 1, 3]", "P3 1 2 9 1 2 3 4 5 6");
  refused("greatest value is 8, that of those before it 9", "P2 1 2 8 1 2 ");
  refused("no PNM image", "hello");
  fs::create_directories(folder_ / "empty");
  expect_error(Code::kBadSamples, "no .pgm", [&] { load_samples(folder_ / "empty"); });
}

TEST_F(Samples, OtherFilesAreRefused) {
  refuse("neither .npy, IDX nor PNM", "hello");
  refuse("neither .npy, IDX nor PNM", "");
  expect_error(Code::kFileUnreadable, "missing", [&] { load_samples(folder_ / "missing"); });
}

// A batch of `shape` whose elements are 0, 1, 2...
SampleSet counting(const Shape& shape, bool colour_pixels = false) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(element_count(shape)));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int64_t>(i);
  return {Array::of_ints(DType::kInt64, shape, values),
          shape.empty() ? 1 : shape[0],
          colour_pixels,
          {},
          "file.npy"};
}

Value input_of(Shape sample) {
  sample.insert(sample.begin(), kUnknown);
  return {"x", DType::kFloat, std::move(sample), {}};
}

Array fit(const SampleSet& set, const Shape& sample, Layout layout = Layout::kAuto) {
  return to_input(set, input_of(sample), {1, 0, layout});
}

TEST(ToInput, Scales) {
  const SampleSet raw{
      Array::of_ints(DType::kUint8, {2, 2, 2}, {0, 255, 51, 0, 0, 0, 0, 255}), 2, false, {}, "f"};
  const Array x = to_input(raw, input_of({1, 4}), {1.0 / 255, -0.5});
  EXPECT_EQ(x.shape, (Shape{2, 1, 4}));
  EXPECT_FLOAT_EQ(x.floats()[2], -0.3F);
}

TEST(ToInput, ShapesThatAgreeAreTakenAsTheyAre) {
  const std::pair<Shape, Shape> cases[] = {{{2, 3, 4}, {3, 4}},       {{2, 3, 4}, {1, 3, 4}},
                                           {{2, 3, 4, 1}, {1, 3, 4}}, {{2, 12}, {1, 3, 4}},
                                           {{2, 3, 4}, {12}},         {{2, 3, 2, 2}, {12}},
                                           {{2, 3, 2, 2}, {3, 2, 2}}, {{2}, {1}},
                                           {{2, 1, 12, 1}, {3, 4}}};
  for (const auto& [stored, wanted] : cases) {
    const Array x = fit(counting(stored), wanted);
    EXPECT_EQ(x.shape[0], 2);
    EXPECT_EQ(Shape(x.shape.begin() + 1, x.shape.end()), wanted);
    for (std::size_t i = 0; i < x.floats().size(); ++i) EXPECT_EQ(x.floats()[i], float(i));
  }
}

TEST(ToInput, ShapesThatAKeyMakesAgreeAreRefusedNamingIt) {
  const auto refused = [](const std::string& part, const Shape& stored, const Shape& wanted) {
    expect_error(Code::kBadSamples, part, [&] { fit(counting(stored), wanted); });
  };
  refused("data.layout = \"nhwc_to_nchw\"", {2, 4, 4, 3}, {3, 4, 4});
  refused("channels come last", {2, 4, 4, 3}, {3, 4, 4});
  refused("data.layout = \"nchw_to_nhwc\"", {2, 3, 4, 4}, {4, 4, 3});
  refused("data.layout = \"as_stored\"", {2, 4, 3}, {3, 4});
  refused("channels come last", {2, 1, 2, 2}, {2, 1, 2});
  refused("channels come first", {2, 2, 1, 2}, {1, 2, 2});
  refused("a sample is [4, 3], the network takes [2, 6]", {2, 4, 3}, {2, 6});
}

TEST(ToInput, TheKeyMovesTheChannels) {
  const Array first = fit(counting({1, 1, 2, 3}), {3, 1, 2}, Layout::kNhwcToNchw);
  EXPECT_THAT(first.floats(), ElementsAre(0, 3, 1, 4, 2, 5));
  const Array last = fit(counting({1, 3, 1, 2}), {1, 2, 3}, Layout::kNchwToNhwc);
  EXPECT_THAT(last.floats(), ElementsAre(0, 2, 4, 1, 3, 5));
  EXPECT_THAT(fit(counting({1, 1, 2, 3}), {6}, Layout::kNhwcToNchw).floats(),
              ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(fit(counting({1, 2, 3}), {3, 2}, Layout::kAsStored).floats(),
              ElementsAre(0, 1, 2, 3, 4, 5));
  // Cubes: the key is obeyed though the shapes agree without.
  EXPECT_EQ(fit(counting({1, 2, 2, 2}), {2, 2, 2}, Layout::kNhwcToNchw).floats()[1], 2);
}

TEST(ToInput, AKeyThatDoesNotFitIsRefused) {
  expect_error(Code::kBadSamples, "makes a sample [3, 4, 4]; the network takes [4, 4, 3]", [] {
    fit(counting({1, 4, 4, 3}), {4, 4, 3}, Layout::kNhwcToNchw);
  });
  expect_error(Code::kBadSamples, "needs samples of height, width and channels; these are [4, 4]",
               [] {
                 fit(counting({1, 4, 4}), {1, 4, 4}, Layout::kNchwToNhwc);
               });
}

TEST(ToInput, ColoursComeAsTheInputHasThem) {
  const SampleSet pixels = counting({1, 1, 2, 3}, true);
  EXPECT_THAT(fit(pixels, {3, 1, 2}).floats(), ElementsAre(0, 3, 1, 4, 2, 5));
  EXPECT_THAT(fit(pixels, {1, 2, 3}).floats(), ElementsAre(0, 1, 2, 3, 4, 5));
  expect_error(Code::kBadSamples, "plane by plane or pixel by pixel", [&] { fit(pixels, {6}); });
  EXPECT_EQ(fit(pixels, {6}, Layout::kNhwcToNchw).floats()[1], 3);
  EXPECT_EQ(fit(pixels, {6}, Layout::kAsStored).floats()[1], 1);
  expect_error(Code::kBadSamples, "plane by plane or pixel by pixel", [&] {
    fit(counting({1, 3, 3, 3}, true), {3, 3, 3});
  });
  expect_error(Code::kBadSamples, "as_stored", [&] { fit(counting({1, 2, 2, 3}, true), {2, 6}); });
}

TEST(ToInput, WhatCannotFitIsRefused) {
  expect_error(Code::kBadSamples, "a sample has 4 elements, [4]; the network takes [3] a sample",
               [] {
                 fit(counting({2, 4}), {3});
               });
  expect_error(Code::kBadSamples, "file.npy, input \"x\"", [] { fit(counting({2, 4}), {3}); });
  expect_error(Code::kBadSamples, "a number for every extent but the first", [] {
    fit(counting({2, 4}), {kUnknown});
  });
  expect_error(Code::kBadSamples, "no sample in an array of shape []",
               [] { fit(counting({}), {1}); });
  expect_error(Code::kBadSamples, "no sample in an array of shape [0, 4]", [] {
    fit(counting({0, 4}), {4});
  });
  const Value single{"x", DType::kFloat, {4}, {}};
  expect_error(Code::kBadSamples, "the network's input is [4]: it has no axis for the samples",
               [&] {
                 to_input(counting({2, 4}), single, {});
               });
}

}  // namespace
}  // namespace nn
