// Where the program finds rtl/, tb/, flows/ and constraints/.
#pragma once

#include <filesystem>

namespace app {

/// $FPSA_HOME if set, else share/fpsa beside an installed binary, else the source tree it was built
/// from. Throws kHomeMissing if none of them holds rtl/.
std::filesystem::path home();

}  // namespace app
