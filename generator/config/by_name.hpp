#pragma once

#include <concepts>
#include <map>
#include <string>
#include <utility>

namespace config {

/// One value for all inputs (or outputs, or nodes) of a network, or values of those that are named.
template <class T>
struct ByName {
  ByName() = default;
  template <std::convertible_to<T> U>
  ByName(U&& value) : all(std::forward<U>(value)) {}

  /// That of the input (output, node) that the model calls `name`.
  const T& of(const std::string& name) const {
    const auto own = named.find(name);
    return own == named.end() ? all : own->second;
  }
  /// True if nothing is given.
  bool empty() const { return named.empty() && all == T{}; }
  bool operator==(const ByName&) const = default;

  T all{};                         ///< of those that are not named
  std::map<std::string, T> named;  ///< by their ONNX names
};

}  // namespace config
