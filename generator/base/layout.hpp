// Text cut and wrapped to the width of a terminal.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// Columns that `text` takes on a terminal: its code points (wide glyphs count as one).
int columns_of(std::string_view text);

/// At most `width` (at least 5) code points of `text`: its two ends with "..." between them.
std::string shortened(std::string_view text, int width);

/// "name" in quotes, printable, cut to 60 columns: how messages show what a user or a model wrote.
std::string quoted_name(std::string_view name);

/// `text`, which starts at column `indent`, broken between words so that no line ends beyond column
/// `width`; words that are longer than that are shortened(). Lines after the first begin with
/// `indent` blanks.
std::string wrapped(std::string_view text, int width, int indent);

}  // namespace base
