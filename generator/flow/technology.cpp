#include "flow/technology.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/toml_reader.hpp"

namespace flow {
namespace {

namespace fs = std::filesystem;
using Values = std::map<std::string, config::Value>;

constexpr std::pair<const char*, const char*> kFabricUnits[] = {{"lut", "ps"},
                                                                {"setup", "ps"},
                                                                {"clock_to_q", "ps"},
                                                                {"local_in", "ps"},
                                                                {"local_back", "ps"},
                                                                {"output", "ps"},
                                                                {"input_pad", "ps"},
                                                                {"output_pad", "ps"},
                                                                {"connection", "ps"},
                                                                {"multiplexer", "ps"},
                                                                {"driver_resistance", "ohm"},
                                                                {"driver_capacitance", "fF"},
                                                                {"wire_resistance", "ohm a tile"},
                                                                {"wire_capacitance", "fF a tile"},
                                                                {"multiplexer_capacitance", "fF"},
                                                                {"connection_capacitance", "fF"}};

[[noreturn]] void fail_figure(const std::string& name, const std::string& source) {
  base::fail(base::Code::kBadText, fmt::format("{} is absent, wrong or not usable", name), source,
             "give value, unit, source and mark; a figure marked unverified is not for results");
}

template <class T>
T get(const Values& values, const std::string& figure, const std::string& key,
      const std::string& source) {
  const auto found = values.find(figure + "." + key);
  if (found == values.end()) fail_figure(figure + "." + key, source);
  if constexpr (std::is_same_v<T, double>)
    if (const auto* integer = std::get_if<std::int64_t>(&found->second))
      return static_cast<double>(*integer);
  const T* value = std::get_if<T>(&found->second);
  if (!value) fail_figure(figure + "." + key, source);
  return *value;
}

Figure figure_of(const Values& values, const std::string& name, const std::string& unit,
                 const std::string& source) {
  Figure figure{name, get<double>(values, name, "value", source),
                get<std::string>(values, name, "unit", source),
                get<std::string>(values, name, "source", source),
                get<std::string>(values, name, "mark", source)};
  if (figure.value <= 0 || figure.mark == "unverified" || (!unit.empty() && figure.unit != unit))
    fail_figure(name, source);
  return figure;
}

}  // namespace

Technology Technology::read(const fs::path& constraints, const std::string& name) {
  const fs::path file = fs::path(name).extension() == ".toml"
                            ? fs::path(name)
                            : constraints / "technology" / (name + ".toml");
  return Technology(base::read_file(file), file.string());
}

Technology::Technology(const std::string& text, const std::string& source) : source_(source) {
  const Values values = config::read_toml_values(text, source);
  const auto figure = [&](const char* name, const char* unit) {
    figures_.push_back(figure_of(values, std::string("crossbar.") + name, unit, source));
    return figures_.back().value;
  };
  const double feature_um = figure("feature_size", "nm") / 1000;
  weight_um2_ =
      figure("cell_area", "F^2") * feature_um * feature_um * figure("cells_per_polarity", "");
  polarities_ = figure("polarities", "");
  if (values.count("smb.area.value") > 0)
    memory_figures_ = {figure_of(values, "smb.area", "um2", source),
                       figure_of(values, "smb.capacity", "bits", source)};
  if (values.count("fabric.lut.value") > 0)
    for (const auto& [name, unit] : kFabricUnits)
      fabric_figures_[name] = figure_of(values, std::string("fabric.") + name, unit, source);
}

double Technology::memory_area(double bits) const {
  if (memory_figures_.empty()) fail_figure("smb.area", source_);
  return bits * memory_figures_[0].value / memory_figures_[1].value;
}

double Technology::crossbar_area(int rows, int cols, bool is_signed) const {
  return weight_um2_ * (is_signed ? polarities_ : 1) * rows * cols;
}

}  // namespace flow
