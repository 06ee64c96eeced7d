// The house rules that a machine can hold: layers, sizes, leaves, messages.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path kSource = FPSA_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files_under(const fs::path& folder, const std::set<std::string>& endings) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / folder))
    if (entry.is_regular_file() && endings.contains(entry.path().extension().string()))
      found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string layer_of(const fs::path& file) {
  return fs::relative(file, kSource / "generator").begin()->string();
}

// Layer -> layers it may include, from the fpsa_layer(...) lines: transitive, as CMake's linking
// is.
std::map<std::string, std::set<std::string>> allowed_edges() {
  const std::string cmake = read(kSource / "generator/CMakeLists.txt");
  const std::regex line(R"(fpsa_layer\((\w+)\s*(?:DEPENDS ([\w ]+?))?\s*(?:LINK [^)]*)?\))");
  std::map<std::string, std::set<std::string>> edges;
  for (std::sregex_iterator it(cmake.begin(), cmake.end(), line), end; it != end; ++it) {
    std::set<std::string>& reach = edges[(*it)[1]];
    std::istringstream names((*it)[2]);
    for (std::string name; names >> name;) {
      reach.insert(name);
      reach.insert(edges[name].begin(), edges[name].end());
    }
  }
  return edges;
}

TEST(Layers, IncludesPointDownwardsOnly) {
  const auto edges = allowed_edges();
  ASSERT_GE(edges.size(), 10u);
  const std::regex include(R"(#include "([a-z]+)/)");
  for (const fs::path& file : files_under("generator", {".cpp", ".hpp"})) {
    const std::string layer = layer_of(file);
    const std::string text = read(file);
    for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
      const std::string other = (*it)[1];
      EXPECT_TRUE(other == layer || edges.at(layer).contains(other))
          << file << " includes " << other << "/, which " << layer << " may not";
    }
  }
}

// The files that a file includes, however deep, as paths below generator/.
void add_includes(const std::string& file, std::set<std::string>& seen) {
  if (!seen.insert(file).second) return;
  const std::string text = read(kSource / "generator" / file);
  const std::regex include(R"re(#include "([a-z_/]+\.hpp)")re");
  for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it)
    add_includes((*it)[1], seen);
}

// A golden level must not see what it is a reference for, nor a checker the helpers of what it
// checks: a fault that both shared would show in neither.
struct Blind {
  std::string file;
  std::vector<std::string> to;  // files, or folders with their slash
};

const std::vector<Blind> kBlind = {
    {"nn/reference.cpp", {"quant/", "core/", "units/", "map/"}},
    {"core/integer.cpp", {"core/program.hpp", "core/lower.hpp", "units/", "map/"}},
    {"core/check.cpp", {"core/integer.hpp", "units/", "map/"}},
    {"units/pe/emulate.cpp", {"quant/network.hpp", "core/integer.hpp", "core/lower.hpp", "map/"}},
    {"map/emulate.cpp", {"quant/network.hpp", "core/integer.hpp", "core/lower.hpp"}},
    {"units/smb/emulate.cpp", {"units/smb/unit.hpp", "units/leaves.hpp", "quant/network.hpp"}},
    {"units/line/emulate.cpp", {"units/line/walk.hpp", "units/leaves.hpp", "quant/network.hpp"}},
    {"map/replay.cpp", {"map/design.hpp", "units/", "core/"}},
    {"map/check.cpp", {"map/netlist.hpp", "map/pes.hpp", "map/schedule.hpp", "core/lower.hpp"}},
    {"pnr/check_pack.cpp", {"pnr/pack.hpp", "pnr/elements.hpp", "pnr/repack.hpp"}},
    {"pnr/check_place.cpp", {"pnr/place.hpp", "pnr/sites.hpp", "pnr/annealer.hpp"}},
    {"pnr/extract.cpp", {"pnr/configure.hpp", "pnr/route.hpp", "pnr/pack.hpp"}},
    {"pnr/check_configuration.cpp", {"pnr/configure.hpp", "pnr/elements.hpp"}},
    {"pnr/check_route.cpp", {"pnr/search.hpp", "pnr/congestion.hpp", "fabric/graph_builder.hpp"}},
    {"pnr/reads.cpp", {"fabric/graph_builder.hpp", "pnr/route.hpp"}},
};

TEST(Goldens, DoNotSeeWhatTheyCheck) {
  for (const Blind& blind : kBlind) {
    std::set<std::string> seen;
    add_includes(blind.file, seen);
    for (const std::string& path : blind.to)
      EXPECT_TRUE(fs::exists(kSource / "generator" / path)) << path << " has gone";
    EXPECT_GT(seen.size(), 1u) << blind.file << " includes nothing, or has gone";
    for (const std::string& file : seen)
      for (const std::string& hidden : blind.to)
        EXPECT_FALSE(file == hidden || (hidden.ends_with('/') && file.starts_with(hidden)))
            << blind.file << " sees " << file;
  }
}

// Longer than the rule allows, each with its reason.
const std::map<std::string, std::string> kLongFiles = {};

TEST(Sizes, FilesStayUnder500Lines) {
  for (const char* folder : {"generator", "rtl", "tb", "tests"}) {
    for (const fs::path& file : files_under(folder, {".cpp", ".hpp", ".v"})) {
      const std::string text = read(file);
      const std::string name = fs::relative(file, kSource).string();
      if (name.find("/golden/") != std::string::npos || kLongFiles.contains(name)) continue;
      EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 500) << name;
    }
  }
}

std::string output_of(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), n);
  return text;
}

// Functions over 80 lines that stay so, each with its reason.
const std::map<std::string, std::string> kLongFunctions = {};

