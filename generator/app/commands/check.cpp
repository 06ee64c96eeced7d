// `check`: what becomes of each node of a model, and what each layer costs.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/context.hpp"
#include "app/jobs.hpp"
#include "app/model.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/layout.hpp"
#include "config/spec_io.hpp"
#include "nn/import.hpp"
#include "quant/draft.hpp"
#include "quant/facts.hpp"
#include "report/table.hpp"

namespace app {

namespace {

struct CheckWords {
  std::filesystem::path model;
  std::filesystem::path spec;
};

enum class Verdict { kSupported, kUnsupported, kOpen };

struct Row {
  nn::Node node;
  Verdict verdict;
  base::Fault fault;         ///< why it is unsupported
  std::string becomes = {};  ///< if it is supported
};

struct Survey {
  std::vector<Row> rows;
  std::vector<base::Fault> faults;  ///< all that was found
  nlohmann::json layers = nlohmann::json::array();

  bool refused() const { return !faults.empty(); }
};

const char* word(Verdict verdict) {
  constexpr const char* kWords[] = {"supported", "unsupported", "open"};
  return kWords[static_cast<int>(verdict)];
}

bool is_at(const base::Fault& fault, const nn::Node& node) {
  return fault.where.ends_with(nn::describe(node)) ||
         fault.where.find("layer " + base::quoted_name(node.name)) != std::string::npos;
}

// Lays each fault at its node. Returns the first row at fault; the first of all if the faults name
// no node.
std::size_t blame(Survey& survey, const std::vector<base::Fault>& faults) {
  survey.faults.insert(survey.faults.end(), faults.begin(), faults.end());
  std::size_t first = 0;
  for (const base::Fault& fault : faults) {
    const auto at =
        std::ranges::find_if(survey.rows, [&](const Row& row) { return is_at(fault, row.node); });
    if (at == survey.rows.end()) continue;
    at->verdict = Verdict::kUnsupported;
    at->fault = fault;
    first = static_cast<std::size_t>(at - survey.rows.begin());
  }
  return first;
}

// From row `first` on nobody has looked whether the operators, supported as such, can be lowered.
void leave_open(Survey& survey, std::size_t first) {
  for (std::size_t i = first; i < survey.rows.size(); ++i)
    if (survey.rows[i].verdict == Verdict::kSupported) survey.rows[i].verdict = Verdict::kOpen;
}

void survey_operators(Survey& survey, const std::filesystem::path& model) {
  for (nn::SurveyedNode& surveyed : nn::survey_onnx(model)) {
    const bool refused = !surveyed.faults.empty();
    survey.rows.push_back({std::move(surveyed.node),
                           refused ? Verdict::kUnsupported : Verdict::kSupported,
                           refused ? surveyed.faults.front() : base::Fault{}});
    for (base::Fault& fault : surveyed.faults) survey.faults.push_back(std::move(fault));
  }
  if (survey.refused()) leave_open(survey, 0);
}

// The file lists the nodes of a branch within its If.
void add_branches(Survey& survey, const nn::Graph& graph) {
  std::set<std::string> known;
  std::vector<std::string> choices;
  for (const Row& row : survey.rows) {
    known.insert(row.node.name);
    if (row.node.op == "If") choices.push_back(row.node.name + "/");
  }
  for (const nn::Node& node : graph.nodes) {
    const auto holds = [&](const std::string& choice) { return node.name.starts_with(choice); };
    if (!known.contains(node.name) && std::ranges::any_of(choices, holds))
      survey.rows.push_back({node, Verdict::kSupported, {}});
  }
}

// What became of the nodes that are left once constants and identities are folded.
void take_reports(Survey& survey, const nn::Graph& graph, const quant::Survey& found) {
  add_branches(survey, graph);
  std::map<std::string, const quant::NodeReport*> reports;
  for (const nn::NodeId id : found.nodes.ids()) reports[graph.node(id).name] = &found.nodes[id];
  for (Row& row : survey.rows) {
    const auto report = reports.find(row.node.name);
    if (report == reports.end())
      row.becomes = "folded";
    else if (report->second->verdict == quant::NodeReport::Verdict::kSupported)
      row.becomes = report->second->becomes;
    else
      row.verdict = Verdict::kOpen;
  }
}

// The model as the spec reads it. What is wrong with the spec comes with the layers.
config::Model model_of(const CheckWords& words) {
  config::Model model;
  try {
    if (!words.spec.empty()) model = config::load_spec(words.spec).model;
  } catch (const base::Error&) {
    model = {};
  }
  model.file = words.model;
  return model;
}

// What compile makes of every node, by the same builder.
void survey_nodes(Survey& survey, const CheckWords& words) {
  try {
    const nn::Graph graph = load_model(model_of(words));
    const quant::Survey found = quant::survey_of(graph);
    take_reports(survey, graph, found);
    blame(survey, found.faults);
  } catch (const base::Error& error) {
    leave_open(survey, blame(survey, error.faults()));
  }
}

// The layers' costs, as the spec would have them.
void survey_layers(Survey& survey, const CheckWords& words) {
  try {
    config::Spec spec = config::load_spec(words.spec);
    spec.model.file = words.model;
    survey.layers = network_metrics(compile(spec, [](const std::string&) {}))["layers"];
  } catch (const base::Error& error) {
    blame(survey, error.faults());
  }
}

std::string nodes_text(const Survey& survey, int width) {
  report::Table table({{"node"}, {"op"}, {"verdict"}, {"becomes"}});
  for (const Row& row : survey.rows) {
    table.row({row.node.name, row.node.op, word(row.verdict), row.becomes});
    if (row.verdict == Verdict::kUnsupported) table.note(row.fault.what);
  }
  std::string text = table.text(width);
  if (std::ranges::any_of(survey.rows,
                          [](const Row& row) { return row.verdict == Verdict::kOpen; }))
    text += base::wrapped(
                "open: the operator is supported; whether it can be lowered here shows once the "
                "unsupported nodes are mended",
                width, 0) +
            "\n";
  return text;
}

std::string layers_text(const Survey& survey, int width) {
  using report::Align;
  report::Table table({{"layer"}, {"matrix", Align::kRight}, {"PEs", Align::kRight}});
  for (const nlohmann::json& layer : survey.layers)
    table.row({layer["layer"],
               fmt::format("{} x {}", layer["rows"].get<int>(), layer["cols"].get<int>()),
               layer["pes"].dump()});
  return "\n" + table.text(width);
}

nlohmann::json row_json(const Row& row) {
  nlohmann::json json = {{"node", row.node.name},
                         {"op", row.node.op},
                         {"domain", row.node.domain},
                         {"verdict", word(row.verdict)},
                         {"becomes", row.becomes}};
  if (row.verdict != Verdict::kUnsupported) return json;
  json["reason"] = row.fault.what;
  json["try"] = row.fault.cure;
  return json;
}

nlohmann::json document_of(const Survey& survey) {
  nlohmann::json nodes = nlohmann::json::array();
  for (const Row& row : survey.rows) nodes.push_back(row_json(row));
  return {{"nodes", nodes}, {"layers", survey.layers}};
}

void run_check(const Context& context, const CheckWords& words) {
  Survey survey;
  survey_operators(survey, words.model);
  if (!survey.refused()) survey_nodes(survey, words);
  if (!survey.refused() && !words.spec.empty()) survey_layers(survey, words);
  base::interruption_point();  // which would stand in the table as a fault of the model
  std::string text = nodes_text(survey, context.width());
  if (!survey.layers.empty()) text += layers_text(survey, context.width());
  context.print(text, document_of(survey));
  if (survey.refused()) throw base::Error(survey.faults);
}

}  // namespace

void add_check(CLI::App& cli, Context& context) {
  CLI::App* verb =
      add_verb(cli, context, "check", "A verdict a node: supported, and what it becomes",
               "fpsa check model.onnx --spec spec.toml");
  auto words = std::make_shared<CheckWords>();
  verb->add_option("model", words->model, "ONNX file")->required();
  verb->add_option("--spec", words->spec, "Spec; adds what each layer costs");
  verb->callback([&context, words] { run_check(context, *words); });
}

}  // namespace app
