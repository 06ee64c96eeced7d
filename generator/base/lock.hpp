// Sole use of a directory.
#pragma once

#include <filesystem>
#include <vector>

#include "base/descriptor.hpp"

namespace base {

/// Name of the lock file in the directory; it is there only while someone holds the lock, or after
/// a kill.
inline constexpr const char* kLockName = ".fpsa.lock";

/// Holds a directory for this process while it lives. The kernel gives the lock up when the process
/// ends, however that comes about.
class DirectoryLock {
 public:
  /// Makes the directory if it is missing. Throws kDirectoryInUse, naming the process that holds
  /// it, and kFileUnwritable.
  explicit DirectoryLock(const std::filesystem::path& directory);
  /// Gives it up, and removes directories that the constructor made and that are still empty.
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  bool take(const std::filesystem::path& directory);

  std::vector<std::filesystem::path> made_;  // innermost first
  std::filesystem::path file_;
  Descriptor descriptor_;
};

}  // namespace base
