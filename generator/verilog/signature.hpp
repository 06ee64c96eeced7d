// What the outside of a leaf module looks like: its parameters and its ports, with widths that are
// expressions of the parameters. Leaves are hand written in rtl/; tests ask Yosys whether the
// signatures declared here are true (tests/leaf_signature.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace verilog {

/// A value a parameter is set to. Integers must fit in 32 bits signed, as Verilog's integers do.
using ParameterValue = std::variant<std::int64_t, std::string>;

/// Integer parameters by name.
using Environment = std::map<std::string, std::int64_t>;

/// Integer expression of a module's parameters: IntExpr w = 2 * param("Cols") +
/// clog2(param("Rows")).
class IntExpr {
 public:
  IntExpr(std::int64_t literal) : value_(literal) {}  // NOLINT: 8 is an expression

  /// Value for these parameters. Throws kNetlistInvalid if a parameter is not in `environment`.
  std::int64_t evaluate(const Environment& environment) const;
  /// Text for messages, fully parenthesised: "(2 * Cols)".
  std::string text() const;

  bool operator==(const IntExpr&) const = default;

  friend IntExpr param(std::string name);
  friend IntExpr operator+(IntExpr a, IntExpr b) { return {Op::kPlus, {a, b}}; }
  friend IntExpr operator-(IntExpr a, IntExpr b) { return {Op::kMinus, {a, b}}; }
  friend IntExpr operator*(IntExpr a, IntExpr b) { return {Op::kTimes, {a, b}}; }
  /// ceil(a / b), a >= 0, b > 0.
  friend IntExpr ceil_div(IntExpr a, IntExpr b) { return {Op::kCeilDiv, {a, b}}; }
  friend IntExpr max(IntExpr a, IntExpr b) { return {Op::kMax, {a, b}}; }
  /// Verilog's $clog2: bits to count from 0 to a - 1, 0 for a = 1.
  friend IntExpr clog2(IntExpr a) { return {Op::kClog2, {a}}; }
  /// 2 to the power a, 0 <= a <= 62.
  friend IntExpr pow2(IntExpr a) { return {Op::kPow2, {a}}; }

 private:
  enum class Op { kLiteral, kParameter, kPlus, kMinus, kTimes, kCeilDiv, kMax, kClog2, kPow2 };
  IntExpr(Op op, std::vector<IntExpr> arguments) : op_(op), arguments_(std::move(arguments)) {}

  Op op_ = Op::kLiteral;
  std::int64_t value_ = 0;          // kLiteral
  std::string name_;                // kParameter
  std::vector<IntExpr> arguments_;  // the others
};

/// The value of the parameter `name`.
IntExpr param(std::string name);

/// A parameter and its default, which may use the parameters before it.
struct Parameter {
  std::string name;
  std::variant<IntExpr, std::string> initial;
  bool operator==(const Parameter&) const = default;
};

enum class Direction { kInput, kOutput };

struct Port {
  std::string name;
  Direction direction = Direction::kInput;
  IntExpr width = 1;
  bool operator==(const Port&) const = default;
};

inline Port in(std::string name, IntExpr width = 1) {
  return {std::move(name), Direction::kInput, std::move(width)};
}
inline Port out(std::string name, IntExpr width = 1) {
  return {std::move(name), Direction::kOutput, std::move(width)};
}

/// A leaf module:
///   Signature{.name = "fpsa_popcount",
///             .parameters = {{"Rows", 256}, {"TableFile", ""}},
///             .ports = {in("clk_i"), in("spike_i", param("Rows")), out("sum_o", clog2(...))},
///             .needs = {"fpsa_adder"}}
struct Signature {
  std::string name;  ///< also its file: rtl/<name>.v
  std::vector<Parameter> parameters;
  std::vector<Port> ports;
  std::vector<std::string> needs = {};  ///< every leaf below it, for the file list
  bool operator==(const Signature&) const = default;

  /// All integer parameters: `given` where set, else the default.
  Environment environment(const std::map<std::string, ParameterValue>& given) const;
};

}  // namespace verilog
