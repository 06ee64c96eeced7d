#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/files.hpp"
#include "units/leaves.hpp"
#include "units/line/line.hpp"
#include "units/line/walk.hpp"
#include "verilog/names.hpp"

namespace units {

namespace {

bool is_seen_otherwise(const LineAxis& axis) {
  return axis.repeat > 1 || axis.crop_begin > 0 || axis.crop_end > 0;
}

std::string axis_stem(const LineAxis& axis) {
  const std::string stem = fmt::format("{}k{}s{}d{}p{}q{}", axis.size, axis.kernel, axis.stride,
                                       axis.dilation, axis.pad_begin, axis.pad_end);
  if (!is_seen_otherwise(axis)) return stem;
  return stem + fmt::format("r{}c{}e{}", axis.repeat, axis.crop_begin, axis.crop_end);
}

std::string axis_text(const char* name, const LineAxis& axis) {
  const std::string seen =
      is_seen_otherwise(axis)
          ? fmt::format(", {} each but for the first {} and the last {}",
                        axis.repeat == 1 ? "once" : fmt::format("{} times", axis.repeat),
                        axis.crop_begin, axis.crop_end)
          : "";
  return fmt::format("{} {}{}: kernel {}, stride {}, dilation {}, padding {} and {}.", axis.size,
                     name, seen, axis.kernel, axis.stride, axis.dilation, axis.pad_begin,
                     axis.pad_end);
}

std::string beside_text(const LineShape& shape) {
  return (shape.beside > 1 ? fmt::format("; {} positions a token", shape.beside) : "") +
         (shape.deals ? fmt::format("; {} parts a position", shape.parts()) : "") +
         (shape.takes_all() ? ""
                            : fmt::format("; the first of {} x {} positions",
                                          shape.rows.size + shape.rows.skipped,
                                          shape.cols.size + shape.cols.skipped));
}

std::vector<std::string> header(const LineConfig& config) {
  return {
      fmt::format("Line walk: {} rows of a map of {} channels, {}-bit values, held as {}.",
                  config.rows, config.channels, config.value_bits,
                  holds_planes(config) ? "planes" : "values"),
      axis_text("rows", config.shape.rows), axis_text("columns", config.shape.cols),
      "Writer: " + side_text(config.write) + beside_text(config.shape) + ".",
      fmt::format("Reader: {}; {} a firing, {}.", side_text(config.read),
                  config.shape.neighbours > 1 ? fmt::format("{} windows", config.shape.neighbours)
                                              : "a window",
                  !config.most    ? "all taps"
                  : !config.least ? "the largest of their taps"
                                  : fmt::format("the largest of their taps, the least of the last "
                                                "{} channels",
                                                config.least)) +
          (config.shape.ahead ? " Windows in the padding wait for nothing." : "")};
}

// Builds one walk; the members are the nets that its parts share.
class Builder {
 public:
  explicit Builder(const LineConfig& config)
      : config_(config), module_(module_name(config), header(config)) {
    ports();
    module_.comment("Tokens");
    module_.wire("written");
    for (const char* name : {"need", "frees"}) module_.wire(name, amount_bits());
    if (!config.shape.takes_all()) part();
    channel();
    memory();
    if (config.most) largest();
  }

  verilog::Module take() { return std::move(module_); }

 private:
  int amount_bits() const { return base::clog2(static_cast<std::uint64_t>(depth(config_)) + 1); }
  int taps() const { return config_.shape.rows.kernel * config_.shape.cols.kernel; }
  verilog::Net net(const std::string& name) const { return *module_.find(name); }

  void ports() {
    module_.comment("Clock");
    module_.input("clk_i");
    module_.input("rst_ni");
    module_.comment("Writer");
    module_.output("write_room_o");
    for (const char* name : {"write_fire_i", "write_tick_i", "write_win_i", "write_live_i"})
      module_.input(name);
    module_.input("write_spike_i", write_lanes(config_));
    module_.comment("Reader");
    module_.output("read_valid_o");
    for (const char* name : {"read_tick_i", "read_win_i", "read_live_i"}) module_.input(name);
    module_.output("read_win_o");
    module_.output("read_live_o");
    module_.output("read_spike_o", read_lanes(config_));
  }

  verilog::Instance& clocked(const verilog::Signature& leaf, const std::string& name) {
    return module_.instance(leaf, name).port("clk_i", net("clk_i")).port("rst_ni", net("rst_ni"));
  }

  // A token a time on the writer's side, any number of them on the reader's.
  verilog::Expr amount(const verilog::Expr& bit) const {
    if (amount_bits() == 1) return bit;
    return verilog::concat({verilog::constant(amount_bits() - 1, 0), bit});
  }

