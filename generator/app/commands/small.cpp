// The verbs that only tell: ops, schema, doctor, check.
#include <fmt/format.h>

#include <iostream>

#include "app/context.hpp"
#include "app/pipeline.hpp"
#include "base/error.hpp"
#include "config/schema.hpp"
#include "config/spec_io.hpp"
#include "flow/doctor.hpp"
#include "flow/json.hpp"
#include "nn/import.hpp"
#include "nn/registry.hpp"

namespace app {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  return fmt::format("{}", fmt::join(words, between));
}

nlohmann::json op_json(const nn::OpDef& op) {
  nlohmann::json attributes = nlohmann::json::array();
  for (const nn::AttributeDef& attribute : op.attributes)
    attributes.push_back({{"name", attribute.name},
                          {"type", nn::to_string(attribute.type)},
                          {"allowed", attribute.allowed},
                          {"doc", attribute.doc}});
  return {{"names", op.names}, {"domains", op.domains},   {"since_opset", op.since},
          {"doc", op.doc},     {"lowering", op.lowering}, {"attributes", attributes}};
}

void print_ops(const Context& context) {
  std::string text =
      fmt::format("{:<28} {:<5} {:<22} {}\n", "operator", "opset", "becomes", "what");
  nlohmann::json ops = nlohmann::json::array();
  for (const nn::OpDef& op : nn::op_table()) {
    text += fmt::format("{:<28} {:<5} {:<22} {}\n", joined(op.names, ", "), op.since, op.lowering,
                        op.doc);
    for (const nn::AttributeDef& attribute : op.attributes)
      text += fmt::format("    {} ({}{}{}): {}\n", attribute.name, nn::to_string(attribute.type),
                          attribute.allowed.empty() ? "" : ": ", joined(attribute.allowed, " | "),
                          attribute.doc);
    ops.push_back(op_json(op));
  }
  context.print(text, {{"ops", ops}});
}

std::string tool_line(const flow::ToolStatus& tool) {
  std::string state = tool.path.empty() ? "missing" : tool.usable() ? "ok" : "unusable";
  std::string line =
      fmt::format("{:<14} {:<9} {:<10} {:<10} {}\n", tool.name, state,
                  tool.version.empty() ? "-" : tool.version, tool.minimum, tool.purpose);
  for (const flow::Capability& capability : tool.capabilities)
    if (!capability.present) line += fmt::format("    cannot {}\n", capability.name);
  if (!tool.usable()) line += "    try: " + tool.install + "\n";
  return line;
}

void print_doctor(const Context& context) {
  std::string text =
      fmt::format("{:<14} {:<9} {:<10} {:<10} {}\n", "tool", "state", "version", "tested", "for");
  std::vector<std::string> missing;
  const auto tools = flow::examine_tools();
  for (const flow::ToolStatus& tool : tools) {
    text += tool_line(tool);
    if (tool.required && !tool.usable()) missing.push_back(tool.name);
  }
  context.print(text, {{"tools", tools}, {"missing", missing}});
  if (!missing.empty())
    base::fail(base::Code::kToolMissing, "tools are missing: " + joined(missing, ", "), {},
               "flows/setup.sh installs them all");
}

struct CheckOptions {
  std::filesystem::path model;
  std::filesystem::path spec;
};

nlohmann::json verdict(const nn::Node& node) {
  const nn::OpDef& op = nn::op_of(node);
  return {{"node", node.name}, {"op", node.op}, {"supported", true}, {"becomes", op.lowering}};
}

// The layers' costs, as the spec would have them.
std::string layer_lines(const Compiled& compiled, nlohmann::json& layers) {
  std::string text =
      fmt::format("\n{:<20} {:>9} {:>5} {:>10}\n", "layer", "matrix", "PEs", "weights");
  for (std::size_t i = 0; i < compiled.network.layers.size(); ++i) {
    const quant::Dense& layer = compiled.network.layers[i];
    int pes = 0;
    for (const core::CoreOp& op : compiled.program.ops) pes += op.output.index() == i + 1;
    text += fmt::format("{:<20} {:>9} {:>5} {:>10}\n", layer.name,
                        fmt::format("{}x{}", layer.weights.rows(), layer.weights.cols()), pes,
                        layer.weights.size());
    layers.push_back({{"layer", layer.name},
                      {"rows", layer.weights.rows()},
                      {"cols", layer.weights.cols()},
                      {"pes", pes}});
  }
  return text;
}

void run_check(const Context& context, const CheckOptions& options) {
  const nn::Graph graph = nn::import_onnx(options.model);
  std::string text = fmt::format("{:<24} {:<20} {:<10} {}\n", "node", "op", "verdict", "becomes");
  nlohmann::json nodes = nlohmann::json::array();
  for (const nn::Node& node : graph.nodes) {
    nodes.push_back(verdict(node));
    text += fmt::format("{:<24} {:<20} {:<10} {}\n", node.name, node.op, "supported",
                        nn::op_of(node).lowering);
  }
  nlohmann::json layers = nlohmann::json::array();
  if (!options.spec.empty()) {
    config::Spec spec = config::load_spec(options.spec);
    spec.model.file = options.model;
    text += layer_lines(compile(spec, [](const std::string&) {}), layers);
  }
  context.print(text, {{"nodes", nodes}, {"layers", layers}});
}

}  // namespace

void add_ops(CLI::App& cli, Context& context) {
  add_verb(cli, context, "ops", "Operators and attributes that are supported", "fpsa ops --json")
      ->callback([&context] { print_ops(context); });
}

void add_schema(CLI::App& cli, Context& context) {
  CLI::App* verb = add_verb(cli, context, "schema", "JSON Schema of the spec; --table for people",
                            "fpsa schema > fpsa.schema.json");
  auto table = std::make_shared<bool>(false);
  verb->add_flag("--table", *table, "Every key with type, default, range and meaning, as Markdown");
  verb->callback(
      [table] { std::cout << (*table ? config::key_table_text() : config::json_schema()); });
}

void add_doctor(CLI::App& cli, Context& context) {
  add_verb(cli, context, "doctor", "Tools found, and the command that installs what is missing",
           "fpsa doctor")
      ->callback([&context] { print_doctor(context); });
}

void add_check(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "check", "A verdict a node: supported, and what it becomes",
               "fpsa check model.onnx --spec spec.toml");
  auto options = std::make_shared<CheckOptions>();
  verb->add_option("model", options->model, "ONNX file")->required();
  verb->add_option("--spec", options->spec, "Spec; adds what each layer costs");
  verb->callback([&context, options] { run_check(context, *options); });
}

}  // namespace app
