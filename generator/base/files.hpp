// Reading and writing files so that nothing half-written is ever left behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// What a killed process leaves behind of a write ends so.
inline constexpr const char* kTemporaryEnding = ".fpsa-tmp";

/// Throws kFileUnreadable unless `path` is a plain file or a link to one: a device may never end, a
/// pipe that nobody writes never begins.
void require_plain_file(const std::filesystem::path& path);

/// Whole file as bytes; files ending in .gz are decompressed. Throws kFileUnreadable (missing, not
/// a plain file, no permission, truncated gzip) or, past `limit` bytes, kFileUnreadable naming the
/// limit.
std::string read_file(const std::filesystem::path& path,
                      std::uint64_t limit = std::uint64_t{4} << 30);

/// Writes `path` through a temporary file beside it (its name ends in kTemporaryEnding) and a
/// rename; checks every write and the close, so a full disk throws kFileUnwritable and leaves the
/// old file as it was. Creates parent folders.
void write_file(const std::filesystem::path& path, std::string_view content);

/// SHA-256 of `content` in lower-case hexadecimal.
std::string sha256(std::string_view content);

}  // namespace base
