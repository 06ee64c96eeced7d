// Small faults in a Verilog leaf, one at a time, for flows/mutate.sh: how many of them do the
// benches notice?
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mutation {

struct Mutant {
  std::size_t at = 0;         ///< offset of the text that changes
  std::size_t length = 0;     ///< of that text; 0 only inserts
  std::string replacement{};  ///< what stands there instead
  std::size_t line = 0;       ///< of the change, from 1
};

/// All mutants of a Verilog-2005 source, in the order of their places. They change what the leaf
/// does: an operator becomes its neighbour, a negation goes, a condition of `?` or `if` becomes
/// constant or its opposite, a literal changes by one, a nonblocking assignment goes. Left alone is
/// what lint and elaboration hold: headers, declared ranges, part selects, replication counts,
/// heads of loops, local parameters named *BITS, nets named unused*, and what stops at a bad
/// parameter.
std::vector<Mutant> mutants_of(const std::string& source);

/// The source with that one fault.
std::string mutate(const std::string& source, const Mutant& mutant);

/// The faulty line without its indentation: names a mutant in lists.
std::string faulty_line(const std::string& source, const Mutant& mutant);

}  // namespace mutation
