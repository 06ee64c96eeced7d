#include "verilog/expr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace verilog {
namespace {

void require(bool condition, const std::string& what) {
  if (!condition) base::fail(base::Code::kNetlistInvalid, what);
}

void require_range(int lo, int slice_width, int width) {
  require(lo >= 0 && slice_width >= 1 && slice_width <= width - lo,
          fmt::format("bits {} to {} of a value {} bits wide", lo, lo + slice_width - 1, width));
}

/// Bits lo .. lo + size - 1 of `bits`.
base::Bits cut(const base::Bits& bits, int lo, int size) {
  base::Bits result(size);
  for (int i = 0; i < size; ++i) result.set(i, bits.get(lo + i));
  return result;
}

/// {high, low}.
base::Bits join(const base::Bits& high, const base::Bits& low) {
  base::Bits result(high.size() + low.size());
  low.for_each_set([&](std::size_t i) { result.set(i, true); });
  high.for_each_set([&](std::size_t i) { result.set(low.size() + i, true); });
  return result;
}

/// Bits lo .. lo + width - 1 of one part.
Part cut(const Part& part, int lo, int width) {
  if (part.is_constant()) return {{}, 0, width, cut(part.value, lo, width)};
  return {part.net, part.lo + lo, width, {}};
}

}  // namespace

Expr Net::slice(int lo, int slice_width) const { return Expr(*this).slice(lo, slice_width); }
Expr Net::bit(int index) const { return slice(index, 1); }

Expr::Expr(const Net& net) {
  require(net.id.valid(), "a net that no module declared");
  parts_.push_back({net.id, 0, net.width, {}});
}

int Expr::width() const {
  int sum = 0;
  for (const auto& part : parts_) sum += part.width;
  return sum;
}

void Expr::append(const Part& part) {
  Part* last = parts_.empty() ? nullptr : &parts_.back();
  const bool same = last != nullptr && last->net == part.net;
  if (same && part.is_constant()) {
    last->value = join(last->value, part.value);
    last->width += part.width;
  } else if (same && last->lo == part.lo + part.width) {
    last->lo = part.lo;
    last->width += part.width;
  } else {
    parts_.push_back(part);
  }
}

Expr Expr::slice(int lo, int slice_width) const {
  int part_lo = width();  // position of the part's lowest bit
  require_range(lo, slice_width, part_lo);
  Expr result;
  for (const auto& part : parts_) {
    part_lo -= part.width;
    const int from = std::max(lo, part_lo);
    const int to = std::min(lo + slice_width, part_lo + part.width);
    if (from < to) result.append(cut(part, from - part_lo, to - from));
  }
  return result;
}

Expr constant(const base::Bits& value) {
  require(value.size() >= 1, "a constant of no bits");
  Expr result;
  result.append({{}, 0, static_cast<int>(value.size()), value});
  return result;
}

Expr constant(int width, std::uint64_t value) {
  require(width >= 1 && (width >= 64 || value >> width == 0),
          fmt::format("the constant {} in {} bits", value, width));
  base::Bits bits(width);
  bits.words()[0] = value;
  return constant(bits);
}

Expr concat(const std::vector<Expr>& parts) {
  require(!parts.empty(), "a concatenation of nothing");
  Expr result;
  for (const auto& expr : parts)
    for (const auto& part : expr.parts()) result.append(part);
  return result;
}

Expr replicate(int count, const Expr& expr) {
  require(count >= 1, fmt::format("a replication {} times", count));
  return concat(std::vector<Expr>(count, expr));
}

}  // namespace verilog
