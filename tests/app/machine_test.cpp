// A machine that lacks something: permission, disk, memory, tools, patience.
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "app/command_line.hpp"
#include "app/small_project.hpp"

namespace {

namespace fs = std::filesystem;
using base::Code;
using test::entries;
using test::expect_fault;
using test::fpsa;
using test::SmallProject;
using test::TemporaryFolder;

const std::vector<std::string> kSmallPe{"generate", "pe",     "--set", "rows=2",
                                        "--set",    "cols=2", "-o"};

std::vector<std::string> small_pe(const fs::path& out, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = kSmallPe;
  words.push_back(out);
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Machine, OutputWhereNothingCanBeMade) {
  const TemporaryFolder folder;
  base::write_file(folder / "file", "");
  expect_fault(fpsa(small_pe(folder / "file/out")), Code::kFileUnwritable, {"file/out"});
  expect_fault(fpsa(small_pe("/proc/fpsa/out")), Code::kFileUnwritable, {"/proc/fpsa/out"});
  EXPECT_EQ(entries(folder.path()), std::vector<std::string>{"file"});
}

TEST(Machine, FilesThatMayNotGrow) {
  const TemporaryFolder folder;
  ASSERT_EQ(fpsa(small_pe(folder / "out")).status, 0);
  const std::string before = base::read_file(folder / "out/manifest.json");
  const auto ended = fpsa(small_pe(folder / "out"), {.file_bytes = 512});
  expect_fault(ended, Code::kFileUnwritable, {"cannot write", "File too large"});
  EXPECT_EQ(entries(folder.path()), std::vector<std::string>{"out"});
  EXPECT_THAT(entries(folder / "out"), testing::Not(testing::Contains(testing::StartsWith("."))));
  EXPECT_EQ(base::read_file(folder / "out/manifest.json"), before);
}

TEST(Machine, FullDisk) {
  const TemporaryFolder folder;
  if (::mount("none", folder.path().c_str(), "tmpfs", 0, "size=32k") != 0)
    GTEST_SKIP() << "only root may mount a small disk; FilesThatMayNotGrow covers the same writes";
  const auto ended = fpsa(small_pe(folder / "out"));
  const std::vector<std::string> left = entries(folder.path());
  ::umount(folder.path().c_str());
  expect_fault(ended, Code::kFileUnwritable, {"No space left on device"});
  EXPECT_EQ(left, std::vector<std::string>{});
}

TEST(Machine, StandardOutputThatIsFull) {
  for (const char* verb : {"ops", "schema"})
    expect_fault(fpsa({verb}, {.out = "/dev/full"}), Code::kFileUnwritable, {"at: stdout"});
}

TEST(Machine, MissingTool) {
  const TemporaryFolder folder;
  ASSERT_EQ(fpsa(small_pe(folder / "pe")).status, 0);
  const test::Setting bare{.folder = folder.path(), .environment = {{"PATH", ""}}};
  expect_fault(fpsa({"simulate", "-q", "pe", "--simulator", "icarus"}, bare), Code::kToolMissing,
               {"iverilog was not found", "try: sudo apt-get install iverilog"});
  expect_fault(fpsa({"synth", "-q", "pe"}, bare), Code::kToolMissing, {"yosys"});
  const auto doctor = fpsa({"doctor"}, bare);
  EXPECT_EQ(doctor.status, static_cast<int>(base::Exit::kToolMissing));
  EXPECT_THAT(doctor.out, testing::HasSubstr("try: "));
}

TEST(Machine, MissingHome) {
  const TemporaryFolder empty;
  const TemporaryFolder folder;
  const auto ended =
      fpsa(small_pe(folder / "pe"), {.environment = {{"FPSA_HOME", empty.path().string()}}});
  expect_fault(ended, Code::kHomeMissing, {empty.path().string(), "set FPSA_HOME"});
  EXPECT_EQ(entries(folder.path()), std::vector<std::string>{});
}

// A field of a protobuf message up to its content of `length` bytes.
std::string field_start(int number, std::uint64_t length) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  for (; length > 127; length >>= 7) bytes += static_cast<char>((length & 127) | 128);
  return bytes + static_cast<char>(length);
}

TEST(Machine, OutOfMemory) {
  const TemporaryFolder folder;
  // A model whose graph has an initialiser with this many bytes of data.
  const std::uint64_t data = std::uint64_t{1} << 30;
  std::string start = field_start(9, data);
  for (const int number : {5, 7}) start = field_start(number, start.size() + data) + start;
  base::write_file(folder / "large.onnx", start);
  fs::resize_file(folder / "large.onnx", start.size() + data);  // sparse: takes no disk
  expect_fault(fpsa({"check", folder / "large.onnx"}, {.memory_bytes = 256U << 20}),
               Code::kOutOfMemory, {"not enough memory"});
}

// --- interruption --------------------------------------------------------------------------------

// Numbers of the processes named `name` that work in `folder` or below it.
std::vector<pid_t> processes(const std::string& name, const fs::path& folder) {
  std::vector<pid_t> found;
  std::error_code ignored;  // processes come and go
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    std::ifstream file(entry.path() / "comm");
    std::string command;
    if (!std::getline(file, command) || (!name.empty() && command != name)) continue;
    const fs::path where = fs::read_symlink(entry.path() / "cwd", ignored);
    if (where.string().starts_with(folder.string()))
      found.push_back(std::stoi(entry.path().filename()));
  }
  return found;
}