TEST(Sizes, FunctionsStayUnder80Lines) {
  std::istringstream tags(
      output_of("ctags --output-format=json --fields=+ne --kinds-C++=f --languages=C++ -R -f - '" +
                (kSource / "generator").string() + "' '" + (kSource / "tb").string() + "'"));
  std::vector<int> lengths;
  for (std::string line; std::getline(tags, line);) {
    const nlohmann::json tag = nlohmann::json::parse(line);
    if (!tag.contains("end")) continue;
    lengths.push_back(tag["end"].get<int>() - tag["line"].get<int>() + 1);
    const std::string name = tag["name"];
    if (kLongFunctions.contains(name)) continue;
    EXPECT_LE(lengths.back(), 80) << name << " in " << tag["path"];
  }
  ASSERT_GT(lengths.size(), 300u) << "universal-ctags is missing or found nothing";
  std::sort(lengths.begin(), lengths.end());
  EXPECT_LE(lengths[lengths.size() / 2], 10);
  EXPECT_LE(lengths[lengths.size() * 9 / 10], 35);
}

TEST(Rtl, EveryLeafIsTheModuleOfItsFileAndDocumented) {
  for (const fs::path& file : files_under("rtl", {".v"})) {
    const std::string text = read(file);
    const std::string module = file.stem().string();
    EXPECT_TRUE(std::regex_search(text, std::regex("\nmodule " + module + "\\b"))) << file;
    EXPECT_TRUE(text.starts_with("//")) << file << " has no header comment";
    EXPECT_TRUE(module.starts_with("fpsa_")) << file;
  }
}

TEST(Generator, HoldsNoBehaviouralVerilog) {
  const std::regex behaviour(R"re("[^"\n]*\b(always|posedge|endcase|initial begin)\b)re");
  for (const fs::path& file : files_under("generator", {".cpp", ".hpp"})) {
    if (file.filename() == "keywords.cpp") continue;  // the reserved words that names must avoid
    EXPECT_FALSE(std::regex_search(read(file), behaviour)) << file;
  }
}

// clang 14, which builds the fuzzers, parses none of libstdc++'s algorithms that give a subrange.
TEST(Generator, IsReadByTheFuzzersCompiler) {
  const std::regex subrange(
      R"(std::(views::|ranges::(subrange|(stable_)?partition|unique|remove|rotate|search|equal_range|find_end|find_last|shift)))");
  for (const fs::path& file : files_under("generator", {".cpp", ".hpp"})) {
    std::smatch found;
    const std::string text = read(file);
    EXPECT_FALSE(std::regex_search(text, found, subrange)) << file << ": " << found.str();
  }
}

TEST(Messages, EveryCodeIsProvokedByATest) {
  std::string tests;
  for (const fs::path& file : files_under("tests", {".cpp", ".hpp", ".sh"})) tests += read(file);
  const std::string table = read(kSource / "generator/base/codes.def");
  const std::regex line(R"(\nFPSA_CODE\((\w+),)");
  int codes = 0;
  for (std::sregex_iterator it(table.begin(), table.end(), line), end; it != end; ++it, ++codes)
    EXPECT_NE(tests.find((*it)[1]), std::string::npos) << (*it)[1] << " is provoked by no test";
  EXPECT_GT(codes, 20);
}

// What stands between the parentheses of a call, cut at its commas; `at` is behind the first one.
std::vector<std::string> arguments_at(const std::string& text, std::size_t at) {
  std::vector<std::string> arguments(1);
  bool quoted = false;
  for (int depth = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' && text[at - 1] != '\\') quoted = !quoted;
    if (!quoted && (c == '(' || c == '{')) ++depth;
    if (!quoted && (c == ')' || c == '}') && depth-- == 0) break;
    if (!quoted && c == ',' && depth == 0)
      arguments.emplace_back();
    else
      arguments.back() += c;
  }
  return arguments;
}

// A fault says what helps: itself, or by the usual cure of its code.
TEST(Messages, EveryFaultHasACure) {
  std::set<std::string> usual{"kInterrupted", "kTerminated", "kHungUp"};  // the user's own doing
  const std::string cures = read(kSource / "generator/base/error.cpp");
  const std::regex label(R"(case Code::(k\w+):)");
  for (std::sregex_iterator it(cures.begin(), cures.end(), label), end; it != end; ++it)
    usual.insert((*it)[1]);
  const std::regex call(R"((fail|add)\((base::)?Code::(k\w+),)");
  std::size_t calls = 0;
  for (const fs::path& file : files_under("generator", {".cpp", ".hpp"})) {
    const std::string text = read(file);
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it, ++calls) {
      const auto behind = static_cast<std::size_t>(it->position(1) + it->length(1) + 1);
      EXPECT_TRUE(usual.contains((*it)[3]) || arguments_at(text, behind).size() == 4)
          << file << ": " << it->str();
    }
  }
  EXPECT_GT(calls, 100u);
}

TEST(Text, HasNoTrailingSpaceNorUnfinishedMarks) {
  const std::regex trailing(R"([ \t]\n)");
  const std::regex marks(
      "TO"
      "DO|FIX"
      "ME|XX"
      "X\\b");
  for (const char* folder : {"generator", "rtl", "tb", "tests", "flows", "bench"}) {
    for (const fs::path& file :
         files_under(folder, {".cpp", ".hpp", ".v", ".sh", ".tcl", ".md", ".def"})) {
      const std::string text = read(file);
      EXPECT_FALSE(std::regex_search(text, trailing)) << file;
      EXPECT_FALSE(std::regex_search(text, marks)) << file;
    }
  }
}

}  // namespace
