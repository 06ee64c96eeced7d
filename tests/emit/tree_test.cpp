// What a run directory says of itself: core file, memory files; and that any name may be in it.
#include "emit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "any_names.hpp"
#include "base/files.hpp"
#include "base/rng.hpp"
#include "core/lower.hpp"
#include "printed_config.hpp"
#include "random_network.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;

struct Tree {
  map::Design design;
  emit::Rtl rtl;
  test::TemporaryFolder folder;
};

// Two layers, the first of two cascades of two; `name` is the core's.
std::unique_ptr<Tree> written(const std::string& name, config::Neuron neuron) {
  const bool exact = neuron == config::Neuron::kExact;
  config::Pe pe{.rows = 8,
                .cols = 5,
                .activation_bits = 4,
                .neuron = neuron,
                .train = exact ? config::Train::kBinary : config::Train::kRate};
  const quant::Network network = test::random_network({.activation_bits = 4});
  map::Design design = map::map(core::lower(network, {pe.rows, pe.cols}), pe, {.beat_lanes = 4});
  emit::Rtl rtl = emit::hardwired(design);
  std::unique_ptr<Tree> tree(new Tree{std::move(design), std::move(rtl), {}});
  const fs::path source = FPSA_SOURCE_DIR;
  emit::write_rtl(tree->folder.path(), tree->rtl.design, source / "rtl");
  emit::write_memories(tree->folder.path(), tree->design);
  emit::write_core_file(tree->folder.path(),
                        {name, "fpsa_tb_top", emit::memory_images(tree->design)}, tree->rtl.design);
  return tree;
}

