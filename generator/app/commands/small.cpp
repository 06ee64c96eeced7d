// The verbs that only tell: ops, units, schema, doctor.
#include <fmt/format.h>

#include "app/context.hpp"
#include "app/pnr_job.hpp"
#include "app/tile_job.hpp"
#include "base/error.hpp"
#include "config/schema.hpp"
#include "flow/doctor.hpp"
#include "flow/json.hpp"
#include "nn/registry.hpp"
#include "quant/builder.hpp"
#include "report/table.hpp"
#include "units/kind.hpp"

namespace app {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  return fmt::format("{}", fmt::join(words, between));
}

// The schema itself, to be piped to a file; with --json in a document like any other.
void print_schema(const Context& context, bool table) {
  if (table)
    context.print(config::key_table_text(), {{"keys", config::key_table()}});
  else
    context.print(config::json_schema(),
                  {{"schema", nlohmann::json::parse(config::json_schema())}});
}

// What compile makes of it, whatever its domain.
std::string becomes(const nn::OpDef& op) {
  const quant::Lowering* lowering = quant::find_lowering(op.names.front());
  return lowering ? lowering->becomes : "folded if its inputs are constants, else refused";
}

nlohmann::json op_json(const nn::OpDef& op) {
  nlohmann::json attributes = nlohmann::json::array();
  for (const nn::AttributeDef& attribute : op.attributes)
    attributes.push_back({{"name", attribute.name},
                          {"type", nn::to_string(attribute.type)},
                          {"allowed", attribute.allowed},
                          {"doc", attribute.doc}});
  return {{"names", op.names}, {"domains", op.domains},   {"since_opset", op.since},
          {"doc", op.doc},     {"lowering", becomes(op)}, {"attributes", attributes}};
}

std::string attribute_text(const nn::AttributeDef& attribute) {
  return fmt::format("{} ({}{}{}): {}", attribute.name, nn::to_string(attribute.type),
                     attribute.allowed.empty() ? "" : ": ", joined(attribute.allowed, " | "),
                     attribute.doc);
}

// The domain that a model must name, unless it is ONNX's own.
std::string domain_text(const nn::OpDef& op) {
  return op.domains.front().empty() ? "" : "domains: " + joined(op.domains, ", ");
}

void print_ops(const Context& context) {
  report::Table table({{"operator"}, {"opset", report::Align::kRight}, {"what"}});
  nlohmann::json ops = nlohmann::json::array();
  for (const nn::OpDef& op : nn::op_table()) {
    table.row({joined(op.names, ", "), std::to_string(op.since), op.doc});
    table.note("becomes: " + becomes(op));
    if (const std::string domains = domain_text(op); !domains.empty()) table.note(domains);
    for (const nn::AttributeDef& attribute : op.attributes) table.note(attribute_text(attribute));
    ops.push_back(op_json(op));
  }
  context.print(table.text(context.width()), {{"ops", ops}});
}

std::string setting_text(const units::Setting& setting) {
  if (setting.words.empty())
    return fmt::format("{} ({} to {}, {}): {}", setting.name, setting.low, setting.high,
                       setting.initial, setting.doc);
  return fmt::format("{} ({}): {}", setting.name, joined(setting.words, " | "), setting.doc);
}

nlohmann::json unit_json(const units::Kind& kind) {
  nlohmann::json settings = nlohmann::json::array();
  for (const units::Setting& setting : kind.settings)
    settings.push_back({{"name", setting.name},
                        {"doc", setting.doc},
                        {"initial", setting.initial},
                        {"low", setting.low},
                        {"high", setting.high},
                        {"words", setting.words}});
  return {
      {"name", kind.name}, {"doc", kind.doc}, {"section", kind.section}, {"settings", settings}};
}

void add_unit(report::Table& table, const units::Kind& kind) {
  table.row({kind.name, kind.doc});
  if (!kind.section.empty())
    table.note(
        fmt::format("the keys of the spec's section [{}]: fpsa schema --table", kind.section));
  for (const units::Setting& setting : kind.settings) table.note(setting_text(setting));
}

void print_units(const Context& context) {
  report::Table table({{"unit"}, {"what"}});
  nlohmann::json units = nlohmann::json::array();
  for (const units::Kind& kind : units::kinds()) {
    add_unit(table, kind);
    units.push_back(unit_json(kind));
  }
  const auto of_fabrics = [&](const std::string& name, const std::string& doc) {
    units::Kind kind{};
    kind.name = name;
    kind.doc = doc;
    kind.section = kFabric;
    add_unit(table, kind);
    units.push_back(unit_json(kind));
  };
  of_fabrics(kFabric, "a fabric of logic tiles");
  for (const TileUnit& tile : tile_units()) of_fabrics(tile.name, tile.doc);
  context.print(table.text(context.width()), {{"units", units}});
}

void add_tool(report::Table& table, const flow::ToolStatus& tool) {
  table.row({tool.name,
             tool.path.empty() ? "missing"
             : tool.usable()   ? "ok"
                               : "unusable",
             tool.version.empty() ? "-" : tool.version, tool.minimum, tool.purpose});
  for (const flow::Capability& capability : tool.capabilities)
    if (!capability.present) table.note("cannot " + capability.name);
  if (!tool.usable()) table.note("try: " + tool.install);
}

void print_doctor(const Context& context) {
  report::Table table({{"tool"}, {"state"}, {"version"}, {"tested"}, {"for"}});
  std::vector<std::string> missing;
  const auto tools = flow::examine_tools();
  for (const flow::ToolStatus& tool : tools) {
    add_tool(table, tool);
    if (tool.required && !tool.usable()) missing.push_back(tool.name);
  }
  context.print(table.text(context.width()), {{"tools", tools}, {"missing", missing}});
  if (!missing.empty())
    base::fail(base::Code::kToolMissing, "tools are missing: " + joined(missing, ", "), {},
               "flows/setup.sh installs them all");
}

}  // namespace

void add_ops(CLI::App& cli, Context& context) {
  add_verb(cli, context, "ops", "Operators and attributes that are supported", "fpsa ops --json")
      ->callback([&context] { print_ops(context); });
}

void add_units(CLI::App& cli, Context& context) {
  add_verb(cli, context, "units", "Units that generate makes, and their settings",
           "fpsa units --json")
      ->callback([&context] { print_units(context); });
}

void add_schema(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "schema", "JSON Schema of the spec; --table for people",
                            "fpsa schema > fpsa.schema.json");
  auto table = std::make_shared<bool>(false);
  verb->add_flag("--table", *table, "Every key with type, default, range and meaning, as Markdown");
  verb->callback([&context, table] { print_schema(context, *table); });
}

void add_doctor(CLI::App& cli, Context& context) {
  add_verb(cli, context, "doctor", "Tools found, and the command that installs what is missing",
           "fpsa doctor")
      ->callback([&context] { print_doctor(context); });
}

}  // namespace app
