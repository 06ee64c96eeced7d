#include "app/run_directory.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/spec_io.hpp"

namespace app {

namespace fs = std::filesystem;

namespace {

// Relative path -> SHA-256 of everything that was generated, in the order of the paths.
nlohmann::json artefacts(const fs::path& directory) {
  nlohmann::json hashes = nlohmann::json::object();
  for (const char* part : {"rtl", "mem", "constraints"}) {
    if (!fs::exists(directory / part)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(directory / part))
      if (entry.is_regular_file())
        hashes[fs::relative(entry.path(), directory).string()] =
            base::sha256(base::read_file(entry.path()));
  }
  return hashes;
}

nlohmann::json parse(const fs::path& file) {
  try {
    return nlohmann::json::parse(base::read_file(file));
  } catch (const nlohmann::json::exception& error) {
    base::fail(base::Code::kNotARunDirectory,
               std::string("not the JSON that fpsa writes: ") + error.what(), file.string(),
               "make the directory anew with fpsa compile or generate");
  }
}

}  // namespace

void write_manifest(const fs::path& directory, const Manifest& manifest) {
  nlohmann::json json = {{"schema_version", kSchemaVersion},
                         {"fpsa_version", kVersion},
                         {"kind", manifest.kind},
                         {"top", manifest.top},
                         {"spec", nlohmann::json::parse(config::to_json(manifest.spec))},
                         {"spec_hash", config::spec_hash(manifest.spec)},
                         {"artefacts", artefacts(directory)}};
  if (!manifest.spec.model.file.empty())
    json["model_hash"] = base::sha256(base::read_file(manifest.spec.model.file));
  base::write_file(directory / "manifest.json", json.dump(2) + "\n");
}

Manifest read_manifest(const fs::path& directory) {
  const fs::path file = directory / "manifest.json";
  if (!fs::exists(file))
    base::fail(base::Code::kNotARunDirectory, "there is no manifest.json here", directory.string(),
               "name a directory that fpsa compile, generate or run made");
  const nlohmann::json json = parse(file);
  const auto is_text = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
  if (!is_text("kind") || !is_text("top") || !json.contains("spec"))
    base::fail(base::Code::kNotARunDirectory, "manifest.json lacks kind, top or spec",
               file.string(), "make the directory anew with fpsa compile or generate");
  return {json["kind"], json["top"], config::from_json(json["spec"].dump())};
}

nlohmann::json read_metrics(const fs::path& directory) {
  const fs::path file = directory / "metrics.json";
  if (fs::exists(file)) return parse(file);
  return {{"schema_version", kSchemaVersion}};
}

void write_metrics(const fs::path& directory, const std::string& key, const nlohmann::json& value) {
  nlohmann::json metrics = read_metrics(directory);
  metrics.erase(key);
  if (!value.is_null()) metrics[key] = value;
  base::write_file(directory / "metrics.json", metrics.dump(2) + "\n");
}

}  // namespace app
