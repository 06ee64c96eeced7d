#include "app/run_directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/apply.hpp"
#include "config/spec_io.hpp"
#include "nn/import.hpp"
#include "report/text.hpp"

namespace app {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kMetrics = "metrics.json";
constexpr const char* kReport = "reports/report.txt";
constexpr const char* kAnew = "make the directory anew with fpsa compile or generate";

// Written by verbs after the manifest.
constexpr std::array kRewritten{kManifest, kMetrics, "tb/bench.txt", "tb/tb_params.vh"};
constexpr std::array kScratch{"build", "tb/vectors"};
constexpr std::array kResults{"reports/results.json", "reports/outputs.bin", "reports/simulate.fst",
                              kReport};

bool is_written_later(const std::string& file) {
  return std::ranges::find(kRewritten, file) != kRewritten.end() ||
         std::ranges::any_of(
             kScratch, [&](const std::string& folder) { return file.starts_with(folder + "/"); });
}

// Relative path -> SHA-256 of everything that was generated, in the order of the paths.
json artefacts(const fs::path& directory) {
  json hashes = json::object();
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string file = entry.path().lexically_relative(directory).string();
    if (entry.is_regular_file() && !is_written_later(file))
      hashes[file] = base::sha256(base::read_file(entry.path()));
  }
  return hashes;
}

bool is_map_of_texts(const json& value) {
  return value.is_object() &&
         std::ranges::all_of(value, [](const json& text) { return text.is_string(); });
}

// The manifest if it is one of ours, else null: other programs have a manifest.json too.
json manifest_in(const fs::path& directory) {
  const fs::path file = directory / kManifest;
  std::error_code ignored;  // what cannot be looked at is not ours
  if (!fs::is_regular_file(file, ignored)) return {};
  json manifest = json::parse(base::read_file(file), nullptr, false);
  const auto is_text = [&](const char* key) {
    return manifest.contains(key) && manifest[key].is_string();
  };
  const bool is_ours = manifest.is_object() && is_text("fpsa_version") && is_text("kind") &&
                       is_text("top") && config::is_identifier(manifest["top"]) &&
                       manifest.contains("spec") && manifest.contains("artefacts") &&
                       is_map_of_texts(manifest["artefacts"]) &&
                       (!manifest.contains("model_hash") || is_text("model_hash"));
  return is_ours ? manifest : json();
}

bool is_below(const fs::path& path) {
  return !path.empty() && path.is_relative() && path == path.lexically_normal() &&
         *path.begin() != ".." && *path.begin() != ".";
}

// Logs and results are known by their names: a user's notes may lie among them.
void add_reports(base::Inventory& inventory, const fs::path& directory) {
  for (const char* file : kResults) inventory.files[file] = "";
  inventory.files["reports/nextpnr.json"] = "";
  std::error_code ignored;  // no reports yet
  for (const auto& entry : fs::directory_iterator(directory / "reports", ignored))
    if (entry.path().extension() == ".log")
      inventory.files["reports/" + entry.path().filename().string()] = "";
}

base::Inventory inventory_of(const json& manifest, const fs::path& directory) {
  base::Inventory inventory;
  if (manifest.is_null()) return inventory;
  for (const auto& [file, hash] : manifest["artefacts"].items()) {
    if (!is_below(file))
      base::fail(base::Code::kNotARunDirectory,
                 fmt::format("the artefact \"{}\" is none of this directory", file),
                 (directory / kManifest).string(), "choose another --out");
    inventory.files[file] = hash;
  }
  for (const char* file : kRewritten) inventory.files[file] = "";
  for (const char* folder : kScratch) inventory.folders.emplace_back(folder);
  add_reports(inventory, directory);
  return inventory;
}

// Whether `directory` is `file` or one of the directories above it.
bool holds(const fs::path& directory, const fs::path& file) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(file, error);
  return !error && std::ranges::mismatch(directory, whole).in1 == directory.end();
}

