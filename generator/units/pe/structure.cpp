#include <fmt/format.h>

#include "units/leaves.hpp"
#include "units/pe/pe.hpp"

namespace units {

namespace {

// Exact neurons behind a serial crossbar share one datapath: the crossbar takes many clocks a tick
// anyway.
bool is_folded(const PeConfig& config) {
  return config.crossbar == config::Crossbar::kSerial && config.neuron == config::Neuron::kExact;
}

// Columns stepped a clock. 32 steps a tick cost about as much as the rows that a serial crossbar
// reads.
int fold_lanes(const PeConfig& config) { return (config.cols + 31) / 32; }

// Clocks a row of a serial crossbar: two if its memories stay within the 256 words of the smallest
// block RAM (iCE40's), which halves their number.
int read_passes(const PeConfig& config) {
  const int lanes = config.crossbar_weight_bits() <= 8 ? 4 : 2;
  return 2 * config.rows <= 256 && config.crossbar_cols() > lanes ? 2 : 1;
}

std::vector<std::string> header(const PeConfig& config) {
  std::vector<std::string> lines{
      fmt::format("Spiking PE: {} rows x {} columns, {}-bit weights, {}-bit values.", config.rows,
                  config.cols, config.weight_bits, config.activation_bits),
      fmt::format("Crossbar {}; {} train, {} ticks a window.", config::to_string(config.crossbar),
                  config::to_string(config.train),
                  window_ticks(config.train, config.activation_bits))};
  if (config.is_tile)
    lines.push_back(
        fmt::format("Adds the sums of the PE above and passes its own on: cascades of "
                    "up to {} rows.",
                    config.cascade_rows));
  else if (config.cascade_rows > 0)
    lines.push_back(fmt::format("Part of a cascade of {} rows{}.", config.cascade_rows,
                                config.has_above ? "; adds the sums of the PE above" : ""));
  if (config.has_neurons || config.is_tile) {
    lines.push_back(fmt::format(
        "Neurons {}: membrane {} bits, threshold {} bits; answers {} ticks later.",
        config::to_string(config.neuron), config.accumulator_bits, config.threshold_bits,
        neuron_latency(config.neuron, config.train, config.activation_bits)));
    if (config.has_tops) lines.push_back("Values end at a loaded code a column.");
    if (config.half_even) lines.push_back("Ties give even values.");
  } else {
    lines.push_back("No neurons: its sums go to the PE below, one tick later.");
  }
  return lines;
}

// Builds one PE; the members are the nets that its parts share.
class Builder {
 public:
  Builder(const PeConfig& config, const PresetFiles& files, const std::string& name)
      : config_(config),
        files_(files),
        takes_(config.has_above || config.is_tile),
        passes_(!config.has_neurons || config.is_tile),
        fires_(config.has_neurons || config.is_tile),
        module_(name, header(config)) {
    ports();
    crossbar();
    if (passes_) pass_on();
    if (fires_ && takes_) add_above();
    if (fires_) neurons();
  }

  verilog::Module take() { return std::move(module_); }

 private:
  int columns() const { return config_.crossbar_cols(); }
  int own_bits() const { return sum_bits(config_, config_.rows); }
  int total_bits() const { return link_bits(config_); }
  int is_signed() const { return config_.is_paired() ? 0 : 1; }

  void ports() {
    module_.comment("Clock");
    module_.input("clk_i");
    module_.input("rst_ni");
    module_.comment("Tick");
    module_.input("tick_i");
    module_.output("ready_o");
    module_.comment("Spikes in");
    if (fires_) module_.input("win_i");
    module_.input("spike_i", config_.rows);
    if (takes_) {
      module_.comment("Sums of the PE above");
      module_.input("sum_i", columns() * total_bits());
    }
    out_ports();
    module_.comment("Load bus");
    module_.input("load_we_i");
    module_.input("load_addr_i", 22);
    module_.input("load_data_i", 32);
  }

  void out_ports() {
    if (passes_) {
      module_.comment("Sums to the PE below");
      module_.output("sum_o", columns() * total_bits());
    }
    if (!fires_) return;
    module_.comment("Spikes out");
    module_.output("win_o");
    module_.output("spike_o", config_.cols);
  }

  verilog::Net net(const std::string& name) const { return *module_.find(name); }

  verilog::Instance& connected(verilog::Instance& instance,
                               std::initializer_list<const char*> ports) {
    for (const char* port : ports) instance.port(port, net(port));
    return instance;
  }

