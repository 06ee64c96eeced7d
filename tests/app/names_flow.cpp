// Whatever a model's nodes, its files and its run directory are called: the run ends well, and
// nothing outside of the run directory has changed.
#include <nlohmann/json.hpp>

#include "app/sandbox.hpp"

namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::Sandbox;

const std::vector<std::string> kHostileFolders{"x;touch y;z",
                                               "$(touch y)`touch y`",
                                               "it's \"quoted\"",
                                               "a b\tc\nd",
                                               "(p) [q] {r} <s>",
                                               "#:=%~!@^&|,",
                                               "*?",
                                               "back\\slash",
                                               "-dash",
                                               "$HOME ${HOME} $$",
                                               "\xe5\x8d\xb7 \xc3\xbc"};

// Everything that was ever seen to go wrong, and its relatives.
std::vector<std::string> hostile_names(const Sandbox& sandbox) {
  return {"/fc1/Gemm",
          "../../../../../../outside/victim",
          (sandbox.outside() / "victim").string(),
          "a\nendmodule\n`include \"/etc/passwd\"\n",
          "synopsys translate_off",
          "x\"; $finish; //*/",
          "load 0 ../../outside/victim",
          "in put",
          std::string(300, 'n') + "$(touch y)",
          "\x1b[2J\xff\xe5",
          "wire",
          "U_Top",
          "u_top"};
}

std::string in_layers(const Ended& ended, std::size_t layer) {
  return nlohmann::json::parse(ended.out)["network"]["layers"][layer]["layer"];
}

TEST(Names, OfNodesReachNoFileOutsideTheRunDirectory) {
  Sandbox sandbox;
  const std::vector<std::string> names = hostile_names(sandbox);
  nn::testing::ModelBuilder model = test::chain(names, "in put");
  model.model().mutable_graph()->set_name("g\nmodule evil; endmodule\n");
  sandbox.write(model);
  const fs::path run = sandbox.project() / "out" / "x;touch y;z";
  fs::create_directories(run.parent_path());
  const auto before = sandbox.around(run);
  const Ended compiled = sandbox.run({"compile", "-q", "--json", "spec.toml", "-o", run.string()});
  ASSERT_EQ(compiled.status, 0) << compiled.err;
  EXPECT_EQ(in_layers(compiled, 0), "/fc1/Gemm");
  EXPECT_EQ(in_layers(compiled, 3), "a\\nendmodule\\n`include \"/etc/passwd\"\\n");
  for (const std::vector<std::string>& verb : {std::vector<std::string>{"simulate", "-q"},
                                               {"synth", "-q", "--flow", "asic"},
                                               {"simulate", "-q", "--level", "gate"},
                                               {"synth", "-q", "--flow", "xilinx"},
                                               {"explain", "-q"}}) {
    std::vector<std::string> words = verb;
    words.push_back(run.string());
    if (verb[0] == "explain") words.push_back(in_layers(compiled, 3));
    const Ended ended = sandbox.run(words);
    EXPECT_EQ(ended.status, 0) << verb[0] << "\n" << ended.err;
  }
  EXPECT_EQ(sandbox.around(run), before);
}

// Compiles and simulates in `folder` below out/; says what went wrong, or nothing.
std::string fault_in(const Sandbox& sandbox, const std::string& folder) {
  const fs::path run = sandbox.project() / "out" / folder;
  const auto before = sandbox.around(run);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"compile", "-q", "spec.toml", "-o", run.string()},
        {"simulate", "-q", run.string()}}) {
    const Ended ended = sandbox.run(words);
    if (ended.status != 0) return words[0] + ": " + ended.err;
  }
  const bool same = sandbox.around(run) == before;
  fs::remove_all(run);
  return same ? "" : "something outside has changed";
}

class Folders : public testing::Test {
 protected:
  Folders() {
    sandbox_.write(test::chain({"/fc1/Gemm", "last"}, "x"));
    fs::create_directories(sandbox_.project() / "out");
  }
  Sandbox sandbox_;
};

TEST_F(Folders, MayBeCalledAnything) {
  for (const std::string& folder : kHostileFolders)
    EXPECT_EQ(fault_in(sandbox_, folder), "") << base::printable(folder);
}

// What shells, make, Tcl, Verilog and file lists give a meaning to, and some letters.
TEST_F(Folders, MayBeCalledAnythingAtRandom) {
  const std::string alphabet = " \t\n!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~touchy0";
  base::Rng rng(1);
  for (int i = 0; i < 25; ++i) {
    std::string folder = "r";  // so that it is none of "", ".", ".."
    for (std::uint64_t n = 1 + rng.below(40); n > 0; --n)
      folder += alphabet[rng.below(alphabet.size())];
    EXPECT_EQ(fault_in(sandbox_, folder), "") << base::printable(folder);
  }
}

TEST_F(Folders, SynthesiseWhereverTheyAre) {
  const std::string run = "out/x;touch y;z $(touch y)`touch y`'\"\n[b]*?{c}\\#";
  ASSERT_EQ(sandbox_
                .run({"generate", "pe", "-q", "--set", "rows=3", "--set", "cols=2", "--set",
                      "weight_bits=3", "--set", "activation_bits=2", "-o", run})
                .status,
            0);
  const auto before = sandbox_.around(sandbox_.project() / run);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"synth", "-q", run, "--flow", "asic"},
        {"synth", "-q", run, "--flow", "ice40"},
        {"synth", "-q", run, "--flow", "ecp5"},
        {"simulate", "-q", run, "--level", "gate"},
        {"simulate", "-q", run, "--simulator", "verilator"}}) {
    const Ended ended = sandbox_.run(words);
    EXPECT_EQ(ended.status, 0) << words[0] << " " << words.back() << "\n" << ended.err;
  }
  EXPECT_EQ(sandbox_.around(sandbox_.project() / run), before);
}

TEST_F(Folders, OfLibrariesAndSpecsMayBeCalledAnythingToo) {
  const fs::path odd = sandbox_.project() / "l;touch y [a] {b}\n$(touch y)";
  const fs::path library = odd / "cells `touch y`.lib";
  fs::create_directories(odd);
  fs::copy_file("/usr/share/qflow/tech/osu018/osu018_stdcells.lib", library);
  for (const char* file : {"spec.toml", "model.onnx", "samples.npy"})
    fs::copy_file(sandbox_.project() / file, odd / file);
  const std::string run = "out/plain";
  const auto before = sandbox_.around(sandbox_.project() / run);
  const Ended compiled = sandbox_.run({"compile", "-q", (odd / "spec.toml").string(), "-o", run});
  ASSERT_EQ(compiled.status, 0) << compiled.err;
  const Ended mapped = sandbox_.run({"synth", "-q", run, "--liberty", library.string()});
  EXPECT_EQ(mapped.status, 0) << mapped.err;
  const Ended simulated = sandbox_.run({"simulate", "-q", run, "--level", "gate"});
  EXPECT_EQ(simulated.status, 0) << simulated.err;
  EXPECT_EQ(sandbox_.around(sandbox_.project() / run), before);
}

}  // namespace
