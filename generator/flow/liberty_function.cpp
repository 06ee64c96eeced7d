#include "flow/liberty_function.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace flow {
namespace {

// Binds from loose to tight: + |, then * & blank, then ^, then ! and '.
class Evaluator {
 public:
  Evaluator(std::string_view text, const std::vector<std::string>& inputs, std::uint64_t values)
      : text_(text), inputs_(inputs), values_(values) {}

  std::optional<bool> whole() {
    const bool value = sum();
    skip();
    if (bad_ || at_ < text_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  bool takes(std::string_view any) {
    skip();
    if (at_ >= text_.size() || any.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }

  static bool names(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_[].$").find(c) != std::string_view::npos;
  }

  bool at_operand() {
    skip();
    return !bad_ && at_ < text_.size() &&
           (names(text_[at_]) || text_[at_] == '(' || text_[at_] == '!');
  }

  bool sum() {
    bool value = product();
    while (takes("+|")) value = product() || value;
    return value;
  }

  bool product() {
    bool value = difference();
    while (takes("*&") || at_operand()) value = difference() && value;
    return value;
  }

  bool difference() {
    bool value = operand();
    while (takes("^")) value = operand() != value;
    return value;
  }

  bool operand() {
    if (bad_ || ++depth_ > 200) return fail();
    bool value = takes("!") ? !operand() : takes("(") ? closed(sum()) : named();
    while (takes("'")) value = !value;
    --depth_;
    return value;
  }

  bool closed(bool value) { return takes(")") ? value : fail(); }

  bool named() {
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && names(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name == "0" || name == "1") return name == "1";
    const auto found = std::ranges::find(inputs_, name);
    return found == inputs_.end() ? fail() : (values_ >> (found - inputs_.begin())) & 1;
  }

  bool fail() {
    bad_ = true;
    return false;
  }

  std::string_view text_;
  const std::vector<std::string>& inputs_;
  std::uint64_t values_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool bad_ = false;
};

}  // namespace

std::optional<bool> evaluate(const std::string& function, const std::vector<std::string>& inputs,
                             std::uint64_t values) {
  return Evaluator(function, inputs, values).whole();
}

std::optional<std::uint64_t> truth_table(const std::string& function,
                                         const std::vector<std::string>& inputs) {
  if (inputs.size() > 6) return std::nullopt;
  std::uint64_t table = 0;
  for (std::uint64_t values = 0; values < std::uint64_t{1} << inputs.size(); ++values) {
    const std::optional<bool> value = evaluate(function, inputs, values);
    if (!value) return std::nullopt;
    table |= std::uint64_t{*value} << values;
  }
  return table;
}

}  // namespace flow
