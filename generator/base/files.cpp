#include "base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/paths.hpp"

namespace base {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_read(const fs::path& path, const std::string& why) {
  fail(Code::kFileUnreadable, fmt::format("cannot read {}: {}", path.filename().string(), why),
       path.string(), "check the path and its permissions");
}

// What a file is that is not a plain one.
const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
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
    interruption_point();
    ssize_t got = ::read(file.get(), buffer, size);
    while (got < 0 && errno == EINTR) got = ::read(file.get(), buffer, size);
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
    interruption_point();
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

}  // namespace

void require_plain_file(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) fail_read(path, errno_text());
  if (S_ISREG(info.st_mode)) return;
  fail(Code::kFileUnreadable,
       fmt::format("cannot read {}: it is {}, not a plain file", path.filename().string(),
                   kind_of(info.st_mode)),
       path.string(), "name a plain file; copy what a pipe or device gives into one first");
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
  require_plain_file(path);
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail_read(path, errno_text());
  return path.extension() == ".gz" ? read_gzip(path, limit, file) : read_plain(path, limit, file);
}

void write_file(const fs::path& given, std::string_view content) {
  const fs::path path = resolved(given);
  create_folder(path.parent_path(), path);
  // The rename would put a plain file in the place of a device such as /dev/null.
  if (fs::exists(path) && !fs::is_regular_file(path)) fail_write(path, "it is not a plain file");
  const fs::path temporary = path.parent_path() / fmt::format(".{}.{}{}", path.filename().string(),
                                                              ::getpid(), kTemporaryEnding);
  // Only this process writes this name, so what is there was left by one of its number long ago.
  const int fd =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (fd < 0) fail_write(path, errno_text());
  try {
    Descriptor file(fd);
    write_all(fd, content, path);
    if (!file.close()) fail_write(path, errno_text());
    rename_or_fail(temporary, path);
  } catch (...) {
    remove_quietly(temporary);
    throw;
  }
}

std::string sha256(std::string_view content) {
  constexpr std::size_t kPiece = std::size_t{1} << 24;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state(EVP_MD_CTX_new(),
                                                                      &EVP_MD_CTX_free);
  bool well = state && EVP_DigestInit_ex(state.get(), EVP_sha256(), nullptr) == 1;
  for (; well && !content.empty(); content.remove_prefix(std::min(kPiece, content.size()))) {
    interruption_point();
    well = EVP_DigestUpdate(state.get(), content.data(), std::min(kPiece, content.size())) == 1;
  }
  if (!well || EVP_DigestFinal_ex(state.get(), digest.data(), &size) != 1)
    fail(Code::kInternal, "OpenSSL has no SHA-256");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace base