// What nobody reads of an input is sent with the others and left alone.
TEST(Hardwired, LeavesLanesUnread) {
  base::Rng rng(1);
  const quant::Format plain = quant::full_format(4, false);
  quant::Network network;
  quant::Source some = test::add_input(network, "some", 4, plain);
  test::add_input(network, "none", 3, plain);
  some.count = 2;
  network.outputs = {
      test::add_layer(network, "fc", test::random_product({some}, 3, {}, rng), plain)};
  const emit::Rtl rtl = emit::hardwired(map::map(core::lower(network, {8, 8}), {}));
  const verilog::Module& top = *rtl.design.find(rtl.design.top());
  EXPECT_TRUE(top.find("unused_some_spike"));
  EXPECT_TRUE(top.find("unused_none_spike"));
  EXPECT_FALSE(top.find("unused_fc_spike"));
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream stream(base::read_file(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Paths in the lists of a core file.
std::set<std::string> listed(const fs::path& core) {
  std::set<std::string> files;
  for (const std::string& line : lines_of(core))
    if (line.starts_with("      - "))
      files.insert(line.substr(8, std::min(line.find(':'), line.size()) - 8));
  return files;
}

TEST(CoreFile, ListsAllSourcesAndMemoryImages) {
  const auto tree = written("mlp", config::Neuron::kExact);
  const std::set<std::string> files = listed(tree->folder / "fpsa_top.core");
  for (const auto& entry : fs::recursive_directory_iterator(tree->folder.path())) {
    const std::string path = fs::relative(entry.path(), tree->folder.path());
    if (path.ends_with(".v") || path.ends_with(".mem")) {
      EXPECT_TRUE(files.contains(path)) << path;
    }
  }
  EXPECT_TRUE(files.contains("tb/vectors/stimulus.mem"));
}

TEST(CoreFile, IsNamedAfterTheDesign) {
  const auto one = written("one", config::Neuron::kExact);
  const auto two = written("my-2nd_net", config::Neuron::kExact);
  EXPECT_EQ(lines_of(one->folder / "fpsa_top.core")[1], "name: fpsa:generated:one:1.0.0");
  EXPECT_EQ(lines_of(two->folder / "fpsa_top.core")[1], "name: fpsa:generated:my-2nd_net:1.0.0");
}

// Words of an image, read as the table of mem/README.md says.
std::vector<std::int64_t> words_of(const fs::path& file, int bits, bool is_signed) {
  std::vector<std::int64_t> words;
  for (const std::string& line : lines_of(file)) {
    EXPECT_EQ(line.size(), static_cast<std::size_t>(bits + 3) / 4);
    std::uint64_t word = std::stoull(line, nullptr, 16);
    if (is_signed && word >> (bits - 1)) word -= std::uint64_t{1} << bits;
    words.push_back(static_cast<std::int64_t>(word));
  }
  return words;
}

class MemoryReadme : public testing::TestWithParam<config::Neuron> {};

TEST_P(MemoryReadme, SaysHowTheWordsAreToBeRead) {
  const auto tree = written("mlp", GetParam());
  bool negative = false;
  std::size_t unit = 0;
  for (const std::string& line : lines_of(tree->folder / "mem" / "README.md")) {
    if (!line.starts_with(fmt::format("| {} |", unit))) continue;
    const units::PeConfig& pe = tree->design.pe(unit);
    const units::PeContent content = map::content_of(tree->design, unit);
    const std::string path = map::memory_path(tree->design, unit++);
    EXPECT_THAT(line, testing::HasSubstr(fmt::format("`{}`", path.substr(4))));
    std::istringstream cells(line);
    std::vector<std::string> cell;
    for (std::string text; std::getline(cells, text, '|');) cell.push_back(text);
    if (!pe.has_neurons) {
      EXPECT_EQ(cell[5] + cell[6], " -  - ");
      continue;
    }
    EXPECT_THAT(cell[5], testing::EndsWith("bits, signed "));
    EXPECT_THAT(cell[6], testing::EndsWith("bits, unsigned "));
    const fs::path file = tree->folder / path;
    EXPECT_EQ(words_of(file.string() + "_offsets.mem", std::stoi(cell[5]), true), content.offset);
    EXPECT_EQ(words_of(file.string() + "_thresholds.mem", std::stoi(cell[6]), false),
              content.threshold);
    negative |= *std::ranges::min_element(content.offset) < 0;
  }
  EXPECT_EQ(unit, tree->design.pes.size());
  EXPECT_TRUE(negative);
}

INSTANTIATE_TEST_SUITE_P(Neurons, MemoryReadme,
                         testing::Values(config::Neuron::kExact, config::Neuron::kSigned,
                                         config::Neuron::kPaired));

TEST(MemoryReadme, SaysWhatTheModelCallsALayer) {
  quant::Network network = test::random_network({});
  network.tensors[quant::TensorId{1}].name = "/fc1/Gemm";
  network.tensors[quant::TensorId{2}].name = "a|b`c\n|";
  const test::TemporaryFolder folder;
  emit::write_memories(folder.path(), map::map(core::lower(network, {256, 256}), {}));
  const std::string text = base::read_file(folder / "mem/README.md");
  EXPECT_THAT(text, testing::HasSubstr("| `fc1_Gemm` | `/fc1/Gemm` | 9 |\n"));
  EXPECT_THAT(text, testing::HasSubstr("| `a_b_c` | `` a\\|b`c\\n\\| `` | 10 |\n"));
}

TEST(AnyNames, ThatWereSeenToGoWrong) {
  EXPECT_EQ(
      test::fault_of_names({"g\nmodule x; endmodule", "x", "/fc1/Gemm", "../../x/g", "x", "a\nb",
                            "synopsys translate_off", "verilator lint_off", "", "MatMul_6"}),
      "");
  EXPECT_EQ(test::fault_of_names({"g", "value 2 weight", "fc1"}), "");
  EXPECT_EQ(test::fault_of_names({"", "u_fc1", "fc1", "u_fc1", "U_FC1", "fc1", "FC1", "wire",
                                  "tick", std::string(3000, 'z')}),
            "");
}

// Pieces that names are made of in the field, and pieces that mean something to a tool.
TEST(AnyNames, AtRandom) {
  const std::vector<std::string> pieces{"/",         "fc",       "1",      "_",    "Gemm",
                                        "u_",        "..",       "\n",     "\"",   "\\",
                                        "`",         "$(",       "//",     "*/",   "/*",
                                        "win",       "tick",     "_spike", "_sum", "_r0",
                                        "_c0",       " ",        "\t",     "\xff", "\xe5\x8d\xb7",
                                        "verilator", "#",        ";",      "::",   "_alt2",
                                        "load ",     "FC",       ".",      "0",    "\r",
                                        "\x1b",      "endmodule"};
  base::Rng rng(7);
  for (int i = 0; i < 60; ++i) {
    std::vector<std::string> names(3 + rng.below(5));
    for (std::string& name : names)
      for (std::uint64_t n = rng.below(6); n > 0; --n) name += pieces[rng.below(pieces.size())];
    EXPECT_EQ(test::fault_of_names(names), "") << i;
  }
}

}  // namespace