  // Nets of the writer's, or those of the tokens that are taken.
  verilog::Net of_taken(const std::string& port, const std::string& name) const {
    return net(config_.shape.takes_all() ? port : name);
  }

  void part() {
    const LineShape& shape = config_.shape;
    for (const char* name : {"taken_room", "taken_fire", "taken_live"}) module_.wire(name);
    clocked(leaves::map_part(), "u_part")
        .parameter("Height", shape.rows.size + shape.rows.skipped)
        .parameter("Width", shape.sent_a_row())
        .parameter("Rows", shape.rows.size)
        .parameter("Cols", shape.tokens_a_row())
        .port("fire_i", net("write_fire_i"))
        .port("fire_o", net("taken_fire"))
        .port("room_i", net("taken_room"))
        .port("room_o", net("write_room_o"))
        .port("tick_i", net("write_tick_i"))
        .port("win_i", net("write_win_i"))
        .port("live_i", net("write_live_i"))
        .port("live_o", net("taken_live"));
  }

  void channel() {
    clocked(leaves::channel(), "u_channel")
        .parameter("Depth", depth(config_))
        .parameter("Most", depth(config_))
        .port("reserve_i", amount(verilog::constant(1, 1)))
        .port("room_o", of_taken("write_room_o", "taken_room"))
        .port("fire_i", of_taken("write_fire_i", "taken_fire"))
        .port("write_i", amount(net("written")))
        .port("need_i", net("need"))
        .port("valid_o", net("read_valid_o"))
        .port("free_i", net("frees"));
  }

  void set_axis(verilog::Instance& memory, const std::string& name, const LineAxis& axis) const {
    memory.parameter("Kernel" + name, axis.kernel)
        .parameter("Stride" + name, axis.stride)
        .parameter("Dilation" + name, axis.dilation);
    if (axis.repeat > 1) memory.parameter("Repeat" + name, axis.repeat);
  }

  static void set_crops(verilog::Instance& memory, const std::array<const char*, 2>& names,
                        const LineAxis& axis) {
    if (axis.crop_begin > 0) memory.parameter(names[0], axis.crop_begin);
    if (axis.crop_end > 0) memory.parameter(names[1], axis.crop_end);
  }

  void memory() {
    const bool planes = holds_planes(config_);
    const LineShape& shape = config_.shape;
    if (config_.most) module_.wire("window", shape.taps() * config_.channels);
    const std::string meets = config_.most ? "meets" : "unused_meets";
    module_.wire(meets, shape.taps());
    verilog::Instance& memory =
        clocked(planes ? leaves::line_planes() : leaves::line_values(), "u_memory");
    memory.parameter("Lanes", config_.channels).parameter("ActBits", config_.value_bits);
    if (!planes)
      memory.parameter("WriteTrain", static_cast<int>(config_.write.code))
          .parameter("ReadTrain", static_cast<int>(config_.read.code));
    memory.parameter("WriteBits", config_.write.bits).parameter("ReadBits", config_.read.bits);
    memory.parameter("Height", shape.rows.size).parameter("Width", shape.cols.size);
    memory.parameter("Rows", config_.rows).parameter("Neighbours", shape.neighbours);
    if (shape.beside > 1) memory.parameter("Beside", shape.beside);
    if (shape.deals) memory.parameter("Deal", 1);
    if (shape.ahead) memory.parameter("Ahead", 1);
    set_axis(memory, "Rows", shape.rows);
    set_axis(memory, "Cols", shape.cols);
    set_crops(memory, {"CropTop", "CropBottom"}, shape.rows);
    set_crops(memory, {"CropLeft", "CropRight"}, shape.cols);
    memory.parameter("PadTop", shape.rows.pad_begin).parameter("PadBottom", shape.rows.pad_end);
    memory.parameter("PadLeft", shape.cols.pad_begin).parameter("PadRight", shape.cols.pad_end);
    for (const char* name : {"write_tick_i", "write_win_i", "write_spike_i", "read_tick_i",
                             "read_win_i", "read_live_i", "read_win_o", "read_live_o"})
      memory.port(name, net(name));
    memory.port("write_live_i", of_taken("write_live_i", "taken_live"));
    memory.port("written_o", net("written"))
        .port("need_o", net("need"))
        .port("frees_o", net("frees"))
        .port("meets_o", net(meets))
        .port("read_spike_o", net(config_.most ? "window" : "read_spike_o"));
  }

