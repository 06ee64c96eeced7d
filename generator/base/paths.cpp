#include "base/paths.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace base {

namespace fs = std::filesystem;

void fail_write(const fs::path& path, const std::string& why) {
  fail(Code::kFileUnwritable, fmt::format("cannot write {}: {}", path.filename().string(), why),
       path.string(), "check the permissions and the free space of that folder");
}

fs::path resolved(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  if (error)
    fail(Code::kFileUnwritable, "the working directory is gone", path.string(),
         "change to a directory that is there");
  fs::path result = fs::weakly_canonical(whole, error);
  if (!error && result.filename().empty() && result.has_relative_path())
    result = result.parent_path();
  if (error || result.empty()) fail_write(path, error ? error.message() : "no such path");
  return result;
}

void create_folder(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail_write(path, error.message());
}

void rename_or_fail(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail_write(to, error.message());
}

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace base
