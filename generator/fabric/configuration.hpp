// The bits that a fabric is configured with.
#pragma once

#include <cstdint>
#include <vector>

#include "fabric/layout.hpp"

namespace fabric {

/// Bits by frame, as Layout numbers both; all 0 at first.
class Configuration {
 public:
  explicit Configuration(const Layout& layout);

  int frames() const { return static_cast<int>(frames_.size()); }
  const std::vector<bool>& frame(int number) const {
    return frames_[static_cast<std::size_t>(number)];
  }

  bool bit(const Field& field, int index) const {
    return frame(field.frame)[static_cast<std::size_t>(field.first + index)];
  }
  void set_bit(const Field& field, int index, bool value) {
    frames_[static_cast<std::size_t>(field.frame)][static_cast<std::size_t>(field.first + index)] =
        value;
  }
  /// Of a field of at most 32 bits.
  std::uint32_t value(const Field& field) const;
  void set(const Field& field, std::uint32_t value);

  bool operator==(const Configuration&) const = default;

 private:
  std::vector<std::vector<bool>> frames_;
};

}  // namespace fabric