template <class Condition>
bool soon(Condition&& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) names.push_back(entry.path());
  return names;
}

TEST(Machine, InterruptInTheMiddleOfASimulation) {
  const SmallProject project(20000);
  const test::Setting here{.folder = project.path()};
  ASSERT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, here).status, 0);
  test::Running running({"simulate", "-q", "net", "--simulator", "icarus", "--samples", "20000"},
                        here);
  ASSERT_TRUE(soon([&] { return !processes("vvp", project.path()).empty(); }));
  const auto before = running.worked();
  ::kill(running.pid(), SIGINT);
  const test::Ended ended = running.wait();
  expect_fault(ended, Code::kInterrupted, {"interrupted"});
  EXPECT_LT(ended.worked - before, std::chrono::seconds(2)) << "a whole simulation takes ten";
  EXPECT_TRUE(soon([&] { return processes("", project.path()).empty(); })) << "a child lives on";
  for (const std::string& name : files_below(project.path()))
    EXPECT_EQ(name.find(".tmp"), std::string::npos) << name;
  EXPECT_EQ(fpsa({"simulate", "-q", "net", "--level", "emulate"}, here).status, 0);
}

// A chain of many products: it compiles for seconds.
void write_long_model(SmallProject& project) {
  nn::testing::ModelBuilder model;
  model.input("x", {nn::kUnknown, 4}).floats("w", {4, 4}, std::vector<float>(16, 0.25F));
  std::string from = "x";
  for (int i = 0; i < 3000; ++i) {
    const std::string to = "v" + std::to_string(i);
    model.node("MatMul", {from, "w"}, {to}, "n" + std::to_string(i));
    from = to;
  }
  project.write_model(model.output(from, {nn::kUnknown, 4}).bytes());
}

// Starts a compilation that replaces nothing yet, and sends it `signals` while it works. It answers
// within half a second of its own time, of which a whole one takes four times as much, however busy
// the machine is.
test::Ended compile_and_signal(const SmallProject& project, const std::vector<int>& signals) {
  test::Running running({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()});
  EXPECT_TRUE(soon([&] { return fs::exists(project / "net/.fpsa.new"); }));
  const auto before = running.worked();
  for (const int number : signals) ::kill(running.pid(), number);
  const test::Ended ended = running.wait();
  EXPECT_LT(ended.worked - before, std::chrono::milliseconds(500));
  return ended;
}

TEST(Machine, EverySignalEndsAComputationAtOnceAndLeavesNothing) {
  SmallProject project;
  write_long_model(project);
  const std::vector<std::string> before = entries(project.path());
  const std::vector<std::pair<std::vector<int>, Code>> cases = {
      {{SIGINT}, Code::kInterrupted},
      {{SIGTERM}, Code::kTerminated},
      {{SIGHUP}, Code::kHungUp},
      {{SIGINT, SIGINT, SIGINT}, Code::kInterrupted}};
  for (const auto& [signals, code] : cases) {
    expect_fault(compile_and_signal(project, signals), code, {});
    EXPECT_EQ(entries(project.path()), before);
  }
  ASSERT_EQ(compile_and_signal(project, {SIGKILL}).status, 128 + SIGKILL);
  expect_fault(fpsa({"simulate", "-q", project / "net"}), Code::kNotARunDirectory, {"manifest"});
  project.write_model(test::small_model().bytes());
  EXPECT_EQ(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()}).status,
            0);
  for (const std::string& name : files_below(project / "net"))
    EXPECT_EQ(name.find(".fpsa"), std::string::npos) << name;
}

// Constants that take many times as long to multiply as to read.
void write_large_constants(SmallProject& project) {
  constexpr int kSize = 400;
  nn::testing::ModelBuilder model;
  model.floats("w", {kSize, kSize}, std::vector<float>(kSize * kSize, 0.001F));
  std::string from = "w";
  for (int i = 0; i < 60; ++i) {
    const std::string to = "v" + std::to_string(i);
    model.node("MatMul", {from, "w"}, {to}, "n" + std::to_string(i));
    from = to;
  }
  model.input("x", {nn::kUnknown, kSize}).node("MatMul", {"x", from}, {"y"}, "last");
  project.write_model(model.output("y", {nn::kUnknown, kSize}).bytes());
}

TEST(Machine, AnInterruptedCheckHasNoVerdict) {
  SmallProject project;
  write_large_constants(project);
  test::Running running({"check", "model.onnx"}, {.folder = project.path()});
  EXPECT_TRUE(soon([&] { return running.worked() > std::chrono::milliseconds(100); }));
  ::kill(running.pid(), SIGINT);
  expect_fault(running.wait(), Code::kInterrupted, {"interrupted"});
}

TEST(Machine, TheSecondOfTwoRunsIsToldOfTheFirst) {
  SmallProject project;
  write_long_model(project);
  test::Running first({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()});
  ASSERT_TRUE(soon([&] { return fs::exists(project / "net/.fpsa.new"); }));
  expect_fault(fpsa({"compile", "-q", "spec.toml", "-o", "net"}, {.folder = project.path()}),
               Code::kDirectoryInUse,
               {"net is in use by process " + std::to_string(first.pid()), "wait until"});
  ::kill(first.pid(), SIGINT);
  first.wait();
}

}  // namespace
