#include "app/explore_job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>

#include "app/data_names.hpp"
#include "app/levels.hpp"
#include "app/model.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"

namespace app {

namespace {

namespace fs = std::filesystem;
using base::Code;

// Cells of each recurrent layer: columns of the state's weights.
std::vector<int> sizes_of(const nn::Graph& graph, const std::vector<std::string>& layers) {
  constexpr std::size_t kStateWeights = 2;
  std::vector<int> sizes;
  for (const nn::Node& node : graph.nodes)
    if (std::ranges::find(layers, node.name) != layers.end())
      sizes.push_back(static_cast<int>(graph.value(node.inputs[kStateWeights]).shape.back()));
  return sizes;
}

// The spec's keys without blocks and multipliers of these layers, and without names of other
// models.
config::Recurrent without(config::Recurrent keys, const std::vector<std::string>& layers,
                          const nn::Graph& graph) {
  keys.block.all = 1;
  std::erase_if(keys.block.named, [&](const auto& entry) {
    return std::ranges::find(graph.nodes, entry.first, &nn::Node::name) == graph.nodes.end() ||
           std::ranges::find(layers, entry.first) != layers.end();
  });
  keys.multipliers = {};
  return keys;
}

// One number if all layers have the same block, and no other is named.
void set_blocks(config::Recurrent& keys, const std::vector<std::string>& layers,
                const explore::Blocks& blocks) {
  if (keys.block.named.empty() &&
      std::ranges::count(blocks, blocks.front()) == std::ssize(blocks)) {
    keys.block.all = blocks.front();
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) keys.block.named[layers[i]] = blocks[i];
}

// One number for each output with classes; the mean of several.
double accuracy_of(const Level& level) {
  double sum = 0;
  int count = 0;
  for (const Score& score : level.scores) {
    if (!score.accuracy) continue;
    sum += *score.accuracy;
    ++count;
  }
  if (count == 0)
    base::fail(Code::kBadSamples, "the labels are no classes, so that nothing is right or wrong",
               "data.labels", "name a file with a class for each sample");
  return sum / count;
}

// A model with its samples, and what its layers become with blocks.
class Candidate {
 public:
  Candidate(const ExploreOptions& options, const fs::path& file) : spec_(options.spec) {
    spec_.model.file = file;
    mapped_.graph = load_model(spec_.model);
    layers_ = recurrent_names(mapped_.graph);
    if (layers_.empty())
      base::fail(Code::kUsage, "the network has no recurrent layer", file.string(),
                 "name models with LSTM, GRU or RNN nodes");
    keys_ = without(spec_.recurrent, layers_, mapped_.graph);
  }

  void load(int samples) {
    samples_ = load_test_samples(spec_, mapped_.graph, samples, kExploredSamples);
    if (std::ranges::all_of(samples_.labels, &Labels::empty))
      base::fail(Code::kMissingKey, "the spec names no labels to measure accuracy with",
                 "data.labels", "data.labels = \"labels.npy\", a class for each sample");
    calibration_ = load_calibration(spec_, mapped_.graph);
  }

  const nn::Graph& graph() const { return mapped_.graph; }
  const std::vector<std::string>& layers() const { return layers_; }
  const config::Recurrent& keys() const { return keys_; }
  const Samples& samples() const { return samples_; }
  std::vector<int> sizes() const { return sizes_of(mapped_.graph, layers_); }

  double float_accuracy() const {
    return accuracy_of(
        run_golden(mapped_, samples_, {.integer = false, .emulate = false, .trains = false})
            .levels.front());
  }

  /// Of the integer network with such blocks.
  double accuracy(const explore::Blocks& blocks) {
    spec_.recurrent = keys_;
    set_blocks(spec_.recurrent, layers_, blocks);
    mapped_.network = integer_network(spec_, mapped_.graph, calibration_.inputs);
    return accuracy_of(
        run_golden(mapped_, samples_, {.real = false, .emulate = false, .trains = false})
            .levels.front());
  }

  /// Of the last accuracy().
  const quant::Network& network() const { return mapped_.network; }

