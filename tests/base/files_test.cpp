#include "base/files.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "base/error.hpp"
#include "temporary_folder.hpp"

namespace base {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  // Entries of the test's folder, to see that nothing was left behind.
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir_), {}));
  }

  test::TemporaryFolder folder_;
  const fs::path& dir_ = folder_.path();
};

std::string gzip(const std::string& text, const fs::path& path) {
  const gzFile file = gzopen(path.c_str(), "wb9");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return read_file(path.parent_path() / path.filename());
}

void put_raw(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string get_raw(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class F>
Fault fault_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.faults().front();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {Code::kInternal, "", "", ""};
}

// Lets no file of this process grow past `bytes` while it lives: what a full disk looks like.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  sighandler_t old_handler_;
};

TEST_F(Files, WhatIsWrittenIsRead) {
  std::string bytes;
  for (int i = 0; i < 300000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  write_file(dir_ / "a/b/c.bin", bytes);
  EXPECT_EQ(read_file(dir_ / "a/b/c.bin"), bytes);
  write_file(dir_ / "a/b/c.bin", "");
  EXPECT_EQ(read_file(dir_ / "a/b/c.bin"), "");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, WritingFollowsALinkAndKeepsIt) {
  put_raw(dir_ / "real", "old");
  fs::create_symlink("real", dir_ / "link");
  write_file(dir_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(dir_ / "link"));
  EXPECT_EQ(get_raw(dir_ / "real"), "new");
}

TEST_F(Files, MissingFileAndFolderAreUnreadable) {
  const Fault missing = fault_of([&] { read_file(dir_ / "none"); });
  EXPECT_EQ(missing.code, Code::kFileUnreadable);
  EXPECT_NE(missing.what.find("No such file"), std::string::npos) << missing.what;
  EXPECT_EQ(missing.where, (dir_ / "none").string());
  EXPECT_EQ(fault_of([&] { read_file(dir_); }).code, Code::kFileUnreadable);
}

TEST_F(Files, LimitIsInclusive) {
  put_raw(dir_ / "ten", "0123456789");
  EXPECT_EQ(read_file(dir_ / "ten", 10).size(), 10u);
  const Fault fault = fault_of([&] { read_file(dir_ / "ten", 9); });
  EXPECT_EQ(fault.code, Code::kFileUnreadable);
  EXPECT_NE(fault.what.find("9 bytes"), std::string::npos) << fault.what;
}

TEST_F(Files, LimitHoldsForWhatGzipExpandsTo) {
  gzip(std::string(1 << 20, 'x'), dir_ / "bomb.gz");
  EXPECT_LT(fs::file_size(dir_ / "bomb.gz"), 5000u);
  EXPECT_EQ(fault_of([&] { read_file(dir_ / "bomb.gz", 1000); }).code, Code::kFileUnreadable);
}

TEST_F(Files, GzipIsExpanded) {
  std::string text;
  for (int i = 0; i < 40000; ++i) text += std::to_string(i * i);
  EXPECT_EQ(gzip(text, dir_ / "text.gz"), text);
  EXPECT_EQ(gzip("", dir_ / "nothing.gz"), "");
}

TEST_F(Files, EveryTruncationOfGzipIsNoticed) {
  gzip("a short text, a short text", dir_ / "whole.gz");
  const std::string whole = get_raw(dir_ / "whole.gz");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put_raw(dir_ / "cut.gz", whole.substr(0, size));
    const Fault fault = fault_of([&] { read_file(dir_ / "cut.gz"); });
    EXPECT_EQ(fault.code, Code::kFileUnreadable) << size;
  }
}

TEST_F(Files, CorruptAndForeignGzipAreNoticed) {
  gzip("a short text, a short text", dir_ / "whole.gz");
  std::string bytes = get_raw(dir_ / "whole.gz");
  bytes[bytes.size() - 8] ^= 1;  // first byte of the CRC
  put_raw(dir_ / "corrupt.gz", bytes);
  EXPECT_EQ(fault_of([&] { read_file(dir_ / "corrupt.gz"); }).code, Code::kFileUnreadable);
  put_raw(dir_ / "plain.gz", "this is text");
  const Fault fault = fault_of([&] { read_file(dir_ / "plain.gz"); });
  EXPECT_NE(fault.what.find("not gzip"), std::string::npos) << fault.what;
}

TEST_F(Files, FullDiskKeepsTheOldFileAndLeavesNothing) {
  put_raw(dir_ / "file", "old");
  Fault fault;
  {
    const FullDisk full(4096);
    fault = fault_of([&] { write_file(dir_ / "file", std::string(100000, 'x')); });
  }
  EXPECT_EQ(fault.code, Code::kFileUnwritable);
  EXPECT_NE(fault.what.find("File too large"), std::string::npos) << fault.what;
  EXPECT_EQ(get_raw(dir_ / "file"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, DevicesFoldersAndFilesAsFoldersAreUnwritable) {
  EXPECT_EQ(fault_of([] { write_file("/dev/full", "x"); }).code, Code::kFileUnwritable);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
  EXPECT_EQ(fault_of([&] { write_file(dir_, "x"); }).code, Code::kFileUnwritable);
  put_raw(dir_ / "file", "x");
  EXPECT_EQ(fault_of([&] { write_file(dir_ / "file/below", "x"); }).code, Code::kFileUnwritable);
  EXPECT_EQ(fault_of([] { write_file("/proc/none/x", "x"); }).code, Code::kFileUnwritable);
}

TEST_F(Files, NothingButAPlainFileIsRead) {
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);  // nobody ever writes it
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{AF_UNIX, {}};
  const std::string name = (dir_ / "socket").string();
  ASSERT_LT(name.size(), sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  fs::create_symlink("/dev/zero", dir_ / "link");
  const std::vector<std::pair<fs::path, std::string>> kinds = {{dir_ / "pipe", "a pipe"},
                                                               {dir_ / "socket", "a socket"},
                                                               {dir_ / "link", "a device"},
                                                               {"/dev/zero", "a device"},
                                                               {dir_, "a folder"}};
  for (const auto& [path, kind] : kinds) {
    const Fault fault = fault_of([&, &path = path] { read_file(path); });
    EXPECT_EQ(fault.code, Code::kFileUnreadable);
    EXPECT_NE(fault.what.find("it is " + kind + ", not a plain file"), std::string::npos)
        << fault.what;
  }
}

// FIPS 180-2, appendix B.
TEST(Sha256, MatchesThePublishedExamples) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace base
