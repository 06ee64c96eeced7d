// The leaves' own benches, as tests/rtl/benches.txt lists them.
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>

#include "flow/bench.hpp"
#include "rig.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path kBenches = fs::path(FPSA_SOURCE_DIR) / "tests" / "rtl";

struct Line {
  std::string name;  // the arguments in a word
  std::string bench;
  bool both = false;  // in Verilator, too
  std::map<std::string, std::string> parameters{};
  std::vector<std::string> defines{};
  std::vector<fs::path> libraries{};  // whose modules stand for those of rtl/
};

void PrintTo(const Line& line, std::ostream* out) { *out << line.name; }

Line parse(const std::string& text) {
  Line line{.name = {}, .bench = {}};
  std::istringstream words(text.substr(0, text.find(" :")));
  words >> line.bench;
  line.both = line.bench == "both";
  if (line.both) words >> line.bench;
  line.name = line.bench;
  for (std::string word; words >> word;) {
    for (const char c : "_" + word)
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') line.name += c;
    const std::size_t equals = word.find('=');
    if (word.front() == '+')
      line.defines.push_back(word.substr(1));
    else if (word.front() == '@')
      line.libraries.push_back(fs::path(FPSA_SOURCE_DIR) / word.substr(1));
    else
      line.parameters[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return line;
}

std::vector<Line> lines() {
  std::ifstream file(kBenches / "benches.txt");
  std::vector<Line> all;
  for (std::string text; std::getline(file, text);)
    if (!text.empty() && text.front() != '#') all.push_back(parse(text));
  return all;
}

// In a folder of its own, with the memory files that benches read.
flow::BenchRequest request(const Line& line) {
  flow::BenchRequest request{.directory = test::fresh_folder(line.name),
                             .name = "rtl",
                             .top = line.bench,
                             .sources = {kBenches / (line.bench + ".v")},
                             .libraries = line.libraries,
                             .parameters = line.parameters,
                             .defines = line.defines};
  request.libraries.push_back(fs::path(FPSA_SOURCE_DIR) / "rtl");
  request.libraries.push_back(kBenches);
  for (const auto& entry : fs::directory_iterator(kBenches))
    if (entry.path().extension() == ".mem") fs::copy(entry, request.directory);
  return request;
}

class LeafBench : public ::testing::TestWithParam<Line> {};

TEST_P(LeafBench, FindsNoDifference) {
  flow::BenchRequest bench = request(GetParam());
  EXPECT_NO_THROW(flow::require_pass(flow::run_bench(bench)));
  if (!GetParam().both) return;
  bench.simulator = config::Simulator::kVerilator;
  EXPECT_NO_THROW(flow::require_pass(flow::run_bench(bench)));
}

INSTANTIATE_TEST_SUITE_P(Listed, LeafBench, ::testing::ValuesIn(lines()));

}  // namespace
