#include "units/kind.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace units {

// <folder>_kinds() stands in <folder>/kind.cpp.
#define FPSA_KINDS(folder) std::vector<Kind> folder##_kinds();
#include "units/kind_list.inc"
#undef FPSA_KINDS

namespace {

std::vector<Kind> all_kinds() {
  std::vector<Kind> all;
#define FPSA_KINDS(folder) std::ranges::move(folder##_kinds(), std::back_inserter(all));
#include "units/kind_list.inc"
#undef FPSA_KINDS
  std::ranges::sort(all, {}, &Kind::name);
  return all;
}

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

const Setting& find(const Kind& kind, const std::string& name) {
  const auto found = std::ranges::find(kind.settings, name, &Setting::name);
  if (found != kind.settings.end()) return *found;
  const std::vector<std::string> known = names_of(kind.settings);
  const std::string near = base::nearest(name, known);
  base::fail(base::Code::kUnknownKey, fmt::format("{}.{} is no setting", kind.name, name), "--set",
             known.empty()  ? "leave it out: it has no settings"
             : near.empty() ? fmt::format("one of {}", fmt::join(known, ", "))
                            : near);
}

int choice(const Setting& setting, const std::string& text, const std::string& where) {
  const auto found = std::ranges::find(setting.words, text);
  if (found == setting.words.end())
    base::fail(base::Code::kBadChoice, fmt::format("{} = \"{}\"", setting.name, text), where,
               fmt::format("one of \"{}\"", fmt::join(setting.words, "\", \"")));
  return static_cast<int>(found - setting.words.begin());
}

int number(const Setting& setting, const std::string& text, const std::string& where) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    base::fail(base::Code::kWrongType,
               fmt::format("{} = \"{}\" is not a whole number", setting.name, text), where,
               fmt::format("{}={}", setting.name, setting.initial));
  if (error != std::errc() || value < setting.low || value > setting.high)
    base::fail(base::Code::kOutOfRange, fmt::format("{} = {}", setting.name, text), where,
               fmt::format("{} to {}", setting.low, setting.high));
  return value;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = all_kinds();
  return all;
}

const Kind& kind_of(const std::string& name) {
  const auto found = std::ranges::find(kinds(), name, &Kind::name);
  if (found != kinds().end()) return *found;
  const std::vector<std::string> known = names_of(kinds());
  const std::string near = base::nearest(name, known);
  base::fail(base::Code::kUnknownUnit, fmt::format("there is no unit \"{}\"", name),
             fmt::format("units: {}", fmt::join(known, ", ")),
             "fpsa generate " + (near.empty() ? "pe" : near));
}

Settings settings_of(const Kind& kind,
                     const std::vector<std::pair<std::string, std::string>>& words) {
  Settings settings;
  for (const Setting& setting : kind.settings) settings[setting.name] = setting.initial;
  for (const auto& [name, text] : words) {
    const Setting& setting = find(kind, name);
    const std::string where = fmt::format("--set {}={}", name, text);
    settings[name] =
        setting.words.empty() ? number(setting, text, where) : choice(setting, text, where);
  }
  return settings;
}

}  // namespace units
