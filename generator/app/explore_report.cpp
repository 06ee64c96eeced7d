// What `explore` found, for people and for programs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/explore_job.hpp"
#include "base/error.hpp"
#include "config/apply.hpp"
#include "config/schema.hpp"
#include "report/table.hpp"

namespace app {

namespace {

using explore::Hardware;

std::string blocks_text(const explore::Blocks& blocks) {
  if (std::ranges::count(blocks, blocks.front()) == std::ssize(blocks))
    return std::to_string(blocks.front());
  return fmt::format("{}", fmt::join(blocks, "+"));
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

const config::Key& key_of(const char* name) { return *config::find_key("recurrent", name); }

// The keys that build a point, as a spec has them.
std::string key_text(const config::Spec& spec, const char* name) {
  return config::literal(key_of(name).get(spec));
}

nlohmann::json hardware_json(const Hardware& hardware, const std::vector<std::string>& names,
                             bool has_device) {
  nlohmann::json layers = nlohmann::json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const units::RecurrentConfig& layer = hardware.layers[i];
    layers.push_back({{"layer", names[i]},
                      {"lanes", layer.lanes},
                      {"projection_lanes", layer.rule.has_second() ? layer.projection_lanes : 0},
                      {"elements", layer.elements},
                      {"multipliers", multipliers(layer)},
                      {"interval", interval(layer)},
                      {"latency", latency(layer)}});
  }
  nlohmann::json json = {{"clocks_a_step", hardware.clocks},
                         {"clocks_a_step_of_one_stream", hardware.one_stream},
                         {"multipliers", hardware.multipliers},
                         {"memory_bits", hardware.memory_bits},
                         {"fits", hardware.fits},
                         {"layers", layers}};
  if (has_device) json["dsps"] = hardware.dsps;
  if (has_device) json["block_rams"] = hardware.block_rams;
  return json;
}

nlohmann::json blocks_json(const ExploredModel& model, const explore::Blocks& blocks) {
  nlohmann::json json;
  for (std::size_t i = 0; i < blocks.size(); ++i) json[model.layers[i]] = blocks[i];
  return json;
}

nlohmann::json point_json(const Explored& explored, const ExploredPoint& point) {
  const ExploredModel& model = explored.models[point.model];
  nlohmann::json json =
      hardware_json(point.hardware, model.layers, explored.options.budget.device.has_value());
  json["model"] = model.file.string();
  json["blocks"] = blocks_json(model, point.blocks);
  json["accuracy"] = point.accuracy;
  json["circulant_error"] = point.circulant_error;
  json["within_limit"] = point.is_accurate;
  json["pareto"] = point.is_in_front;
  return json;
}

nlohmann::json device_json(const explore::Device& device) {
  return {{"name", device.name},
          {"luts", device.luts},
          {"dsps", device.dsps},
          {"dsp_factors", {device.dsp_a, device.dsp_b}},
          {"block_rams", device.block_rams},
          {"block_ram_bits", device.block_ram_bits}};
}

nlohmann::json models_json(const Explored& explored) {
  nlohmann::json models = nlohmann::json::array();
  for (const ExploredModel& model : explored.models) {
    nlohmann::json trials = nlohmann::json::array();
    for (const explore::Trial& trial : model.trials)
      trials.push_back(
          {{"blocks", blocks_json(model, trial.blocks)}, {"accuracy", trial.accuracy}});
    models.push_back({{"model", model.file.string()},
                      {"float_accuracy", model.float_accuracy},
                      {"trials", trials}});
  }
  return models;
}

std::string state_of(const Explored& explored, std::size_t i) {
  const ExploredPoint& point = explored.points[i];
  std::vector<std::string> words;
  if (explored.best == i) words.emplace_back("best");
  if (point.is_in_front) words.emplace_back("front");
  if (!point.is_accurate) words.emplace_back("lossy");
  if (!point.hardware.fits) words.emplace_back("large");
  return fmt::format("{}", fmt::join(words, ", "));
}

report::Table table_of(const Explored& explored) {
  using enum report::Align;
  const bool has_device = explored.options.budget.device.has_value();
  const bool has_streams = explored.options.streams > 1;
  std::vector<report::Column> columns{
      {"model"}, {"block", kRight}, {"accuracy", kRight}, {"clocks", kRight}};
  if (has_streams) columns.push_back({"of one", kRight});
  columns.insert(columns.end(), {{"mult.", kRight}, {"kbit", kRight}});
  if (has_device) columns.insert(columns.end(), {{"DSPs", kRight}, {"RAMs", kRight}});
  columns.push_back({""});
  report::Table table(columns);
  for (std::size_t i = 0; i < explored.points.size(); ++i) {
    const ExploredPoint& point = explored.points[i];
    const Hardware& made = point.hardware;
    std::vector<std::string> cells{explored.models[point.model].name, blocks_text(point.blocks),
                                   percent(point.accuracy), std::to_string(made.clocks)};
    if (has_streams) cells.push_back(std::to_string(made.one_stream));
    cells.push_back(std::to_string(made.multipliers));
    cells.push_back(fmt::format("{:.1f}", static_cast<double>(made.memory_bits) / 1e3));
    if (has_device) cells.push_back(std::to_string(made.dsps));
    if (has_device) cells.push_back(std::to_string(made.block_rams));
    cells.push_back(state_of(explored, i));
    table.row(cells);
  }
  table.note(
      "front: no other is better in accuracy, clocks, multipliers and memory; lossy: below the "
      "limit; large: does not fit");
  return table;
}

std::string heading(const Explored& explored) {
  const ExploreOptions& options = explored.options;
  std::string text = fmt::format("Accuracy on {} samples\n", explored.samples);
  for (const ExploredModel& model : explored.models)
    text += fmt::format("  {:<20} float {}\n", model.name, percent(model.float_accuracy));
  text += fmt::format("  {:<20}       {}\n\n", "limit", percent(explored.least_accuracy));
  const std::string streams =
      options.streams == 1 ? "one stream" : fmt::format("{} streams", options.streams);
  if (const auto& device = options.budget.device)
    text += fmt::format("Clocks a step of {}, on {}: {} DSPs, {} RAMs of {} bits\n", streams,
                        device->name, device->dsps, device->block_rams, device->block_ram_bits);
  else
    text += fmt::format("Clocks a step of {}, with {} multipliers at most{}\n", streams,
                        options.budget.multipliers,
                        options.budget.memory_bits > 0
                            ? fmt::format(" and {} bits of memory", options.budget.memory_bits)
                            : "");
  return text;
}

// What came nearest to a design that is accurate and fits.
[[noreturn]] void refuse_inaccurate(const Explored& explored) {
  const ExploredModel* best_model = nullptr;
  const explore::Trial* best = nullptr;
  for (const ExploredModel& model : explored.models)
    for (const explore::Trial& trial : model.trials)
      if (!best || trial.accuracy > best->accuracy) {
        best = &trial;
        best_model = &model;
      }
  const double loss = 100 * (explored.float_accuracy - best->accuracy);
  base::fail(base::Code::kDoesNotFit,
             fmt::format("no blocks keep {}: the nearest, {} with {}, has {}",
                         percent(explored.least_accuracy), best_model->name,
                         blocks_text(best->blocks), percent(best->accuracy)),
             "--accuracy-loss",
             fmt::format("allow a loss of {:.2f} points, try smaller blocks, or train with blocks",
                         std::ceil(100 * loss) / 100));
}

[[noreturn]] void refuse_large(const Explored& explored) {
  const ExploredPoint* least = nullptr;
  for (const ExploredPoint& point : explored.points)
    if (point.is_accurate &&
        (!least || std::pair(point.hardware.dsps, point.hardware.memory_bits) <
                       std::pair(least->hardware.dsps, least->hardware.memory_bits)))
      least = &point;
  if (!least)
    base::fail(base::Code::kDoesNotFit,
               "the weights of no design that keeps the limit fit in the load bus of a layer",
               "--blocks", "allow larger blocks");
  const Hardware& made = least->hardware;
  const explore::Budget& budget = explored.options.budget;
  const std::string has = budget.device ? fmt::format("{} DSPs, {} RAMs and {} bits of memory",
                                                      made.dsps, made.block_rams, made.memory_bits)
                                        : fmt::format("{} multipliers and {} bits of memory",
                                                      made.multipliers, made.memory_bits);
  base::fail(base::Code::kDoesNotFit,
             fmt::format("no design that keeps the limit fits: the nearest, {} with {}, takes {}",
                         explored.models[least->model].name, blocks_text(least->blocks), has),
             budget.device ? "--device" : "--multipliers",
             "a larger device, other blocks, or a greater loss of accuracy");
}

}  // namespace

void require_best(const Explored& explored) {
  if (explored.best) return;
  const auto is_accurate = [&](const ExploredModel& model) {
    return std::ranges::any_of(model.trials, [&](const explore::Trial& trial) {
      return trial.accuracy >= explored.least_accuracy;
    });
  };
  if (std::ranges::none_of(explored.models, is_accurate)) refuse_inaccurate(explored);
  refuse_large(explored);
}

nlohmann::json explore_document(const Explored& explored) {
  const ExploreOptions& options = explored.options;
  nlohmann::json points = nlohmann::json::array();
  for (const ExploredPoint& point : explored.points) points.push_back(point_json(explored, point));
  nlohmann::json document = {{"samples", explored.samples},
                             {"accuracy_loss", options.loss},
                             {"float_accuracy", explored.float_accuracy},
                             {"least_accuracy", explored.least_accuracy},
                             {"streams", options.streams},
                             {"models", models_json(explored)},
                             {"points", points},
                             {"recommended", nullptr}};
  if (options.budget.device)
    document["device"] = device_json(*options.budget.device);
  else
    document["budget"] = {{"multipliers", options.budget.multipliers},
                          {"memory_bits", options.budget.memory_bits}};
  if (!explored.best) return document;
  const ExploredPoint& best = explored.points[*explored.best];
  const config::Spec spec = explored.spec_of(best);
  document["recommended"] = point_json(explored, best);
  for (const char* name : {"block", "multipliers"})
    document["recommended"]["spec"]["recurrent"][name] = config::json_of(key_of(name).get(spec));
  return document;
}

std::string explore_text(const Explored& explored, int width) {
  std::string text = heading(explored) + table_of(explored).text(width);
  if (!explored.best) return text;
  const ExploredPoint& best = explored.points[*explored.best];
  const config::Spec spec = explored.spec_of(best);
  text += fmt::format("\nBest: {} with\n\n    [recurrent]\n    block = {}\n    multipliers = {}\n",
                      explored.models[best.model].file.string(), key_text(spec, "block"),
                      key_text(spec, "multipliers"));
  return text;
}

}  // namespace app
