// Kinds of units: what `fpsa generate` makes alone, with a bench of its own. A folder of units/
// holds kinds in its kind.cpp, whose list the build finds by itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/spec.hpp"
#include "verilog/netlist.hpp"

namespace units {

/// A choice of a unit that no spec makes: a number, or one of `words` by its place.
struct Setting {
  std::string name;
  std::string doc;
  int initial = 1;
  int low = 1;
  int high = 1;
  std::vector<std::string> words{};  ///< then initial, low and high are places in it
};

/// Settings by name.
using Settings = std::map<std::string, int>;

/// A unit by itself.
struct Alone {
  verilog::Module module;
  std::map<std::string, std::string> bench;                 ///< files by their paths below tb/
  std::vector<std::pair<std::string, std::int64_t>> facts;  ///< section "unit" of metrics.json
  std::vector<verilog::Module> below{};                     ///< generated modules under it
};

struct Kind {
  std::string name;  ///< the word of `generate`
  std::string doc;
  std::string section{};  ///< of the spec, whose keys are its settings; empty: it has its own
  std::vector<Setting> settings;
  std::string bench;   ///< module of the bench, tb/<bench>.v
  bool idles = false;  ///< the bench stalls at random: macros IDLE, SEED
  /// `settings` has all that the kind lists; the spec has the kind's section, and the seed of the
  /// stimuli, simulate.seed.
  Alone (*alone)(const Settings& settings, const config::Spec& spec);
};

/// All kinds, by name.
const std::vector<Kind>& kinds();

/// The kind `name`. Throws kUnknownUnit, with the kinds there are.
const Kind& kind_of(const std::string& name);

/// The settings of `kind`, of which `words` ("lanes", "16") change some. Throws kUnknownKey,
/// kWrongType, kOutOfRange or kBadChoice.
Settings settings_of(const Kind& kind,
                     const std::vector<std::pair<std::string, std::string>>& words);

}  // namespace units
