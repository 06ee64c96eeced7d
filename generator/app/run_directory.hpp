// manifest.json and metrics.json: what a run was made from, and what came of it.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/staged_directory.hpp"
#include "config/spec.hpp"

namespace app {

inline constexpr int kSchemaVersion = 1;
inline constexpr const char* kVersion = "0.1.0";
/// Name of the manifest in a run directory: the first of its files to be in place.
inline constexpr const char* kManifest = "manifest.json";
/// Name of the quantised network in a run directory; see quant/network_io.hpp.
inline constexpr const char* kNetworkFile = "network.json";

/// What a run directory says of itself.
struct Manifest {
  std::string kind;  ///< "network", or the unit's name ("pe")
  std::string top;   ///< module
  config::Spec spec;
  std::string model_hash{};  ///< of the model and its external data; empty without a model
  std::map<std::string, std::string> artefacts{};  ///< path below the directory -> SHA-256
};

/// SHA-256 of a model's file, or, with external data, of all its files one after the other (see
/// nn::model_files); empty for an empty path. Throws what nn::model_files() does.
std::string model_hash(const std::filesystem::path& model);

/// Throws kModelChanged unless the model is what the directory was made from. A model that is gone
/// passes: those who read it say so.
void check_model(const Manifest& manifest);

/// Those of manifest.artefacts that have another content by now. Throws kNotARunDirectory if one is
/// gone.
std::vector<std::string> edited_files(const std::filesystem::path& directory,
                                      const Manifest& manifest);

/// Writes manifest.json: kind, top, program version, resolved spec with its hash, hashes of the
/// model and of the files in `directory` that no later verb writes.
void write_manifest(const std::filesystem::path& directory, const Manifest& manifest);

/// Throws kNotARunDirectory if there is no manifest.json of fpsa, or the directory is half made.
Manifest read_manifest(const std::filesystem::path& directory);

/// SHA-256 of the names and contents of the files in rtl/, which netlists are made of.
std::string rtl_hash(const std::filesystem::path& directory);

/// Throws kNoNetlist unless the ASIC flow's last netlist was made of what lies in rtl/ now. The
/// netlist itself may have been edited.
void check_netlist(const std::filesystem::path& directory);

/// The run directory `target`, to be made, or made anew, from `inputs` (may be empty paths), which
/// may not lie in it; nor may it be the root or hold the user's home: kForeignDirectory. Ours is
/// what a manifest of fpsa lists, what the tools write, and build/; all else stays. See
/// base::StagedDirectory for `force` and what else is thrown.
base::StagedDirectory output_directory(const std::filesystem::path& target,
                                       const std::vector<std::filesystem::path>& inputs,
                                       bool force);

/// metrics.json of a run; an empty object with schema_version if there is none yet. Throws
/// kNotARunDirectory if it is not what fpsa writes.
nlohmann::json read_metrics(const std::filesystem::path& directory);

/// Replaces sections of metrics.json in one write: `sections` is an object, in which null removes.
void write_metrics(const std::filesystem::path& directory, const nlohmann::json& sections);
/// Same, for one section.
void write_metrics(const std::filesystem::path& directory, const std::string& key,
                   const nlohmann::json& value);

// What verbs forget before they begin, so that one that fails or is killed leaves no figure of an
// earlier one behind. reports/report.txt goes in each case.

/// All that simulations and syntheses found, for a verb that makes the design anew, whatever
/// metrics.json holds. Does nothing in a directory that is not ours.
void forget_results(const std::filesystem::path& directory);

/// What a simulation leaves: its sections of metrics.json (that of the RTL only with `rtl`: those
/// of the netlist and the fabric leave it) and the bench's results.
void forget_simulation(const std::filesystem::path& directory, bool rtl);

/// What the synthesis for `flow` leaves, and what a simulation of its netlist found.
void forget_synthesis(const std::filesystem::path& directory, const std::string& flow);

}  // namespace app