void refuse_places(const fs::path& target, const std::vector<fs::path>& inputs) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::absolute(target, error), error);
  if (error) return;  // said when it is used
  const auto refuse = [&](const std::string& why) {
    base::fail(base::Code::kForeignDirectory,
               fmt::format("{} is no place for a run: {}", target.string(), why), whole.string(),
               "choose a directory of its own with --out");
  };
  if (whole == whole.root_path()) refuse("it is the root of all files");
  if (const char* home = std::getenv("HOME"); home && *home && holds(whole, home))
    refuse("your home is in it");
  for (const fs::path& input : inputs)
    if (!input.empty() && holds(whole, input))
      refuse(fmt::format("{} is in it", input.filename().string()));
}

void remove_or_fail(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error)
    base::fail(base::Code::kFileUnwritable,
               fmt::format("cannot remove {}: {}", file.filename().string(), error.message()),
               file.string(), "check the permissions of that folder");
}

// metrics.json, or nothing if it is not what fpsa writes.
json metrics_in(const fs::path& directory) {
  std::error_code ignored;  // then reading says why
  if (!fs::exists(directory / kMetrics, ignored)) return {{"schema_version", kSchemaVersion}};
  json metrics = json::parse(base::read_file(directory / kMetrics), nullptr, false);
  const bool is_ours = metrics.is_object() && metrics.contains("schema_version") &&
                       metrics["schema_version"] == kSchemaVersion && report::is_printable(metrics);
  return is_ours ? metrics : json();
}

config::Spec spec_in(const json& manifest, const fs::path& file) {
  try {
    return config::from_json(manifest["spec"].dump());
  } catch (const base::Error& error) {
    base::fail(base::Code::kNotARunDirectory,
               fmt::format("the spec in this manifest is none of this version of fpsa: {}",
                           error.faults().front().what),
               file.string(), kAnew);
  }
}

}  // namespace

std::string model_hash(const fs::path& model) {
  if (model.empty()) return {};
  std::string content;
  for (const fs::path& file : nn::model_files(model)) content += base::read_file(file);
  return base::sha256(content);
}

void check_model(const Manifest& manifest) {
  const fs::path& model = manifest.spec.model.file;
  if (manifest.model_hash.empty() || !fs::exists(model)) return;
  if (model_hash(model) != manifest.model_hash)
    base::fail(base::Code::kModelChanged,
               "the model is not the one that this directory was made from", model.string(),
               "compile the spec again, or put the old model back");
}

std::vector<std::string> edited_files(const fs::path& directory, const Manifest& manifest) {
  std::vector<std::string> edited;
  for (const auto& [file, hash] : manifest.artefacts) {
    if (!fs::exists(directory / file))
      base::fail(base::Code::kNotARunDirectory, "a file of this directory is gone",
                 (directory / file).string(), "compile the spec again");
    if (base::sha256(base::read_file(directory / file)) != hash) edited.push_back(file);
  }
  return edited;
}

std::string rtl_hash(const fs::path& directory) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory / "rtl"))
    if (entry.is_regular_file()) files.insert(entry.path());
  std::string text;
  for (const fs::path& file : files)
    text += fmt::format("{} {}\n", base::sha256(base::read_file(file)), file.filename().string());
  return base::sha256(text);
}

void check_netlist(const fs::path& directory) {
  const json asic = read_metrics(directory).value("/synthesis/asic"_json_pointer, json::object());
  const std::string hash = asic.value("rtl_hash", "");
  if (hash == rtl_hash(directory)) return;
  base::fail(base::Code::kNoNetlist,
             hash.empty() ? "there is no netlist of this design yet"
                          : "the Verilog in rtl/ was edited after the netlist was made",
             directory.string(), "make it with fpsa synth and --flow asic");
}

