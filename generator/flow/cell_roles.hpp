// What a library's cells can do for the flow, found by their functions rather than by their names.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "flow/liberty.hpp"

namespace flow {

/// A cell in a role: FPSA_ADDER_BIT, FPSA_HALF_ADDER_BIT, FPSA_FLIP_FLOP, FPSA_FLIP_FLOP_R (0
/// while R is 0), FPSA_LATCH (open at 1), FPSA_LATCH_N (open at 0), FPSA_AND, FPSA_BUFFER.
struct CellRole {
  std::string role{};
  std::string cell{};
  /// Port of the role -> pin of the cell; "!pin" where the cell has the inverse, and ports "0" and
  /// "1" for pins that stay at a constant (a reset).
  std::vector<std::pair<std::string, std::string>> pins{};

  bool operator==(const CellRole&) const = default;
};

/// True if every output of the cell is a function of its inputs.
bool is_gate(const LibertyGroup& cell);

/// A role a line of the table: of the cells that fill it the smallest, then the one that drives
/// most; of buffers several, from small to large, each half as strong again as the one before.
/// Throws kBadLibrary naming `source` if the library has no flip-flop, no buffer, no inverter or
/// neither NAND nor NOR; the other roles may be absent.
std::vector<CellRole> find_roles(const LibertyGroup& library, const std::string& source);

/// "role cell port pin port pin ..." a line.
std::string roles_text(const std::vector<CellRole>& roles);

}  // namespace flow
