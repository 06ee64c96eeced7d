#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/subprocess.hpp"

namespace base {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_read(const fs::path& path, const std::string& why) {
  fail(Code::kFileUnreadable, fmt::format("cannot read {}: {}", path.filename().string(), why),
       path.string(), "check the path and its permissions");
}

[[noreturn]] void fail_write(const fs::path& path, const std::string& why) {
  fail(Code::kFileUnwritable, fmt::format("cannot write {}: {}", path.filename().string(), why),
       path.string(), "check the permissions and the free space of that folder");
}

std::string errno_text(int number = errno) { return std::strerror(number); }

// Calls read(buffer, size) until it returns 0; it throws on its own faults.
template <class Read>
std::string read_all(const fs::path& path, std::uint64_t limit, Read&& read) {
  std::string content;
  const std::unique_ptr<char[]> buffer(new char[1 << 16]);
  while (const std::size_t got = read(buffer.get(), std::size_t{1} << 16)) {
    if (content.size() + got > limit)
      fail_read(path, fmt::format("it holds more than the allowed {} bytes", limit));
    content.append(buffer.get(), got);
  }
  return content;
}

std::string read_plain(const fs::path& path, std::uint64_t limit, const Descriptor& file) {
  return read_all(path, limit, [&](char* buffer, std::size_t size) {
    ssize_t got = ::read(file.get(), buffer, size);
    while (got < 0 && errno == EINTR) {
      interruption_point();
      got = ::read(file.get(), buffer, size);
    }
    if (got < 0) fail_read(path, errno_text());
    return static_cast<std::size_t>(got);
  });
}

std::string read_gzip(const fs::path& path, std::uint64_t limit, Descriptor& file) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose_r)> stream(gzdopen(file.get(), "rb"),
                                                               &gzclose_r);
  if (!stream) fail_read(path, "out of memory");
  file.release();
  if (gzdirect(stream.get())) fail_read(path, "its name ends in .gz but it is not gzip data");
  return read_all(path, limit, [&](char* buffer, std::size_t size) {
    const int got = gzread(stream.get(), buffer, static_cast<unsigned>(size));
    int status = Z_OK;
    const char* text = gzerror(stream.get(), &status);
    // A truncated stream is a Z_BUF_ERROR that comes with the last bytes it could give.
    if (status == Z_BUF_ERROR) fail_read(path, "the gzip data is truncated");
    if (got < 0 || status != Z_OK) fail_read(path, fmt::format("the gzip data is bad: {}", text));
    return static_cast<std::size_t>(got);
  });
}

void write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_write(path, errno_text());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A name beside `path` that no other process uses; `create` returns false with errno EEXIST if
// taken.
template <class Create>
fs::path create_beside(const fs::path& path, Create&& create) {
  for (int attempt = 0;; ++attempt) {
    fs::path candidate = path.parent_path() / fmt::format(".{}.{}.{}.tmp", path.filename().string(),
                                                          ::getpid(), attempt);
    if (create(candidate)) return candidate;
    if (errno != EEXIST) fail_write(path, errno_text());
  }
}

void create_folder(const fs::path& folder, const fs::path& path) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail_write(path, error.message());
}

// Absolute and with links followed, so that a rename replaces what a link points to, not the link.
fs::path resolved(const fs::path& path) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(fs::absolute(path), error);
  if (error || result.filename().empty()) result = result.parent_path();
  if (error || result.empty()) fail_write(path, error ? error.message() : "no such path");
  return result;
}

void rename_or_fail(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail_write(to, error.message());
}

bool may_replace(const fs::path& target) {
  try {
    return !fs::exists(target) || (fs::is_directory(target) &&
                                   (fs::is_empty(target) || fs::exists(target / "manifest.json")));
  } catch (const fs::filesystem_error& error) {
    fail_write(target, error.code().message());
  }
}

void remove_quietly(const fs::path& path) {
  std::error_code ignored;  // clean-up after a fault that is being reported already
  fs::remove_all(path, ignored);
}

}  // namespace

std::string read_file(const fs::path& path, std::uint64_t limit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  interruption_point();  // a pipe that nobody writes blocks until a signal
  if (file.get() < 0) fail_read(path, errno_text());
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail_read(path, errno_text());
  if (S_ISDIR(info.st_mode)) fail_read(path, "it is a folder");
  return path.extension() == ".gz" ? read_gzip(path, limit, file) : read_plain(path, limit, file);
}

void write_file(const fs::path& given, std::string_view content) {
  const fs::path path = resolved(given);
  create_folder(path.parent_path(), path);
  // The rename would put a plain file in the place of a device such as /dev/null.
  if (fs::exists(path) && !fs::is_regular_file(path)) fail_write(path, "it is not a plain file");
  int fd = -1;
  const fs::path temporary = create_beside(path, [&](const fs::path& candidate) {
    fd = ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return fd >= 0;
  });
  try {
    Descriptor file(fd);
    write_all(fd, content, path);
    if (::fsync(fd) != 0 || !file.close()) fail_write(path, errno_text());
    rename_or_fail(temporary, path);
  } catch (...) {
    remove_quietly(temporary);
    throw;
  }
}

StagedDirectory::StagedDirectory(fs::path target, bool force) : target_(resolved(target)) {
  if (!force && !may_replace(target_))
    fail(Code::kForeignDirectory,
         fmt::format("{} exists and was not made by fpsa", target_.filename().string()),
         target_.string(), "choose another --out, or --force to replace it");
  create_folder(target_.parent_path(), target_);
  staging_ = create_beside(
      target_, [](const fs::path& candidate) { return ::mkdir(candidate.c_str(), 0777) == 0; });
}

StagedDirectory::~StagedDirectory() {
  if (!committed_) remove_quietly(staging_);
}

void StagedDirectory::commit() {
  interruption_point();
  // A rename cannot replace a folder that holds something: the old one steps aside and comes back
  // if the new one cannot take its place.
  const fs::path old = staging_.string() + ".old";
  const bool replaces = fs::exists(target_);
  if (replaces) rename_or_fail(target_, old);
  try {
    rename_or_fail(staging_, target_);
  } catch (...) {
    if (replaces) rename_or_fail(old, target_);
    throw;
  }
  committed_ = true;
  if (replaces) remove_quietly(old);
}

std::string sha256(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    fail(Code::kInternal, "OpenSSL has no SHA-256");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace base
