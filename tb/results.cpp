#include "results.hpp"

#include <sstream>

namespace tb {
namespace {

// A JSON object written member by member, in the order given.
class Object {
 public:
  Object& raw(const std::string& key, const std::string& value) {
    text_ += (text_.empty() ? "" : ", ") + quote(key) + ": " + value;
    return *this;
  }
  Object& text(const std::string& key, const std::string& value) { return raw(key, quote(value)); }
  template <class T>
  Object& number(const std::string& key, T value) {
    std::ostringstream stream;
    stream.precision(10);
    stream << value;
    return raw(key, stream.str());
  }
  template <class T>
  Object& maybe(const std::string& key, const std::optional<T>& value) {
    return value ? number(key, *value) : raw(key, "null");
  }
  std::string str() const { return "{" + text_ + "}"; }

  static std::string quote(const std::string& value) {
    std::string quoted = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return quoted + "\"";
  }

 private:
  std::string text_;
};

std::string array(const std::vector<std::string>& items) {
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) text += (i ? ",\n    " : "\n    ") + items[i];
  return text + "]";
}

void check_count(std::vector<std::string>& faults, const std::string& what, std::uint64_t counted,
                 std::uint64_t expected) {
  if (counted != expected)
    faults.push_back(what + " counted " + std::to_string(counted) + ", expected " +
                     std::to_string(expected));
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::string difference_json(const Difference& difference) {
  Object object;
  object.text("layer", difference.layer)
      .number("element", difference.element)
      .number("sample", difference.sample);
  if (difference.position) object.number("position", *difference.position);
  object.maybe("tick", difference.tick)
      .number("expected_bit", difference.expected_bit)
      .number("actual_bit", difference.actual_bit)
      .number("expected_value", difference.expected_value)
      .number("actual_value", difference.actual_value)
      .number("clock", difference.clock)
      .text("text", describe(difference));
  return object.str();
}

std::string layer_json(const Monitor& monitor, std::uint64_t clocks) {
  const double bits = static_cast<double>(clocks) * monitor.probe().lanes;
  Object object;
  object.text("name", monitor.probe().layer)
      .number("lanes", monitor.probe().lanes)
      .number("windows", monitor.windows())
      .number("compared", monitor.compared())
      .number("mismatches", monitor.mismatches())
      .number("transitions", monitor.transitions())
      .number("activity", bits > 0 ? monitor.transitions() / bits : 0.0);
  return object.str();
}

std::string tally_json(const Tally& tally) {
  Object object;
  if (!tally.output.name.empty())
    object.text("name", tally.output.name).number("lanes", tally.output.lanes);
  return object.number("compared", tally.compared).number("mismatches", tally.mismatches).str();
}

// An object, or a list of objects with names.
std::string outputs_json(const std::vector<Tally>& tallies) {
  if (tallies.front().output.name.empty()) return tally_json(tallies.front());
  std::vector<std::string> items;
  for (const Tally& tally : tallies) items.push_back(tally_json(tally));
  return array(items);
}

std::string counters_json(const Counters& counters) {
  Object object;
  object.number("cycles", counters.cycles)
      .number("live_windows", counters.live_windows)
      .number("samples", counters.samples)
      .number("ceilings", counters.ceilings);
  return object.str();
}

double mean_activity(const Simulation& simulation) {
  double transitions = 0;
  double bits = 0;
  for (const Monitor& monitor : simulation.monitors()) {
    transitions += static_cast<double>(monitor.transitions());
    bits += static_cast<double>(simulation.active_clocks()) * monitor.probe().lanes;
  }
  return bits > 0 ? transitions / bits : 0.0;
}

// Clocks between results once the pipeline is full; needs two.
std::optional<double> interval(const std::vector<std::uint64_t>& finished) {
  if (finished.size() < 2) return {};
  return static_cast<double>(finished.back() - finished.front()) / (finished.size() - 1);
}

std::optional<std::uint64_t> latency(const Simulation& simulation) {
  if (simulation.finished().empty()) return {};
  return simulation.finished().front() - simulation.first_input() + 1;
}

}  // namespace

Verdict judge(const Simulation& simulation, const Bench& bench, std::size_t samples,
              std::size_t all_samples, std::string hang, std::optional<Counters> counters) {
  Verdict verdict{{}, {}, std::move(hang), counters};
  const auto consider = [&](const std::optional<Difference>& candidate) {
    // At equal clocks the one further upstream, which comes first, is the cause.
    if (candidate && (!verdict.first || candidate->clock < verdict.first->clock))
      verdict.first = candidate;
  };
  for (const Monitor& monitor : simulation.monitors()) {
    consider(monitor.first());
    append(verdict.faults, monitor.faults());
    if (verdict.hang.empty())
      check_count(verdict.faults, "windows of layer " + monitor.probe().layer + ":",
                  monitor.windows(), samples * monitor.probe().tokens);
  }
  consider(simulation.sink().first());
  append(verdict.faults, simulation.sink().faults());
  if (!counters) return verdict;
  check_count(verdict.faults, "CSR 0x14 (status) errors:", counters->status & kStatusErrors, 0);
  check_count(verdict.faults, "CSR 0x28 (samples)", counters->samples, samples * bench.out.tokens);
  const bool all = samples == all_samples;
  if (bench.ceilings && all)
    check_count(verdict.faults, "CSR 0x30 (ceilings)", counters->ceilings, *bench.ceilings);
  if (bench.windows && all)
    check_count(verdict.faults, "CSR 0x20 (live windows)", counters->live_windows, *bench.windows);
  if (counters->cycles == 0 || counters->cycles > simulation.clock())
    check_count(verdict.faults, "CSR 0x18 (cycles)", counters->cycles, simulation.clock());
  return verdict;
}

std::string describe(const Difference& difference) {
  std::ostringstream text;
  text << "layer " << difference.layer << ", element " << difference.element << ", sample "
       << difference.sample;
  if (difference.position) text << ", position " << *difference.position;
  if (difference.tick)
    text << ", tick " << *difference.tick << ": expected bit " << difference.expected_bit
         << " (value " << difference.expected_value << "), the design has " << difference.actual_bit
         << " (value " << difference.actual_value << ")";
  else
    text << ": expected value " << difference.expected_value << ", the design has "
         << difference.actual_value;
  return text.str();
}

std::string to_json(const Verdict& verdict, const Simulation& simulation, const Bench& bench,
                    const Options& options, std::size_t samples, double seconds) {
  std::vector<std::string> layers;
  for (const Monitor& monitor : simulation.monitors())
    layers.push_back(layer_json(monitor, simulation.active_clocks()));
  std::vector<std::string> faults;
  for (const std::string& fault : verdict.faults) faults.push_back(Object::quote(fault));
  Object document;
  document.number("schema_version", 1)
      .text("top", bench.top)
      .text("verdict", verdict.word())
      .number("samples", simulation.finished().size())
      .number("samples_requested", samples)
      .number("seed", options.seed)
      .number("backpressure", options.backpressure)
      .number("idle", options.idle)
      .number("cycles", simulation.clock())
      .maybe("latency_cycles", latency(simulation))
      .maybe("cycles_per_sample", interval(simulation.finished()))
      .number("activity", mean_activity(simulation))
      .number("seconds", seconds)
      .raw("outputs", outputs_json(simulation.sink().tallies()))
      .raw("counters", verdict.counters ? counters_json(*verdict.counters) : "null")
      .maybe("ceilings_expected", bench.ceilings)
      .raw("first_mismatch", verdict.first ? difference_json(*verdict.first) : "null")
      .raw("faults", array(faults))
      .raw("hang", verdict.hang.empty() ? "null" : Object::quote(verdict.hang))
      .raw("layers", array(layers));
  return document.str() + "\n";
}

}  // namespace tb
