// An index that knows what it indexes: a NodeId cannot be used where a TensorId is wanted.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace base {

/// Index into the vector that owns the objects of `Tag`. Default-constructed ids are invalid.
template <class Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(std::size_t index) : index_(static_cast<std::uint32_t>(index)) {}
  constexpr std::size_t index() const { return index_; }
  constexpr bool valid() const { return index_ != kInvalid; }
  auto operator<=>(const StrongId&) const = default;

 private:
  static constexpr std::uint32_t kInvalid = 0xffffffff;
  std::uint32_t index_ = kInvalid;
};

}  // namespace base

template <class Tag>
struct std::hash<base::StrongId<Tag>> {
  std::size_t operator()(base::StrongId<Tag> id) const noexcept { return id.index(); }
};
