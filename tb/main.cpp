// Streams real inputs through a generated top and holds every spike bus to the unit emulation.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "results.hpp"

namespace tb {
namespace {

constexpr int kPass = 0;
constexpr int kError = 1;
constexpr int kMismatch = 7;

void write_file(const std::filesystem::path& file, const char* data, std::size_t size) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(data, static_cast<std::streamsize>(size));
  stream.close();
  if (!stream) throw std::runtime_error(file.string() + ": cannot be written");
}

void write_outputs(const Options& options, const std::string& json, const Bytes& received) {
  std::filesystem::create_directories(options.out);
  write_file(options.out / "results.json", json.data(), json.size());
  write_file(options.out / "outputs.bin", reinterpret_cast<const char*>(received.data()),
             received.size());
}

void print(const Verdict& verdict, const Simulation& simulation, double seconds) {
  if (verdict.first) std::printf("mismatch: %s\n", describe(*verdict.first).c_str());
  for (const std::string& fault : verdict.faults) std::printf("fault: %s\n", fault.c_str());
  if (!verdict.hang.empty()) std::printf("timeout: %s", verdict.hang.c_str());
  std::printf("%s: %zu samples, %llu cycles, %.2f s\n", verdict.word(),
              simulation.finished().size(), static_cast<unsigned long long>(simulation.clock()),
              seconds);
}

std::size_t chosen_samples(const Options& options, const Vectors& vectors) {
  if (options.samples > vectors.samples)
    throw std::runtime_error("--samples " + std::to_string(options.samples) + ": there are only " +
                             std::to_string(vectors.samples));
  return options.samples == 0 ? vectors.samples : options.samples;
}

int simulate(const Options& options) {
  const Bench bench = read_bench(options.bench);
  const Vectors vectors = read_vectors(bench, options.vectors);
  const std::size_t samples = chosen_samples(options, vectors);
  const auto start = std::chrono::steady_clock::now();
  Simulation simulation(options, bench, vectors, samples);
  std::string hang;
  std::optional<Counters> counters;
  try {
    simulation.identify();
    simulation.load();
    simulation.run();
    counters = simulation.read_counters();
  } catch (const Hang& caught) {
    hang = caught.what();
  }
  simulation.finish();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const Verdict verdict = judge(simulation, bench, samples, vectors.samples, hang, counters);
  write_outputs(options, to_json(verdict, simulation, bench, options, samples, took.count()),
                simulation.sink().received());
  print(verdict, simulation, took.count());
  return !verdict.equal() ? kMismatch : verdict.hang.empty() ? kPass : kError;
}

}  // namespace
}  // namespace tb

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(tb::usage().c_str(), stdout);
    return tb::kPass;
  }
  try {
    return tb::simulate(tb::parse_options(argc, argv));
  } catch (const std::exception& error) {
    std::printf("error: %s\n", error.what());
    return tb::kError;
  }
}
