#include "base/subprocess.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"

namespace base {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

bool is_executable(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

[[noreturn]] void fail_missing(const std::string& program) {
  const std::string package = debian_package(program);
  fail(Code::kToolMissing, fmt::format("the program {} was not found", program), "PATH",
       package.empty() ? "install it, or add its folder to PATH"
                       : fmt::format("sudo apt-get install {}", package));
}

fs::path executable_of(const Command& command) {
  if (command.argv.empty()) fail(Code::kInternal, "a command without a program");
  const std::string& program = command.argv[0];
  if (program.find('/') == std::string::npos) {
    const std::optional<fs::path> found = find_program(program);
    if (!found) fail_missing(program);
    return *found;
  }
  const fs::path path = fs::absolute(command.directory / program);
  if (!is_executable(path)) fail_missing(path.string());
  return path;
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      fail(Code::kInternal, fmt::format("no pipe: {}", std::strerror(errno)));
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

// What the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Launch {
  const char* executable;
  char* const* argv;
  char* const* environment;
  const char* directory;  // null: stay
  const char* scratch;    // the program's TMPDIR; null: none
  int output;             // becomes stdout and stderr
  int report;             // receives errno if the program cannot be started; closed by exec
  pid_t parent;
};

[[noreturn]] void report_and_exit(int report) {
  const int number = errno;
  const ssize_t written = ::write(report, &number, sizeof number);
  _exit(written == sizeof number ? 127 : 126);
}

void restore_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) {
    struct sigaction action {};
    ::sigaction(number, nullptr, &action);
    if (number != SIGHUP || action.sa_handler != SIG_IGN) ::signal(number, SIG_DFL);
  }
}

void block_only(const sigset_t& signals) { ::sigprocmask(SIG_SETMASK, &signals, nullptr); }

// Asks the kernel for `signal` when the parent dies, which it may have done already.
void outlive_not(pid_t parent, int signal) {
  ::prctl(PR_SET_PDEATHSIG, signal);
  if (::getppid() != parent) _exit(127);
}

[[noreturn]] void become(const Launch& launch, pid_t guardian) {
  outlive_not(guardian, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  block_only(none);
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (input < 0 || ::dup2(input, STDIN_FILENO) < 0 || ::dup2(launch.output, STDOUT_FILENO) < 0 ||
      ::dup2(launch.output, STDERR_FILENO) < 0)
    report_and_exit(launch.report);
  if (launch.directory && ::chdir(launch.directory) != 0) report_and_exit(launch.report);
  ::execve(launch.executable, launch.argv, launch.environment);
  report_and_exit(launch.report);
}

int exit_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// The caller is gone: kills the group that this process leads, and has a process outside of it
// remove the scratch folder once the group is dead.
[[noreturn]] void clean_up(const char* scratch) {
  const pid_t group = ::getpid();
  const pid_t cleaner = scratch ? ::_Fork() : -1;
  if (cleaner == 0) {
    ::setpgid(0, 0);
    ::kill(-group, SIGKILL);
    constexpr timespec kMoment{0, 10'000'000};
    for (int i = 0; i < 30 && ::kill(-group, 0) == 0; ++i) ::nanosleep(&kMoment, nullptr);
    ::execl("/bin/rm", "rm", "-rf", "--", scratch, static_cast<char*>(nullptr));
    _exit(126);
  }
  if (cleaner > 0) ::setpgid(cleaner, cleaner);  // before the group is killed, whoever runs first
  ::kill(-group, SIGKILL);
  _exit(127);
}

// Between the caller and the program: leads the program's group and lives as long as it. It is
// there for the caller that is killed: the kernel tells of that, but only a direct child, and the
// program may have children of its own. Shares the caller's memory, as any fork does, until it
// ends.
[[noreturn]] void guard(const Launch& launch) {
  ::setpgid(0, 0);
  restore_signals();
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGTERM);
  sigaddset(&watched, SIGCHLD);
  block_only(watched);
  outlive_not(launch.parent, SIGTERM);
  const pid_t self = ::getpid();
  const pid_t program = ::_Fork();
  if (program == 0) become(launch, self);
  if (program < 0) report_and_exit(launch.report);
  ::close_range(0, ~0U, 0);  // the pipes and locks of the caller end with the caller
  for (int status = 0;;) {
    if (::sigwaitinfo(&watched, nullptr) == SIGTERM) clean_up(launch.scratch);
    if (::waitpid(program, &status, WNOHANG) == program) _exit(exit_status(status));
  }
}