 private:
  config::Spec spec_;
  Mapped mapped_;
  std::vector<std::string> layers_;
  config::Recurrent keys_;
  Samples samples_;
  CalibrationData calibration_;
};

// What blocks make of a model's layers. Lanes and elements are open.
struct Layers {
  std::vector<units::RecurrentConfig> configs;
  double circulant_error = 0.0;
};

Layers layers_of(const quant::Network& network, const std::vector<std::string>& names) {
  Layers made;
  try {
    for (const std::string& name : names) {
      const quant::Layer& layer = *std::ranges::find(network.layers, name, &quant::Layer::name);
      const quant::CellLayer& cells = *std::get<quant::Recurrent>(layer.rule).cells;
      made.circulant_error = std::max(made.circulant_error, cells.circulant_error);
      made.configs.push_back(std::get<units::RecurrentConfig>(
          units::layer_config(cells, {.multipliers = std::numeric_limits<int>::max()}, name)));
    }
  } catch (const base::Error& error) {
    if (error.faults().front().code != Code::kDoesNotFit) throw;
    made.configs.clear();  // no hardware
  }
  return made;
}

std::string shapes_of_inputs(const nn::Graph& graph) {
  std::vector<std::string> shapes;
  for (const nn::ValueId id : graph.inputs) {
    const nn::Shape& shape = graph.value(id).shape;  // the batch may be fixed or open
    shapes.push_back(fmt::format("{}", fmt::join(nn::Shape(shape.begin() + 1, shape.end()), "x")));
  }
  return fmt::format("{}", fmt::join(shapes, ", "));
}

// Cells are to be chosen, not tasks.
void require_equal_inputs(const nn::Graph& first, const nn::Graph& other, const fs::path& file) {
  const std::string wanted = shapes_of_inputs(first);
  const std::string found = shapes_of_inputs(other);
  if (found == wanted) return;
  base::fail(Code::kUsage,
             fmt::format("its inputs are {}, those of the first model {}", found, wanted),
             file.string(), "name models that were trained on the same data");
}

std::vector<std::string> names_of(const std::vector<fs::path>& files) {
  std::vector<std::string> names;
  for (const fs::path& file : files) {
    const auto is_alike = [&](const fs::path& other) { return other.stem() == file.stem(); };
    names.push_back(std::ranges::count_if(files, is_alike) > 1 ? file.string()
                                                               : file.stem().string());
  }
  return names;
}

// Phase I of a model, and the points that phase II makes of its trials.
void explore_model(Candidate& candidate, ExploredModel& model, Explored& explored,
                   std::size_t index, base::Progress& progress) {
  const explore::Choices choices = explore::choices_of(candidate.sizes(), explored.options.blocks);
  std::map<explore::Blocks, Layers> made;
  const auto accuracy = [&](const explore::Blocks& blocks) {
    progress.update(
        static_cast<double>(made.size()) / static_cast<double>(explore::most_trials(choices)),
        fmt::format("blocks of {}", fmt::join(blocks, ", ")));
    const double found = candidate.accuracy(blocks);
    made[blocks] = layers_of(candidate.network(), candidate.layers());
    return found;
  };
  model.trials = explore::try_blocks(choices, explored.least_accuracy, accuracy);
  for (const explore::Trial& trial : model.trials) {
    const Layers& layers = made.at(trial.blocks);
    if (layers.configs.empty()) continue;
    for (explore::Hardware& hardware :
         explore::hardware_of(layers.configs, explored.options.budget, explored.options.streams))
      explored.points.push_back({.model = index,
                                 .blocks = trial.blocks,
                                 .accuracy = trial.accuracy,
                                 .circulant_error = layers.circulant_error,
                                 .hardware = std::move(hardware),
                                 .is_accurate = trial.accuracy >= explored.least_accuracy});
  }
}

void mark(Explored& explored) {
  std::vector<explore::Figures> figures;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < explored.points.size(); ++i) {
    if (!explored.points[i].hardware.fits) continue;
    figures.push_back(explored.points[i].figures());
    places.push_back(i);
  }
  const std::vector<bool> front = explore::pareto_front(figures);
  for (std::size_t i = 0; i < places.size(); ++i) {
    ExploredPoint& point = explored.points[places[i]];
    point.is_in_front = front[i];
    if (point.is_accurate &&
        (!explored.best ||
         explore::is_preferred(point.figures(), explored.points[*explored.best].figures())))
      explored.best = places[i];
  }
}

}  // namespace

explore::Figures ExploredPoint::figures() const {
  return {accuracy, hardware.clocks, hardware.multipliers, hardware.memory_bits};
}

config::Spec Explored::spec_of(const ExploredPoint& point) const {
  config::Spec spec = options.spec;
  const ExploredModel& model = models[point.model];
  spec.model.file = model.file;
  spec.recurrent = model.keys;
  set_blocks(spec.recurrent, model.layers, point.blocks);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const int own = multipliers(point.hardware.layers[i]);
    if (model.layers.size() == 1)
      spec.recurrent.multipliers = own;
    else
      spec.recurrent.multipliers.named[model.layers[i]] = own;
  }
  return spec;
}

Explored explore(const ExploreOptions& options, base::Progress& progress) {
  Explored explored;
  explored.options = options;
  progress.stage("import");
  std::vector<Candidate> candidates;
  const std::vector<std::string> names = names_of(options.models);
  for (std::size_t i = 0; i < options.models.size(); ++i) {
    candidates.emplace_back(options, options.models[i]);
    require_equal_inputs(candidates.front().graph(), candidates.back().graph(), options.models[i]);
    candidates.back().load(options.samples);
    explored.models.push_back({options.models[i],
                               names[i],
                               candidates.back().layers(),
                               candidates.back().keys(),
                               0.0,
                               {}});
  }
  explored.samples = candidates.front().samples().count();
  explored.notes = candidates.front().samples().notes;
  progress.stage("float");
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    explored.models[i].float_accuracy = candidates[i].float_accuracy();
    explored.float_accuracy = std::max(explored.float_accuracy, explored.models[i].float_accuracy);
  }
  // A rounded hair below: what is lost may be just what is allowed.
  explored.least_accuracy = explored.float_accuracy - options.loss / 100 - 1e-9;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    progress.stage(names[i]);
    explore_model(candidates[i], explored.models[i], explored, i, progress);
  }
  mark(explored);
  return explored;
}

}  // namespace app
