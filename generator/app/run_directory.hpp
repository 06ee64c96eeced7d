// manifest.json and metrics.json: what a run was made from, and what came of it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "config/spec.hpp"

namespace app {

inline constexpr int kSchemaVersion = 1;
inline constexpr const char* kVersion = "0.1.0";

/// What a run directory says of itself.
struct Manifest {
  std::string kind;  ///< "network", or the unit's name ("pe")
  std::string top;   ///< module
  config::Spec spec;
};

/// Writes manifest.json: kind, top, program version, resolved spec with its hash, hashes of the
/// model and of every file under rtl/, mem/ and constraints/.
void write_manifest(const std::filesystem::path& directory, const Manifest& manifest);

/// Throws kNotARunDirectory if there is no readable manifest.json.
Manifest read_manifest(const std::filesystem::path& directory);

/// metrics.json of a run; an empty object with schema_version if there is none yet.
nlohmann::json read_metrics(const std::filesystem::path& directory);

/// Replaces the section `key` of metrics.json; a null `value` removes it.
void write_metrics(const std::filesystem::path& directory, const std::string& key,
                   const nlohmann::json& value);

}  // namespace app
