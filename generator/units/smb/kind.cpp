#include "units/kind.hpp"

#include "units/smb/bench.hpp"

namespace units {

namespace {

constexpr int kTokens = 60;

SmbConfig config_of(const Settings& settings) {
  SmbConfig config;
  config.lanes = settings.at("lanes");
  config.depth = settings.at("depth");
  config.value_bits = settings.at("value_bits");
  config.write = {static_cast<BusCode>(settings.at("write")),
                  config.value_bits + settings.at("write_zeros")};
  config.read = {static_cast<BusCode>(settings.at("read")),
                 config.value_bits + settings.at("read_zeros")};
  config.merge = static_cast<Merge>(settings.at("merge"));
  return config;
}

Alone smb_alone(const Settings& settings, const config::Spec& spec) {
  const SmbConfig config = config_of(settings);
  Alone alone{structure(config), {}, {}};
  alone.bench = make_bench(config, alone.module.name(), kTokens, spec.simulate.seed).files();
  for (const auto& [name, value] : settings) alone.facts.emplace_back(name, value);
  return alone;
}

}  // namespace

std::vector<Kind> smb_kinds() {
  const std::vector<std::string> codes{"binary", "rate", "words"};
  return {{.name = "smb",
           .doc = "memory of a channel: windows in become tokens, tokens windows out",
           .settings = {{"lanes", "values of a token", 16, 1, 1024},
                        {"depth", "tokens", 4, 1, 4096},
                        {"value_bits", "of what is stored", 6, 1, 10},
                        {"write", "what comes in", 0, 0, 2, codes},
                        {"write_zeros", "leading zeros of a window in", 0, 0, 6},
                        {"read", "what goes out", 0, 0, 2, codes},
                        {"read_zeros", "leading zeros of a window out", 0, 0, 6},
                        {"merge", "a token's windows", 0, 0, 2, {"store", "max", "add"}}},
           .bench = "fpsa_tb_smb",
           .idles = true,
           .alone = smb_alone}};
}

}  // namespace units
