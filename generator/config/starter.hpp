// A spec for people to begin with: every key, its meaning, and why it has its value.
#pragma once

#include <map>
#include <string>

#include "config/spec.hpp"

namespace config {

/// What a starter says of a key.
struct Remark {
  std::string text;       ///< lines behind the key's own documentation; may be empty
  bool written = true;    ///< false: the key is there, but commented out
  std::string example{};  ///< of a key that is not written: shown in place of its default
};

/// TOML with every key of the table under its documentation. Keys with a written remark have
/// `spec`'s value; the others are commented out, with their default. parse_spec() of it gives a
/// spec that differs from the default in the written keys alone.
std::string starter_toml(const Spec& spec, const std::map<std::string, Remark>& remarks);

}  // namespace config
