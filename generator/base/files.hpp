// Reading and writing files so that nothing half-written is ever left behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Whole file as bytes; files ending in .gz are decompressed. Throws kFileUnreadable (missing, a
/// directory, no permission, truncated gzip) or, past `limit` bytes, kFileUnreadable naming the
/// limit.
std::string read_file(const std::filesystem::path& path,
                      std::uint64_t limit = std::uint64_t{4} << 30);

/// Writes `path` through a temporary file beside it and a rename; checks every write and the close,
/// so a full disk throws kFileUnwritable and leaves the old file as it was. Creates parent folders.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Builds a directory tree elsewhere and moves it into place on commit(); without commit the
/// destructor removes what was built. An existing `target` is replaced only if it is empty, or
/// holds `manifest.json` (it is ours), or `force`; otherwise throws kForeignDirectory at
/// construction.
class StagedDirectory {
 public:
  StagedDirectory(std::filesystem::path target, bool force = false);
  ~StagedDirectory();
  StagedDirectory(const StagedDirectory&) = delete;
  StagedDirectory& operator=(const StagedDirectory&) = delete;

  /// Where to write; lies on the same file system as the target.
  const std::filesystem::path& path() const { return staging_; }
  /// Renames the staged tree to the target. Throws kInterrupted if the user has interrupted.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path staging_;
  bool committed_ = false;
};

/// SHA-256 of `content` in lower-case hexadecimal.
std::string sha256(std::string_view content);

}  // namespace base