  void crossbar() {
    const verilog::Net sums = module_.wire("xbar_sum", columns() * own_bits());
    const verilog::Net ready = fires_ ? module_.wire("xbar_ready") : net("ready_o");
    verilog::Instance& instance = module_.instance(leaves::crossbar(config_.crossbar), "u_xbar");
    connected(instance,
              {"clk_i", "rst_ni", "tick_i", "spike_i", "load_we_i", "load_addr_i", "load_data_i"})
        .parameter("Rows", config_.rows)
        .parameter("Cols", columns())
        .parameter("WeightBits", config_.crossbar_weight_bits())
        .parameter("Signed", is_signed())
        .parameter("SumBits", own_bits())
        .parameter("WeightFile", files_.weights)
        .port("ready_o", ready)
        .port("sum_o", sums);
    if (config_.crossbar == config::Crossbar::kSerial)
      instance.parameter("Passes", read_passes(config_));
  }

  // Adds the sums from above (none in the first PE) for the PE below, registered by tick.
  void pass_on() {
    verilog::Instance& instance = module_.instance(leaves::cascade_stage(), "u_cascade");
    connected(instance, {"clk_i", "tick_i"}).parameter("First", takes_ ? 0 : 1);
    join(instance, net("sum_o"));
  }

  // Adds them at once for the neurons.
  void add_above() {
    verilog::Instance& instance =
        module_.instance(leaves::cascade_adder(), passes_ ? "u_total" : "u_cascade");
    join(instance, module_.wire("total_sum", columns() * total_bits()));
  }

  void join(verilog::Instance& instance, const verilog::Net& total) {
    instance.parameter("Cols", columns())
        .parameter("OwnBits", own_bits())
        .parameter("SumBits", total_bits())
        .parameter("Signed", is_signed())
        .port("sum_i",
              takes_ ? verilog::Expr(net("sum_i")) : verilog::constant(columns() * total_bits(), 0))
        .port("own_i", net("xbar_sum"))
        .port("sum_o", total);
  }

  void neurons() {
    const verilog::Net sums = net(takes_ ? "total_sum" : "xbar_sum");
    verilog::Instance& instance = module_.instance(
        leaves::neurons(config_.neuron, config_.train, is_folded(config_)), "u_neurons");
    if (is_folded(config_))
      instance.parameter("Lanes", fold_lanes(config_))
          .parameter("Train", config_.train == config::Train::kRate ? 1 : 0);
    connected(instance, {"clk_i", "rst_ni", "tick_i", "win_i", "ready_o", "win_o", "spike_o",
                         "load_we_i", "load_addr_i", "load_data_i"})
        .parameter("Cols", config_.cols)
        .parameter("ActBits", config_.activation_bits)
        .parameter("SumBits", total_bits())
        .parameter("AccBits", config_.accumulator_bits)
        .parameter("ThetaBits", config_.threshold_bits)
        .parameter("OffsetFile", files_.offsets)
        .parameter("ThresholdFile", files_.thresholds)
        .port("sum_valid_i", net("xbar_ready"))
        .port("sum_i", sums);
    if (config_.has_tops) instance.parameter("Tops", 1).parameter("TopFile", files_.tops);
    if (config_.half_even) instance.parameter("HalfEven", 1);
  }

  const PeConfig& config_;
  const PresetFiles& files_;
  bool takes_, passes_, fires_;  // sums from above, sums to the PE below, spikes
  verilog::Module module_;
};

}  // namespace

std::string module_name(const PeConfig& config) {
  std::string name = fmt::format("fpsa_pe_{}x{}", config.rows, config.cols);
  if (config.is_tile)
    name += fmt::format("_in{}", config.cascade_rows);
  else if (config.cascade_rows > 0)
    name += fmt::format("_{}_of{}",
                        config.has_neurons ? "last"
                        : config.has_above ? "next"
                                           : "first",
                        config.cascade_rows);
  if (config.has_tops) name += "_tops";
  if (config.half_even) name += "_even";
  if (config.names_window)
    name += fmt::format("_{}{}", config::to_string(config.train), config.activation_bits);
  return name;
}

verilog::Module structure(const PeConfig& config, const PresetFiles& files,
                          const std::string& name) {
  return Builder(config, files, name.empty() ? module_name(config) : name).take();
}

}  // namespace units
