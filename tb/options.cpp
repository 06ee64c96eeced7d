#include "options.hpp"

#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

namespace tb {
namespace {

using Set = std::function<void(Options&, const std::string&)>;

template <class T>
T number(const std::string& text) {
  std::istringstream stream(text);
  T value{};
  if (text.empty() || text[0] == '-' || !(stream >> value) || !stream.eof())
    throw std::runtime_error("\"" + text + "\" is not a number of this kind");
  return value;
}

double chance(const std::string& text) {
  const double value = number<double>(text);
  if (value > 0.95) throw std::runtime_error("a chance is 0 to 0.95, not " + text);
  return value;
}

const std::map<std::string, Set>& flags() {
  static const std::map<std::string, Set> table = {
      {"--bench", [](Options& o, const std::string& v) { o.bench = v; }},
      {"--vectors", [](Options& o, const std::string& v) { o.vectors = v; }},
      {"--out", [](Options& o, const std::string& v) { o.out = v; }},
      {"--samples", [](Options& o, const std::string& v) { o.samples = number<std::size_t>(v); }},
      {"--seed", [](Options& o, const std::string& v) { o.seed = number<std::uint64_t>(v); }},
      {"--backpressure", [](Options& o, const std::string& v) { o.backpressure = chance(v); }},
      {"--idle", [](Options& o, const std::string& v) { o.idle = chance(v); }},
      {"--timeout", [](Options& o, const std::string& v) { o.timeout = number<std::uint64_t>(v); }},
      {"--trace", [](Options& o, const std::string& v) { o.trace = v; }}};
  return table;
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const auto flag = flags().find(argv[i]);
    if (flag == flags().end()) throw std::runtime_error("unknown flag " + std::string(argv[i]));
    if (i + 1 == argc) throw std::runtime_error(std::string(argv[i]) + " needs a value");
    flag->second(options, argv[i + 1]);
  }
  if (options.vectors.empty()) options.vectors = options.bench.parent_path() / "vectors";
  return options;
}

std::string usage() {
  return "Streams the vectors through the design and compares every spike bus, tick by tick.\n"
         "  --bench FILE        tb/bench.txt\n"
         "  --vectors DIR       vectors/ beside the bench file\n"
         "  --out DIR           where results.json and outputs.bin go; reports\n"
         "  --samples N         the first N samples; 0 is all\n"
         "  --seed N            of the stalls and pauses; 1\n"
         "  --backpressure P    chance a clock that the sink is not ready, 0 to 0.95; 0\n"
         "  --idle P            chance a clock that the source pauses, 0 to 0.95; 0\n"
         "  --timeout N         clocks without movement before giving up; 200000\n"
         "  --trace FILE        waveform in FST (build with TRACE=1)\n"
         "Exit: 0 all equal, 7 a difference, 1 an error or no movement.\n";
}

}  // namespace tb