  // A maximum for each of the windows.
  void largest() {
    module_.comment("The largest of each window's taps");
    const int window = taps() * config_.channels;
    for (int n = 0; n < config_.shape.neighbours; ++n)
      module_.instance(leaves::plane_most(), fmt::format("u_most_{}", n))
          .parameter("Lanes", config_.channels)
          .parameter("Inputs", taps())
          .parameter("Least", config_.least)
          .parameter("Train", static_cast<int>(config_.read.code))
          .port("clk_i", net("clk_i"))
          .port("tick_i", net("read_tick_i"))
          .port("win_i", net("read_win_o"))
          .port("meets_i", net("meets").slice(n * taps(), taps()))
          .port("spike_i", net("window").slice(n * window, window))
          .port("spike_o", net("read_spike_o").slice(n * config_.channels, config_.channels));
  }

  const LineConfig& config_;
  verilog::Module module_;
};

void check_axis(const char* name, const LineAxis& axis, const std::array<const char*, 2>& crops) {
  if (axis.seen() < 1)
    base::fail(base::Code::kOutOfRange,
               fmt::format("{} = {} and {} = {} leave nothing of {} lines", crops[0],
                           axis.crop_begin, crops[1], axis.crop_end, axis.lines()),
               fmt::format("--set {}={}", crops[0], axis.crop_begin),
               fmt::format("--set {}=0 --set {}=0", crops[0], crops[1]));
  const int room = axis.pad_begin + axis.seen() + axis.pad_end;
  if (axis.extent() < room) return;
  base::fail(base::Code::kOutOfRange,
             fmt::format("kernel_{} = {} with dilation_{} = {} spans {} of {} padded lines", name,
                         axis.kernel, name, axis.dilation, axis.extent() + 1, room),
             fmt::format("--set kernel_{}={}", name, axis.kernel),
             fmt::format("--set kernel_{}={}", name, (room - 1) / axis.dilation + 1));
}

}  // namespace

int write_lanes(const LineConfig& config) {
  return config.channels * config.shape.beside * config.shape.parts();
}

int depth(const LineConfig& config) { return config.rows * config.shape.tokens_a_row(); }

int read_lanes(const LineConfig& config) {
  return config.channels * (config.most ? config.shape.neighbours : config.shape.taps());
}

bool holds_planes(const LineConfig& config) {
  return config.write.code == BusCode::kBinary && config.read.code == BusCode::kBinary;
}

int write_latency(const LineConfig& config) { return holds_planes(config) ? 1 : 2; }

int least_rows(const LineShape& shape) {
  return static_cast<int>(base::ceil_div(least_tokens(shape), shape.tokens_a_row()));
}

void check(const LineShape& shape) {
  check_axis("rows", shape.rows, {"crop_top", "crop_bottom"});
  check_axis("cols", shape.cols, {"crop_left", "crop_right"});
  if (shape.beside <= shape.cols.size) return;
  base::fail(base::Code::kOutOfRange,
             fmt::format("beside = {} positions of a row of {}", shape.beside, shape.cols.size),
             fmt::format("--set beside={}", shape.beside),
             fmt::format("--set beside={}", shape.cols.size));
}

void check(const LineConfig& config) {
  check(config.shape);
  const int least = least_rows(config.shape);
  if (config.rows < least)
    base::fail(base::Code::kOutOfRange,
               fmt::format("rows = {}, and some window waits for {} tokens of {} a row",
                           config.rows, least_tokens(config.shape), config.shape.tokens_a_row()),
               fmt::format("--set rows={}", config.rows), fmt::format("--set rows={}", least));
}

// Names are short: map, kernel, and of all choices a checksum.
std::string module_name(const LineConfig& config) {
  const LineShape& shape = config.shape;
  std::string all =
      fmt::format("{} {} n{} {}x{}b{} {} {} {}", axis_stem(shape.rows), axis_stem(shape.cols),
                  shape.neighbours, config.rows, config.channels, config.value_bits,
                  side_stem(config.write), side_stem(config.read), config.most);
  if (shape.beside > 1) all += fmt::format(" w{}", shape.beside);
  if (shape.deals) all += " d";
  if (shape.ahead) all += " a";
  if (!shape.takes_all()) all += fmt::format(" t{}x{}", shape.rows.skipped, shape.cols.skipped);
  if (config.least > 0) all += fmt::format(" l{}", config.least);
  // Of a checksum without a letter the name is no legal one.
  return verilog::legal_name(
      fmt::format("fpsa_line_{}x{}k{}x{}_{}", shape.rows.size, shape.cols.size, shape.rows.kernel,
                  shape.cols.kernel, base::sha256(all).substr(0, 8)),
      verilog::NameKind::kModule);
}

verilog::Module structure(const LineConfig& config) { return Builder(config).take(); }

}  // namespace units
