// Faults a user can meet, and the exit code each one ends the program with.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace base {

/// Exit codes of the command line; fixed, documented in README.md.
enum class Exit : int {
  kDone = 0,
  kInternal = 1,
  kUsage = 2,
  kModel = 3,
  kSpec = 4,
  kToolMissing = 5,
  kToolFailed = 6,
  kMismatch = 7,
  kDoesNotFit = 8,
  kSweepFailed = 9,
  kHungUp = 129,  ///< this and the next two: 128 + the number of the signal, as shells say it
  kInterrupted = 130,
  kTerminated = 143,
};

/// Every fault the program can report; base/codes.def is the table (name, number, exit).
enum class Code : int {
#define FPSA_CODE(name, number, exit) name = number,
#include "base/codes.def"
#undef FPSA_CODE
};

/// The exit code that `code` ends the program with.
Exit exit_of(Code code);

/// One fault: what is wrong, where (node, file:line or key; may be empty), and the cure.
struct Fault {
  Code code;
  std::string what;
  std::string where;
  std::string cure;
};

/// "error[E0301]: what\n  at: where\n  try: cure\n"; lines without content are left out.
std::string to_string(const Fault& fault);

/// Thrown for anything a user can cause. Carries at least one fault; the first decides the exit
/// code.
class Error : public std::runtime_error {
 public:
  explicit Error(std::vector<Fault> faults);
  const std::vector<Fault>& faults() const { return faults_; }
  Exit exit_code() const { return exit_of(faults_.front().code); }

 private:
  std::vector<Fault> faults_;
};

/// Throws an Error of one fault.
[[noreturn]] void fail(Code code, std::string what, std::string where = {}, std::string cure = {});

/// Collects faults so that the user sees all of them at once.
class Diagnostics {
 public:
  void add(Code code, std::string what, std::string where = {}, std::string cure = {});
  bool empty() const { return faults_.empty(); }
  const std::vector<Fault>& faults() const { return faults_; }
  /// Throws Error if any fault was added.
  void throw_if_any() const;

 private:
  std::vector<Fault> faults_;
};

/// Distance-based suggestion: the member of `known` nearest to `name` if it is plausibly a typo of
/// it (edit distance at most a third of its length, at least 1), else "".
std::string nearest(const std::string& name, const std::vector<std::string>& known);

}  // namespace base
