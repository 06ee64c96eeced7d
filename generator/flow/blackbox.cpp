// Black boxes of a netlist, told apart by their parameters.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "flow/area.hpp"

namespace flow {
namespace {

// Yosys writes numbers as 32 binary digits and texts as texts.
BlackBox blackbox_of(const nlohmann::json& cell) {
  BlackBox box;
  box.module = cell.at("type").get<std::string>();
  for (const auto& [name, value] : cell.at("parameters").items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.size() == 32 && text.find_first_not_of("01") == std::string::npos)
      box.parameters[name] = static_cast<std::int32_t>(std::stoul(text, nullptr, 2));
  }
  return box;
}

std::string name_of(const BlackBox& box) {
  std::vector<std::string> parameters;
  for (const auto& [name, value] : box.parameters)
    parameters.push_back(fmt::format("{}={}", name, value));
  return fmt::format("{}({})", box.module, fmt::join(parameters, ","));
}

}  // namespace

std::map<std::string, BlackBox> name_blackboxes(std::map<std::string, ModuleStat>& modules,
                                                const std::string& json,
                                                const std::vector<std::string>& blackboxes,
                                                const std::string& source) {
  std::map<std::string, BlackBox> found;
  try {
    const nlohmann::json document = nlohmann::json::parse(json);
    for (const auto& [name, module] : document.at("modules").items()) {
      if (!module.contains("cells")) continue;
      for (const auto& [instance, cell] : module["cells"].items()) {
        const BlackBox box = blackbox_of(cell);
        if (std::find(blackboxes.begin(), blackboxes.end(), box.module) == blackboxes.end())
          continue;
        auto& cells = modules.at(readable_module(name)).cells;
        if (--cells.at(box.module) == 0) cells.erase(box.module);
        ++cells[name_of(box)];
        found[name_of(box)] = box;
      }
    }
  } catch (const std::exception& error) {
    base::fail(base::Code::kToolOutput,
               fmt::format("the black boxes of Yosys are unreadable: {}", error.what()), source);
  }
  return found;
}

}  // namespace flow
