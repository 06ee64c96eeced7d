// TOML text to a list of written keys. The only file that includes toml++ is toml_reader.cpp.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/apply.hpp"

namespace config {

/// The keys written in `text`, in the order of the text, each with `name`:line:column as its place.
/// Throws kSpecSyntax if it is not TOML. Adds kUnknownKey for unknown sections and kWrongType for a
/// section that is not a table.
std::vector<Given> read_toml(std::string_view text, const std::string& name,
                             base::Diagnostics& faults);

/// All values of `text` by their dotted keys ("crossbar.cell_area.value"), of any tables. Throws
/// kSpecSyntax if it is not TOML.
std::map<std::string, Value> read_toml_values(std::string_view text, const std::string& name);

}  // namespace config
