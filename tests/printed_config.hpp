// How the words of a spec show as parameters of tests.
#pragma once

#include <ostream>

#include "config/spec.hpp"

namespace config {

inline void PrintTo(Crossbar value, std::ostream* out) { *out << to_string(value); }
inline void PrintTo(Neuron value, std::ostream* out) { *out << to_string(value); }
inline void PrintTo(Train value, std::ostream* out) { *out << to_string(value); }

}  // namespace config
