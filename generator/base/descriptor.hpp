// A POSIX file descriptor that is closed on every way out.
#pragma once

#include <unistd.h>

#include <utility>

namespace base {

class Descriptor {
 public:
  /// Owns `fd`; a negative one means none.
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  /// Gives the descriptor away, unclosed.
  int release() { return std::exchange(fd_, -1); }
  /// Closes; false, with errno, if data could not be written out. The destructor cannot tell.
  bool close() { return ::close(release()) == 0; }
  /// Closes what it owned and owns `fd`.
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

}  // namespace base
