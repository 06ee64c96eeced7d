// From a random spec to a run directory that simulators and linters can read.
#pragma once

#include <filesystem>
#include <string>

#include "config/spec.hpp"
#include "core/lower.hpp"
#include "emit/tree.hpp"
#include "random_network.hpp"

namespace test {

/// A folder below the build directory.
inline std::filesystem::path run_folder(const std::string& name) {
  return std::filesystem::path(FPSA_BINARY_DIR) / "test_runs" / name;
}

/// The same, emptied first.
inline std::filesystem::path fresh_folder(const std::string& name) {
  const std::filesystem::path folder = run_folder(name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

struct Rig {
  quant::Network network;
  map::Design design;
  emit::Rtl rtl;
  std::filesystem::path folder;
};

/// Lowers, maps, checks and writes `network` for PEs like `pe` into `folder`, with vectors for
/// `samples` random samples.
inline Rig build_rig(const quant::Network& network, const config::Pe& pe, const map::Host& host,
                     const std::filesystem::path& folder, int samples,
                     config::Islands islands = config::Islands::kAuto,
                     const core::Duplication& duplication = {}) {
  const core::TileSize tile{pe.rows, pe.cols};
  const core::Program program = core::lower(network, tile, duplication);
  core::check(program, network, tile);
  map::Design design = map::map(program, pe, host, islands);
  map::check(design);
  emit::Rtl rtl = emit::hardwired(design);
  const std::filesystem::path source = FPSA_SOURCE_DIR;
  emit::write_rtl(folder, rtl.design, source / "rtl");
  emit::write_memories(folder, design);
  emit::write_bench(folder, design, rtl, source / "tb");
  const quant::IntegerBatch inputs = random_inputs(network, samples, 99);
  const auto trains = map::emulate(design, inputs);
  emit::write_vectors(folder, design, {inputs, trains});
  return {network, std::move(design), std::move(rtl), folder};
}

/// A spec drawn at random: sizes, widths, crossbar, neuron, train, tiles, stream width.
struct RandomSpec {
  NetworkShape shape;
  config::Pe pe;
  map::Host host;
};

inline RandomSpec random_spec(std::uint64_t seed) {
  base::Rng rng(seed);
  RandomSpec spec;
  const int layers = static_cast<int>(rng.between(1, 3));
  spec.shape.sizes.clear();
  for (int i = 0; i <= layers; ++i)
    spec.shape.sizes.push_back(static_cast<int>(rng.between(1, 20)));
  spec.shape.weight_bits = static_cast<int>(rng.between(2, 10));
  spec.shape.signed_input = rng.below(2) != 0;
  spec.shape.signed_output = rng.below(2) != 0;
  spec.shape.seed = seed;
  spec.pe.train = rng.below(2) ? config::Train::kRate : config::Train::kBinary;
  const bool rate = spec.pe.train == config::Train::kRate;
  spec.shape.activation_bits = static_cast<int>(rng.between(1, rate ? 4 : 10));
  spec.pe.neuron = static_cast<config::Neuron>(rate ? rng.below(3) : 0);
  spec.pe.crossbar = static_cast<config::Crossbar>(rng.below(3));
  // At most a few tiles a layer; every fourth network is small enough for PEs of any size.
  const bool tiny = rng.below(4) == 0;
  for (int& size : spec.shape.sizes) size = tiny ? 1 + size % 4 : size;
  spec.pe.rows = static_cast<int>(rng.between(tiny ? 1 : 12, 24));
  spec.pe.cols = static_cast<int>(rng.between(tiny ? 1 : 12, 24));
  spec.pe.weight_bits = spec.shape.weight_bits;
  spec.pe.activation_bits = spec.shape.activation_bits;
  spec.host.beat_lanes = static_cast<int>(rng.between(1, 24));
  spec.host.preset_memories = rng.below(2) != 0;
  spec.host.spec_hash = static_cast<std::uint32_t>(rng.next());
  return spec;
}

}  // namespace test
