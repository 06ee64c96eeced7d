#include "base/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/paths.hpp"

namespace base {

namespace fs = std::filesystem;

namespace {

// Directories that must be made for `directory` to be there, innermost first.
std::vector<fs::path> missing(fs::path directory) {
  std::vector<fs::path> result;
  std::error_code ignored;  // what cannot be looked at cannot be made either: that is reported
  for (; !fs::exists(fs::symlink_status(directory, ignored)) && directory.has_relative_path();
       directory = directory.parent_path())
    result.push_back(directory);
  return result;
}

std::string holder(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  const std::string number(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return number.empty() ? "another process" : "process " + number.substr(0, number.find('\n'));
}

// Whether `path` is the file that is open: its last holder may just have removed it.
bool is_still(int file, const fs::path& path) {
  struct stat open {};
  struct stat there {};
  return ::fstat(file, &open) == 0 && ::stat(path.c_str(), &there) == 0 &&
         open.st_ino == there.st_ino && open.st_dev == there.st_dev;
}

void write_holder(int file) {
  // On a full disk the lock holds all the same; the one who is refused is told less.
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) == 0) (void)!::pwrite(file, text.data(), text.size(), 0);
}

void remove_if_empty(const std::vector<fs::path>& directories) {
  for (const fs::path& directory : directories)
    if (::rmdir(directory.c_str()) != 0) return;
}

}  // namespace

bool DirectoryLock::take(const fs::path& directory) {
  descriptor_.reset(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (descriptor_.get() < 0) fail_write(directory, std::strerror(errno));
  if (::flock(descriptor_.get(), LOCK_EX | LOCK_NB) == 0) return is_still(descriptor_.get(), file_);
  if (errno != EWOULDBLOCK) fail_write(directory, std::strerror(errno));
  fail(Code::kDirectoryInUse,
       fmt::format("{} is in use by {}", directory.filename().string(), holder(descriptor_.get())),
       directory.string(), "wait until that process has ended, or take another directory");
}

DirectoryLock::DirectoryLock(const fs::path& directory)
    : made_(missing(resolved(directory))), file_(resolved(directory) / kLockName) {
  create_folder(file_.parent_path(), directory);
  try {
    while (!take(file_.parent_path())) {
    }
  } catch (...) {
    remove_if_empty(made_);
    throw;
  }
  write_holder(descriptor_.get());
}

DirectoryLock::~DirectoryLock() {
  ::unlink(file_.c_str());
  remove_if_empty(made_);
}

}  // namespace base
