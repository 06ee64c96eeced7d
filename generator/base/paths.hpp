// Steps on the way to a written file that more than one writer takes.
#pragma once

#include <filesystem>
#include <string>

namespace base {

/// Throws kFileUnwritable for `path`.
[[noreturn]] void fail_write(const std::filesystem::path& path, const std::string& why);

/// Absolute and with links followed, so that a write replaces what a link points to, not the link.
/// Throws kFileUnwritable, also where the working directory is gone.
std::filesystem::path resolved(const std::filesystem::path& path);

/// Makes `folder` and those above it for `path`, which the fault names.
void create_folder(const std::filesystem::path& folder, const std::filesystem::path& path);

/// Throws kFileUnwritable, naming `to`.
void rename_or_fail(const std::filesystem::path& from, const std::filesystem::path& to);

/// Removes a file or tree; for clean-up after a fault that is being reported already.
void remove_quietly(const std::filesystem::path& path);

}  // namespace base