// An absolute path that no tool splits, expands or evaluates, as some do with TMPDIR.
bool is_plain(const std::string& path) {
  return path.starts_with('/') && std::all_of(path.begin(), path.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '/' || c == '.' || c == '-' || c == '_';
         });
}

// A folder for the program's temporary files: a killed one leaves them. Without a place for it the
// program finds its own.
class Scratch {
 public:
  Scratch() {
    const char* given = std::getenv("TMPDIR");
    for (const char* base : {given ? given : "/tmp", "/tmp", "/var/tmp"}) {
      std::string name = std::string(base) + "/fpsa-" + std::string(6, 'X');  // for mkdtemp
      if (!is_plain(name) || !::mkdtemp(name.data())) continue;
      path_ = name;
      return;
    }
  }
  ~Scratch() {
    std::error_code ignored;  // the work is done, with or without
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const char* path() const { return path_.empty() ? nullptr : path_.c_str(); }
  /// The caller's environment with `more` and TMPDIR in it.
  std::vector<std::string> environment(std::map<std::string, std::string> more) const {
    if (!path_.empty()) more["TMPDIR"] = path_;
    std::vector<std::string> result;
    for (char** entry = environ; *entry; ++entry)
      if (const std::string_view text(*entry);
          !more.contains(std::string(text.substr(0, text.find('=')))))
        result.emplace_back(text);
    for (const auto& [name, value] : more) result.push_back(name + "=" + value);
    return result;
  }

 private:
  std::string path_;
};

// As exec wants it.
std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

// A running program in a process group of its own. Killed and reaped on every way out.
class Child {
 public:
  Child(const Command& command, const Scratch& scratch, int output) {
    const std::string executable = executable_of(command).string();
    const std::string directory = command.directory.string();
    const std::vector<char*> argv = pointers(command.argv);
    const std::vector<std::string> variables = scratch.environment(command.environment);
    const std::vector<char*> environment = pointers(variables);
    Pipe report;
    const Launch launch{executable.c_str(), argv.data(),
                        environment.data(), directory.empty() ? nullptr : directory.c_str(),
                        scratch.path(),     output,
                        report.write.get(), ::getpid()};
    pid_ = ::fork();
    if (pid_ == 0) guard(launch);
    if (pid_ < 0) fail(Code::kToolFailed, fmt::format("cannot start: {}", std::strerror(errno)));
    ::setpgid(pid_, pid_);  // also here: the child may not have run yet when we want to kill
    report.write.reset();
    confirm_start(report.read.get(), command);
  }
  ~Child() {
    if (pid_ > 0) reap();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }

  // Kills what is left of the group (its leader, the guardian, not yet reaped, keeps the group's
  // number ours); returns the guardian's wait status, which is that of the program.
  int reap() {
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  void confirm_start(int report, const Command& command) {
    int number = 0;
    ssize_t got = ::read(report, &number, sizeof number);
    while (got < 0 && errno == EINTR) got = ::read(report, &number, sizeof number);
    if (got == 0) return;  // exec closed the pipe
    reap();
    fail(Code::kToolFailed,
         fmt::format("cannot start {}: {}", command.argv[0], std::strerror(number)),
         command.directory.string(), "check that the program and the folder can be used");
  }

  pid_t pid_ = -1;
};

// Where the output goes: a log file or a string.
class Sink {
 public:
  explicit Sink(const fs::path& path) : path_(path) {
    if (path.empty()) return;
    std::error_code ignored;  // the open that follows reports what is wrong
    fs::create_directories(fs::absolute(path).parent_path(), ignored);
    file_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (file_.get() < 0) fail_log();
  }

  void write(const char* data, std::size_t size) {
    written_ += size;
    if (file_.get() < 0) {
      text_.append(data, size);
      return;
    }
    while (size > 0) {
      const ssize_t written = ::write(file_.get(), data, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_log();
      data += written;
      size -= static_cast<std::size_t>(written);
    }
  }

  std::string take() { return std::move(text_); }
  std::size_t written() const { return written_; }

 private:
  [[noreturn]] void fail_log() const {
    fail(Code::kFileUnwritable, fmt::format("cannot write the log: {}", std::strerror(errno)),
         path_.string(), "check the permissions and the free space of that folder");
  }

  fs::path path_;
  Descriptor file_;
  std::string text_;
  std::size_t written_ = 0;  // bytes
};

// Copies what the pipe holds now, at most its capacity: a program that never stops writing must not
// keep us from looking at the clock. False once no writer is left.
bool drain(int pipe, Sink& sink) {
  std::array<char, 1 << 16> buffer;
  ssize_t got = ::read(pipe, buffer.data(), buffer.size());
  while (got < 0 && errno == EINTR) got = ::read(pipe, buffer.data(), buffer.size());
  if (got > 0) sink.write(buffer.data(), static_cast<std::size_t>(got));
  return got != 0;
}

// When a program has had its time: in all, and since it last wrote.
class Patience {
 public:
  explicit Patience(const Command& command)
      : silence_(command.silence),
        end_(Clock::now() + command.timeout),
        silent_end_(Clock::now() + silence_) {}

