// A directory tree that is there whole or not at all, beside files that are not the program's.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/lock.hpp"

namespace base {

/// What of a directory's content the program made itself, and may replace. Paths are relative.
struct Inventory {
  std::map<std::string, std::string> files;  ///< SHA-256 of what was written; "": whatever is in it
  std::vector<std::string> folders;          ///< with all that is in them
};

/// Builds a tree in a hidden folder of `target` and moves it into place on commit(); without commit
/// the destructor removes what was built. Holds the target's DirectoryLock while it lives.
///
/// What is not in the inventory stays, whatever happens. Throws at construction:
/// - kForeignDirectory if the target holds anything and is not the program's (no inventory); with
///   `force` only if it is no directory at all;
/// - kFilesInTheWay, naming them, if files of the inventory were changed since, unless `force`;
/// - kDirectoryInUse, kFileUnwritable.
class StagedDirectory {
 public:
  StagedDirectory(const std::filesystem::path& target, Inventory ours, bool is_ours, bool force);
  ~StagedDirectory();
  StagedDirectory(const StagedDirectory&) = delete;
  StagedDirectory& operator=(const StagedDirectory&) = delete;

  /// The directory itself, absolute, links followed.
  const std::filesystem::path& target() const { return target_; }
  /// Where to write.
  const std::filesystem::path& path() const { return staging_; }
  /// Replaces what the inventory lists by what was built; `first` (a relative path) is the first of
  /// the new files to be in place. Throws what interruption_point() throws, and kFilesInTheWay,
  /// before anything is touched, if something that is not the program's stands where a new file is
  /// to go; force replaces a file by a file.
  void commit(const std::string& first);

 private:
  std::filesystem::path target_;
  Inventory ours_;
  bool force_;
  std::optional<DirectoryLock> lock_;
  std::filesystem::path staging_;
};

/// Whether a commit() of `directory` was cut short: some of its files are missing.
bool is_half_made(const std::filesystem::path& directory);

/// Removes temporary files that a killed process has left anywhere in `directory`. For the holder
/// of its lock.
void sweep(const std::filesystem::path& directory);

}  // namespace base
