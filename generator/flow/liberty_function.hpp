// Logic functions as Liberty writes them: !A, A', A*B, A&B, A B, A+B, A|B, A^B, 0, 1, ( ).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flow {

/// The value of `function` where input i is bit i of `values`; nothing if the text is not a
/// function of these inputs.
std::optional<bool> evaluate(const std::string& function, const std::vector<std::string>& inputs,
                             std::uint64_t values);

/// Bit v is the value of `function` for the inputs v; nothing if it is not a function of these
/// inputs, or there are more than six.
std::optional<std::uint64_t> truth_table(const std::string& function,
                                         const std::vector<std::string>& inputs);

}  // namespace flow
