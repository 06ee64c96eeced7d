#include <fmt/format.h>

#include <array>

#include "units/leaves.hpp"
#include "units/smb/smb.hpp"

namespace units {

namespace {

constexpr std::array kCodeNames{"binary", "rate", "words"};
constexpr std::array kMergeNames{"store", "max", "add"};

const char* name_of(BusCode code) { return kCodeNames[static_cast<std::size_t>(code)]; }
const char* name_of(Merge merge) { return kMergeNames[static_cast<std::size_t>(merge)]; }

std::vector<std::string> header(const SmbConfig& config) {
  return {fmt::format("Spiking memory block: {} tokens of {} lanes, {}-bit values.", config.depth,
                      config.lanes, config.value_bits),
          "Writer: " + side_text(config.write) + ".", "Reader: " + side_text(config.read) + ".",
          fmt::format("Memory holds {}; a token's windows: {}.",
                      holds_planes(config) ? "planes" : "values", name_of(config.merge))};
}

// Builds one block; the members are the nets that its parts share.
class Builder {
 public:
  explicit Builder(const SmbConfig& config)
      : config_(config), module_(module_name(config), header(config)) {
    ports();
    module_.comment("Tokens");
    const int address = std::max(1, base::clog2(static_cast<std::uint64_t>(words())));
    for (const char* name : {"write_end", "written", "read_end"}) module_.wire(name);
    for (const char* name : {"write_base", "read_base"}) module_.wire(name, address);
    channel();
    walk("write");
    walk("read");
    memory();
  }

  verilog::Module take() { return std::move(module_); }

 private:
  int step() const { return holds_planes(config_) ? config_.value_bits : 1; }
  int words() const { return config_.depth * step(); }
  bool merges() const { return config_.merge != Merge::kStore; }
  verilog::Net net(const std::string& name) const { return *module_.find(name); }

  void ports() {
    module_.comment("Clock");
    module_.input("clk_i");
    module_.input("rst_ni");
    module_.comment("Writer");
    module_.output("write_room_o");
    for (const char* name : {"write_fire_i", "write_tick_i", "write_win_i", "write_live_i"})
      module_.input(name);
    if (merges()) {
      module_.input("write_first_i");
      module_.input("write_done_i");
    }
    module_.input("write_spike_i", bus_width(config_, config_.write));
    module_.comment("Reader");
    module_.output("read_valid_o");
    for (const char* name : {"read_tick_i", "read_win_i", "read_live_i"}) module_.input(name);
    module_.output("read_win_o");
    module_.output("read_live_o");
    module_.output("read_spike_o", bus_width(config_, config_.read));
  }

  verilog::Instance& clocked(const verilog::Signature& leaf, const std::string& name) {
    return module_.instance(leaf, name).port("clk_i", net("clk_i")).port("rst_ni", net("rst_ni"));
  }

  void channel() {
    const verilog::Expr one = verilog::constant(1, 1);
    clocked(leaves::channel(), "u_channel")
        .parameter("Depth", config_.depth)
        .port("reserve_i", one)
        .port("room_o", net("write_room_o"))
        .port("fire_i", net("write_fire_i"))
        .port("write_i", net("written"))
        .port("need_i", one)
        .port("valid_o", net("read_valid_o"))
        .port("free_i", net("read_end"));
  }

  void walk(const std::string& side) {
    verilog::Instance& walk = clocked(leaves::walk(), "u_" + side);
    walk.parameter("Words", words()).parameter("Step", step());
    walk.port("step_i", net(side + "_end")).port("base_o", net(side + "_base"));
  }

  void memory() {
    const bool planes = holds_planes(config_);
    verilog::Instance& memory =
        clocked(planes ? leaves::smb_planes() : leaves::smb_values(), "u_memory");
    memory.parameter("Lanes", config_.lanes)
        .parameter("Depth", config_.depth)
        .parameter("ActBits", config_.value_bits);
    if (!planes)
      memory.parameter("WriteTrain", static_cast<int>(config_.write.code))
          .parameter("ReadTrain", static_cast<int>(config_.read.code));
    memory.parameter("WriteBits", std::max(config_.write.bits, config_.value_bits))
        .parameter("ReadBits", std::max(config_.read.bits, config_.value_bits))
        .parameter("Mode", static_cast<int>(config_.merge));
    const verilog::Expr one = verilog::constant(1, 1);
    for (const char* mark : {"write_first_i", "write_done_i"})
      memory.port(mark, merges() ? verilog::Expr(net(mark)) : one);
    for (const char* name :
         {"write_tick_i", "write_win_i", "write_live_i", "write_spike_i", "read_tick_i",
          "read_win_i", "read_live_i", "read_win_o", "read_live_o", "read_spike_o"})
      memory.port(name, net(name));
    memory.port("write_base_i", net("write_base"))
        .port("write_end_o", net("write_end"))
        .port("written_o", net("written"))
        .port("read_base_i", net("read_base"))
        .port("read_end_o", net("read_end"));
  }

  const SmbConfig& config_;
  verilog::Module module_;
};

}  // namespace

int window_ticks(const SmbSide& side) {
  switch (side.code) {
    case BusCode::kBinary:
      return side.bits;
    case BusCode::kRate:
      return 1 << side.bits;
    case BusCode::kWords:
      break;
  }
  return 1;
}

std::string side_text(const SmbSide& side) {
  const int ticks = window_ticks(side);
  return fmt::format("{}, {} tick{} a window", name_of(side.code), ticks, ticks > 1 ? "s" : "");
}

std::string side_stem(const SmbSide& side) {
  if (side.code == BusCode::kWords) return "words";
  return fmt::format("{}{}", name_of(side.code), side.bits);
}

int bus_width(const SmbConfig& config, const SmbSide& side) {
  return side.code == BusCode::kWords ? config.lanes * config.value_bits : config.lanes;
}

bool holds_planes(const SmbConfig& config) {
  return config.write.code == BusCode::kBinary && config.read.code == BusCode::kBinary &&
         config.merge != Merge::kAdd;
}

int write_latency(const SmbConfig& config) {
  return holds_planes(config) && config.merge == Merge::kStore ? 1 : 2;
}

std::string module_name(const SmbConfig& config) {
  std::string name =
      fmt::format("fpsa_smb_{}x{}b{}_{}_{}", config.depth, config.lanes, config.value_bits,
                  side_stem(config.write), side_stem(config.read));
  if (config.merge != Merge::kStore) name += fmt::format("_{}", name_of(config.merge));
  return name;
}

verilog::Module structure(const SmbConfig& config) { return Builder(config).take(); }

}  // namespace units
