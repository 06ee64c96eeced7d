// What a port is connected to or a net is assigned: bits of nets and constants, side by side.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "base/bits.hpp"
#include "base/strong_id.hpp"

namespace verilog {

/// Index of a net (port or wire) in its Module.
using NetId = base::StrongId<struct NetTag>;

/// Bits lo .. lo + width - 1 of a net, or a constant (then `net` is invalid and `lo` is 0).
struct Part {
  NetId net;
  int lo = 0;
  int width = 0;
  base::Bits value;
  bool is_constant() const { return !net.valid(); }
  bool operator==(const Part&) const = default;
};

class Expr;

/// A declared net as the Module hands it out. Use it only in that module.
struct Net {
  NetId id;
  int width = 0;

  /// Bit `index`, 0 <= index < width.
  Expr bit(int index) const;
  /// Bits lo .. lo + width - 1. All slices below throw kNetlistInvalid when out of range.
  Expr slice(int lo, int slice_width) const;
};

/// A row of parts, most significant first. Neighbours that continue each other are one part, so
/// equal values are equal lists: concat({a.slice(4, 4), a.slice(0, 4)}) == a.slice(0, 8).
class Expr {
 public:
  Expr(const Net& net);  // NOLINT: a net is an expression

  int width() const;
  const std::vector<Part>& parts() const { return parts_; }
  /// Bits lo .. lo + width - 1 of the value.
  Expr slice(int lo, int slice_width) const;
  Expr bit(int index) const { return slice(index, 1); }
  bool operator==(const Expr&) const = default;

 private:
  Expr() = default;
  void append(const Part& part);

  std::vector<Part> parts_;

  friend Expr constant(const base::Bits& value);
  friend Expr concat(const std::vector<Expr>& parts);
};

/// Constant of value.size() >= 1 bits.
Expr constant(const base::Bits& value);
/// Unsigned constant. Throws kNetlistInvalid if `value` needs more than `width` bits.
Expr constant(int width, std::uint64_t value);
/// {parts[0], parts[1], ...}: most significant first, as in Verilog. At least one part.
Expr concat(const std::vector<Expr>& parts);
/// {count{expr}}, count >= 1.
Expr replicate(int count, const Expr& expr);

}  // namespace verilog
