// Blocks and parallelism of recurrent networks under a limit of accuracy and a device's resources:
// the two phases of E-RNN (Li et al., HPCA 2019), on models as they are trained.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/pipeline.hpp"
#include "base/progress.hpp"
#include "explore/hardware.hpp"
#include "explore/search.hpp"

namespace app {

/// What is to be explored.
struct ExploreOptions {
  std::vector<std::filesystem::path> models;  ///< of the same inputs: the cells to choose from
  config::Spec spec;                          ///< data, bits and all else, for each of them
  double loss = 0.0;                          ///< points of accuracy that may be lost
  int samples = 0;                            ///< 0: the first kExploredSamples, or all there are
  std::vector<int> blocks;                    ///< powers of two
  explore::Budget budget;
  int streams = 1;
};

/// Samples that accuracy is measured on where no number is given.
inline constexpr int kExploredSamples = 1000;

/// Steps that explore() calls `progress` with, for so many models.
constexpr int explore_stages(std::size_t models) { return 2 + static_cast<int>(models); }

struct ExploredModel {
  std::filesystem::path file;
  std::string name;                 ///< of the file; with its folder if two are called so
  std::vector<std::string> layers;  ///< the recurrent ones
  config::Recurrent keys;           ///< the spec's, without what is explored
  double float_accuracy = 0.0;
  std::vector<explore::Trial> trials;
};

/// A model with blocks and hardware for them.
struct ExploredPoint {
  std::size_t model = 0;
  explore::Blocks blocks;
  double accuracy = 0.0;
  double circulant_error = 0.0;  ///< the worst of a layer: quant::CellLayer
  explore::Hardware hardware;
  bool is_accurate = false;  ///< within the limit
  bool is_in_front = false;  ///< on the Pareto front of those that fit

  explore::Figures figures() const;
};

struct Explored {
  ExploreOptions options;
  int samples = 0;
  double float_accuracy = 0.0;  ///< the greatest of the models'
  double least_accuracy = 0.0;  ///< the limit
  std::vector<ExploredModel> models;
  std::vector<ExploredPoint> points;
  std::optional<std::size_t> best;  ///< of the points
  std::vector<std::string> notes;

  /// The spec that compiles the point.
  config::Spec spec_of(const ExploredPoint& point) const;
};

/// Throws what loading models, samples and quantising throw, and kUsage for models without
/// recurrent layers or of different inputs, kMissingKey without labels, and kBadSamples for labels
/// that are no classes.
Explored explore(const ExploreOptions& options, base::Progress& progress);

/// Throws kDoesNotFit, naming what came nearest, unless there is a best point.
void require_best(const Explored& explored);

nlohmann::json explore_document(const Explored& explored);
std::string explore_text(const Explored& explored, int width);

}  // namespace app
