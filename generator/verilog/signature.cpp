#include "verilog/signature.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace verilog {
namespace {

std::int64_t value_of(const std::string& name, const Environment& environment) {
  const auto found = environment.find(name);
  if (found == environment.end())
    base::fail(base::Code::kNetlistInvalid,
               fmt::format("an expression uses the parameter {}, but no integer parameter of that "
                           "name is declared before it",
                           name));
  return found->second;
}

}  // namespace

IntExpr param(std::string name) {
  IntExpr expr(IntExpr::Op::kParameter, {});
  expr.name_ = std::move(name);
  return expr;
}

std::int64_t IntExpr::evaluate(const Environment& environment) const {
  const auto argument = [&](int i) { return arguments_[i].evaluate(environment); };
  switch (op_) {
    case Op::kLiteral:
      return value_;
    case Op::kParameter:
      return value_of(name_, environment);
    case Op::kPlus:
      return argument(0) + argument(1);
    case Op::kMinus:
      return argument(0) - argument(1);
    case Op::kTimes:
      return argument(0) * argument(1);
    case Op::kCeilDiv:
      return base::ceil_div(argument(0), argument(1));
    case Op::kMax:
      return std::max(argument(0), argument(1));
    case Op::kClog2:
      return base::clog2(argument(0));
    default:  // kPow2
      return std::int64_t{1} << argument(0);
  }
}

std::string IntExpr::text() const {
  if (op_ == Op::kLiteral) return std::to_string(value_);
  if (op_ == Op::kParameter) return name_;
  const auto argument = [&](int i) { return arguments_[i].text(); };
  const auto infix = [&](char sign) {
    return fmt::format("({} {} {})", argument(0), sign, argument(1));
  };
  switch (op_) {
    case Op::kPlus:
      return infix('+');
    case Op::kMinus:
      return infix('-');
    case Op::kTimes:
      return infix('*');
    case Op::kCeilDiv:
      return fmt::format("ceil_div({}, {})", argument(0), argument(1));
    case Op::kMax:
      return fmt::format("max({}, {})", argument(0), argument(1));
    case Op::kClog2:
      return fmt::format("clog2({})", argument(0));
    default:  // kPow2
      return fmt::format("pow2({})", argument(0));
  }
}

Environment Signature::environment(const std::map<std::string, ParameterValue>& given) const {
  Environment result;
  for (const auto& parameter : parameters) {
    const auto* initial = std::get_if<IntExpr>(&parameter.initial);
    if (initial == nullptr) continue;
    const auto found = given.find(parameter.name);
    const auto* value = found == given.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    result[parameter.name] = value != nullptr ? *value : initial->evaluate(result);
  }
  return result;
}

}  // namespace verilog