base::StagedDirectory output_directory(const fs::path& target, const std::vector<fs::path>& inputs,
                                       bool force) {
  refuse_places(target, inputs);
  const json manifest = manifest_in(target);
  return base::StagedDirectory(target, inventory_of(manifest, target), !manifest.is_null(), force);
}

void write_manifest(const fs::path& directory, const Manifest& manifest) {
  json document = {{"schema_version", kSchemaVersion},
                   {"fpsa_version", kVersion},
                   {"kind", manifest.kind},
                   {"top", manifest.top},
                   {"spec", json::parse(config::to_json(manifest.spec))},
                   {"spec_hash", config::spec_hash(manifest.spec)},
                   {"artefacts", artefacts(directory)}};
  if (!manifest.spec.model.file.empty())
    document["model_hash"] = model_hash(manifest.spec.model.file);
  base::write_file(directory / kManifest, document.dump(2) + "\n");
}

Manifest read_manifest(const fs::path& directory) {
  const fs::path file = directory / kManifest;
  std::error_code ignored;  // what cannot be looked at is not there for us
  if (!fs::exists(file, ignored))
    base::fail(base::Code::kNotARunDirectory, "there is no manifest.json here", directory.string(),
               "name a directory that fpsa compile, generate or run made");
  if (base::is_half_made(directory))
    base::fail(base::Code::kNotARunDirectory, "the making of this directory was cut short",
               directory.string(), kAnew);
  const json manifest = manifest_in(directory);
  if (manifest.is_null())
    base::fail(base::Code::kNotARunDirectory, "this is no manifest that fpsa writes", file.string(),
               "make another directory with fpsa compile or generate");
  return {manifest["kind"], manifest["top"], spec_in(manifest, file),
          manifest.value("model_hash", ""),
          manifest.value("artefacts", std::map<std::string, std::string>{})};
}

json read_metrics(const fs::path& directory) {
  json metrics = metrics_in(directory);
  if (metrics.is_null())
    base::fail(base::Code::kNotARunDirectory, "these are no metrics that fpsa writes",
               (directory / kMetrics).string(), kAnew);
  return metrics;
}

void write_metrics(const fs::path& directory, const json& sections) {
  json metrics = read_metrics(directory);
  for (const auto& [key, value] : sections.items()) {
    metrics.erase(key);
    if (!value.is_null()) metrics[key] = value;
  }
  base::write_file(directory / kMetrics, metrics.dump(2) + "\n");
}

void write_metrics(const fs::path& directory, const std::string& key, const json& value) {
  write_metrics(directory, json{{key, value}});
}

void forget_results(const fs::path& directory) {
  if (manifest_in(directory).is_null()) return;
  for (const char* file : kResults) remove_or_fail(directory / file);
  const json metrics = metrics_in(directory);
  remove_or_fail(directory / kMetrics);
  json kept = {{"schema_version", kSchemaVersion}};
  for (const char* key : {"network", "quantisation", "design", "unit"})
    if (metrics.contains(key)) kept[key] = metrics[key];
  if (kept.size() > 1) base::write_file(directory / kMetrics, kept.dump(2) + "\n");
}

void forget_simulation(const fs::path& directory, bool rtl) {
  json sections;
  for (const char* key : {"samples", "levels", "outputs", "sqnr_db", "buses", "gate_simulation",
                          "fabric_simulation"})
    sections[key] = nullptr;
  if (rtl) sections["simulation"] = nullptr;
  write_metrics(directory, sections);
  for (const char* file : kResults) remove_or_fail(directory / file);
}

void forget_synthesis(const fs::path& directory, const std::string& flow) {
  json synthesis = read_metrics(directory).value("synthesis", json::object());
  if (synthesis.is_object()) synthesis.erase(flow);
  if (!synthesis.is_object() || synthesis.empty()) synthesis = nullptr;
  write_metrics(directory, {{"synthesis", synthesis}, {"gate_simulation", nullptr}});
  remove_or_fail(directory / kReport);
}

}  // namespace app
