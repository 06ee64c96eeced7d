// A vector that only its own ids index: what a LayerId names cannot be looked up with a TensorId.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace base {

/// Objects of type `T` in the order of their ids, which are StrongIds: 0, 1, 2 ...
template <class Id, class T>
class IdVector {
 public:
  IdVector() = default;
  IdVector(std::initializer_list<T> items) : items_(items) {}
  /// `count` copies of `item`.
  explicit IdVector(std::size_t count, const T& item = T()) : items_(count, item) {}

  decltype(auto) operator[](Id id) const { return items_[id.index()]; }
  decltype(auto) operator[](Id id) { return items_[id.index()]; }
  /// Whether `id` names one of the objects.
  bool contains(Id id) const { return id.valid() && id.index() < items_.size(); }

  /// Puts `item` at the end; its id.
  Id push_back(T item) {
    items_.push_back(std::move(item));
    return Id(items_.size() - 1);
  }
  void clear() { items_.clear(); }

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  const T& front() const { return items_.front(); }
  T& front() { return items_.front(); }
  const T& back() const { return items_.back(); }
  T& back() { return items_.back(); }
  auto begin() const { return items_.begin(); }
  auto begin() { return items_.begin(); }
  auto end() const { return items_.end(); }
  auto end() { return items_.end(); }

  /// All ids, in order.
  std::vector<Id> ids() const {
    std::vector<Id> all;
    all.reserve(items_.size());
    for (std::size_t index = 0; index < items_.size(); ++index) all.emplace_back(index);
    return all;
  }

 private:
  std::vector<T> items_;
};

}  // namespace base