  void heard() { silent_end_ = Clock::now() + silence_; }
  bool ended() const { return Clock::now() >= std::min(end_, silent_end_); }

 private:
  std::chrono::milliseconds silence_;
  Clock::time_point end_;
  Clock::time_point silent_end_;
};

// Waits for output, but wakes often enough to see an exit, the time limit or an interrupt.
void wait_for_output(int pipe, bool open) {
  pollfd entry{open ? pipe : -1, POLLIN, 0};
  ::poll(&entry, 1, open ? 20 : 2);
}

std::string last_lines(const std::string& text, int count) {
  std::size_t start = text.find_last_not_of('\n');
  if (start == std::string::npos) return {};
  const std::size_t end = start + 1;
  for (int line = 0; line < count && start != std::string::npos; ++line)
    start = start == 0 ? std::string::npos : text.rfind('\n', start - 1);
  const std::size_t first = start == std::string::npos ? 0 : start + 1;
  return text.substr(first, end - first);
}

}  // namespace

Finished run(const Command& command) {
  interruption_point();
  Sink sink(command.log);
  Pipe pipe;
  ::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  Patience patience(command);
  const Scratch scratch;
  Child child(command, scratch, pipe.write.get());
  pipe.write.reset();
  Finished finished;
  bool open = true;
  std::size_t written = 0;
  while (!child.ended() && !finished.timed_out) {
    interruption_point();
    wait_for_output(pipe.read.get(), open);
    open = open && drain(pipe.read.get(), sink);
    if (sink.written() > written) patience.heard();
    written = sink.written();
    finished.timed_out = patience.ended();
  }
  finished.timed_out = finished.timed_out && !child.ended();
  finished.status = exit_status(child.reap());
  drain(pipe.read.get(), sink);
  finished.output = sink.take();
  return finished;
}

Finished run_checked(const Command& command) {
  Finished finished = run(command);
  if (finished.status == 0) return finished;
  const std::string output = command.log.empty() ? finished.output : read_file(command.log);
  const std::string tail = last_lines(output, 20);
  const std::string text = tail.empty() ? " and wrote nothing" : "; its last lines:\n" + tail;
  const std::string where =
      command.log.empty() ? fmt::format("{}", fmt::join(command.argv, " ")) : command.log.string();
  if (finished.timed_out)
    fail(Code::kToolTimeout,
         fmt::format(
             "{} was stopped after {:.1f} s{}", command.argv[0],
             std::chrono::duration<double>(std::min(command.timeout, command.silence)).count(),
             text),
         where, "make the work smaller or allow more time");
  const std::string how = finished.status > 128
                              ? fmt::format("was killed by signal {}", finished.status - 128)
                              : fmt::format("ended with status {}", finished.status);
  fail(Code::kToolFailed, fmt::format("{} {}{}", command.argv[0], how, text), where);
}

std::optional<fs::path> find_program(const std::string& program) {
  const char* value = std::getenv("PATH");
  std::string_view rest = value ? value : "";
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const fs::path folder(rest.substr(0, colon));
    if (!folder.empty() && is_executable(folder / program)) return fs::absolute(folder / program);
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return std::nullopt;
}

std::string debian_package(const std::string& program) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kPackages{{
      {"c++", "g++"},
      {"g++", "g++"},
      {"iverilog", "iverilog"},
      {"icepack", "fpga-icestorm"},
      {"icetime", "fpga-icestorm"},
      {"make", "make"},
      {"nextpnr-ice40", "nextpnr-ice40"},
      {"sbatch", "slurm-client"},
      {"sta", "opensta"},
      {"verilator", "verilator"},
      {"vvp", "iverilog"},
      {"yosys", "yosys"},
      {"yosys-abc", "yosys"},
      {"yosys-smtbmc", "yosys"},
  }};
  for (const auto& [name, package] : kPackages)
    if (name == program) return std::string(package);
  return {};
}

}  // namespace base
