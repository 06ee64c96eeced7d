#include "units/kind.hpp"

#include "units/line/bench.hpp"

namespace units {

namespace {

constexpr int kMaps = 3;

LineAxis axis_of(const Settings& settings, const char* size, const std::string& name,
                 const std::string& begin, const std::string& end) {
  return {settings.at(size),
          settings.at("kernel_" + name),
          settings.at("stride_" + name),
          settings.at("dilation_" + name),
          settings.at("pad_" + begin),
          settings.at("pad_" + end),
          settings.at("repeat_" + name),
          settings.at("crop_" + begin),
          settings.at("crop_" + end)};
}

LineConfig config_of(const Settings& settings) {
  LineConfig config;
  config.channels = settings.at("channels");
  config.value_bits = settings.at("value_bits");
  config.write = {static_cast<BusCode>(settings.at("write")),
                  config.value_bits + settings.at("write_zeros")};
  config.read = {static_cast<BusCode>(settings.at("read")),
                 config.value_bits + settings.at("read_zeros")};
  config.shape = {axis_of(settings, "height", "rows", "top", "bottom"),
                  axis_of(settings, "width", "cols", "left", "right"),
                  settings.at("neighbours"),
                  settings.at("beside"),
                  settings.at("repeats") > 0,
                  settings.at("ahead") > 0};
  config.rows = settings.at("rows");
  config.most = settings.at("show") > 0;
  if (settings.at("show") < 2) return config;
  config.least = config.channels;
  config.channels *= 2;
  return config;
}

Alone line_alone(const Settings& settings, const config::Spec& spec) {
  LineConfig config = config_of(settings);
  check(config.shape);
  if (config.rows == 0) config.rows = least_rows(config.shape);
  check(config);
  Alone alone{structure(config), {}, {}};
  alone.bench = make_bench(config, alone.module.name(), kMaps, spec.simulate.seed).files();
  for (const auto& [name, value] : settings) alone.facts.emplace_back(name, value);
  alone.facts.emplace_back("rows_kept", config.rows);
  return alone;
}

}  // namespace

std::vector<Kind> line_kinds() {
  const std::vector<std::string> codes{"binary", "rate"};
  return {{.name = "line",
           .doc = "rows of a map in memory: positions in, the window of each output position out",
           .settings = {{"channels", "of a position as windows see it", 16, 1, 1024},
                        {"height", "rows of the map", 8, 1, 1024},
                        {"width", "columns of the map", 8, 1, 1024},
                        {"kernel_rows", "of a window", 3, 1, 7},
                        {"kernel_cols", "of a window", 3, 1, 7},
                        {"stride_rows", "rows between windows", 1, 1, 8},
                        {"stride_cols", "columns between windows", 1, 1, 8},
                        {"dilation_rows", "rows between taps", 1, 1, 8},
                        {"dilation_cols", "columns between taps", 1, 1, 8},
                        {"pad_top", "rows of zeros above", 1, 0, 8},
                        {"pad_bottom", "rows of zeros below", 1, 0, 8},
                        {"pad_left", "columns of zeros before", 1, 0, 8},
                        {"pad_right", "columns of zeros behind", 1, 0, 8},
                        {"repeat_rows", "times that windows see a row", 1, 1, 8},
                        {"repeat_cols", "times that windows see a column", 1, 1, 8},
                        {"crop_top", "rows that windows do not see, of the first", 0, 0, 8},
                        {"crop_bottom", "of the last", 0, 0, 8},
                        {"crop_left", "columns that windows do not see, of the first", 0, 0, 8},
                        {"crop_right", "of the last", 0, 0, 8},
                        {"repeats",
                         "what they see: the same each time, or channels of their own",
                         0,
                         0,
                         1,
                         {"same", "dealt"}},
                        {"ahead",
                         "windows that lie in the padding wait for the map, or for nothing",
                         0,
                         0,
                         1,
                         {"no", "yes"}},
                        {"neighbours", "windows side by side", 1, 1, 8},
                        {"beside", "positions side by side in a token", 1, 1, 8},
                        {"rows", "rows kept; 0: the least that are enough", 0, 0, 1024},
                        {"value_bits", "of what is stored", 6, 1, 10},
                        {"write", "what comes in", 0, 0, 1, codes},
                        {"write_zeros", "leading zeros of a window in", 0, 0, 6},
                        {"read", "what goes out", 0, 0, 1, codes},
                        {"read_zeros", "leading zeros of a window out", 0, 0, 6},
                        {"show",
                         "all taps, or the largest (pooling), of signed values in two lanes each",
                         0,
                         0,
                         2,
                         {"taps", "most", "most_signed"}}},
           .bench = "fpsa_tb_smb",
           .idles = true,
           .alone = line_alone}};
}

}  // namespace units
