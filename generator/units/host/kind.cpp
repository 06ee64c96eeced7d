#include "units/host/emulate.hpp"

namespace units {

namespace {

config::Train train_of(const Settings& settings) {
  return static_cast<config::Train>(settings.at("train"));
}

// A stream without a train has no setting for it.
StreamEdge edge_of(const Settings& settings) {
  return {settings.at("lanes"), settings.at("activation_bits"),
          settings.contains("train") ? train_of(settings) : config::Train::kBinary,
          settings.at("beat_lanes")};
}

Alone encoder_alone(const Settings& settings, const config::Spec& spec) {
  return clocked_alone("encoder", *encoder(edge_of(settings)), settings,
                       *emulate_encoder(edge_of(settings)), spec.simulate.seed);
}

Alone decoder_alone(const Settings& settings, const config::Spec& spec) {
  return clocked_alone("decoder", *decoder(edge_of(settings)), settings,
                       *emulate_decoder(edge_of(settings)), spec.simulate.seed);
}

Alone token_split_alone(const Settings& settings, const config::Spec& spec) {
  const int tokens = settings.at("tokens");
  return clocked_alone("token_split", *token_split(edge_of(settings), tokens), settings,
                       *emulate_token_split(edge_of(settings), tokens), spec.simulate.seed);
}

Alone token_join_alone(const Settings& settings, const config::Spec& spec) {
  const int tokens = settings.at("tokens");
  return clocked_alone("token_join", *token_join(tokens), settings, *emulate_token_join(tokens),
                       spec.simulate.seed);
}

Alone counter_alone(const Settings& settings, const config::Spec& spec) {
  const int lanes = settings.at("lanes");
  const int bits = settings.at("activation_bits");
  const config::Train train = train_of(settings);
  return clocked_alone("counter", *ceiling_counter(lanes, bits, train), settings,
                       *emulate_ceiling_counter(lanes, bits, train), spec.simulate.seed);
}

Alone sum_alone(const Settings& settings, const config::Spec& spec) {
  const int inputs = settings.at("inputs");
  const int bits = settings.at("bits");
  return clocked_alone("sum", *sum_pipe(inputs, bits), settings, *emulate_sum_pipe(inputs, bits),
                       spec.simulate.seed);
}

Alone busy_alone(const Settings& settings, const config::Spec& spec) {
  return clocked_alone("busy", *busy_hold(1), settings, *emulate_busy_hold(), spec.simulate.seed);
}

Alone load_alone(const Settings& settings, const config::Spec& spec) {
  return clocked_alone("load", *load_rank(), settings, *emulate_load_rank(), spec.simulate.seed);
}

Alone csr_alone(const Settings& settings, const config::Spec& spec) {
  const Registers registers{
      .spec_hash = 0x5eed0000u + static_cast<std::uint32_t>(settings.at("units")),
      .in_lanes = settings.at("in_lanes"),
      .out_lanes = settings.at("out_lanes"),
      .units = settings.at("units"),
      .ceiling_bits = settings.at("ceiling_bits")};
  return clocked_alone("csr", *csr(registers), settings, *emulate_csr(registers),
                       spec.simulate.seed, 6000);
}

}  // namespace

std::vector<Kind> host_kinds() {
  const char* bench = "fpsa_tb_unit";
  const Setting lanes{"lanes", "of the train", 16, 1, 1024};
  const Setting bits{"activation_bits", "of a value", 6, 1, 10};
  const Setting train{"train", "how a window carries a value", 0, 0, 1, {"binary", "rate"}};
  const Setting beat{"beat_lanes", "values a beat of the stream", 4, 1, 128};
  const Setting tokens{"tokens", "of a sample", 4, 1, 65536};
  return {{.name = "encoder",
           .doc = "samples of a stream as trains",
           .settings = {lanes, bits, train, beat},
           .bench = bench,
           .alone = encoder_alone},
          {.name = "decoder",
           .doc = "trains as samples of a stream",
           .settings = {lanes, bits, train, beat},
           .bench = bench,
           .alone = decoder_alone},
          {.name = "token_split",
           .doc = "samples of a stream as a frame a token",
           .settings = {tokens, lanes, bits, beat},
           .bench = bench,
           .alone = token_split_alone},
          {.name = "token_join",
           .doc = "the last beat of a sample that comes as a frame a token",
           .settings = {tokens},
           .bench = bench,
           .alone = token_join_alone},
          {.name = "counter",
           .doc = "counts the lanes at their ceiling, a window",
           .settings = {lanes, bits, train},
           .bench = bench,
           .alone = counter_alone},
          {.name = "sum",
           .doc = "the sum of many numbers, registered by level",
           .settings = {{"inputs", "numbers", 20, 1, 1024}, {"bits", "of each", 8, 1, 32}},
           .bench = bench,
           .alone = sum_alone},
          {.name = "busy",
           .doc = "busy until the counters have taken their last events",
           .settings = {},
           .bench = bench,
           .alone = busy_alone},
          {.name = "csr",
           .doc = "registers on AXI4-Lite, counters, the load bus",
           .settings = {{"units", "on the load bus", 11, 1, 65535},
                        {"in_lanes", "values of a sample", 784, 1, 65535},
                        {"out_lanes", "values of a result", 10, 1, 65535},
                        {"ceiling_bits", "of a clock's count", 11, 1, 32}},
           .bench = bench,
           .alone = csr_alone},
          {.name = "load",
           .doc = "a unit's registers on the load bus",
           .settings = {},
           .bench = bench,
           .alone = load_alone}};
}

}  // namespace units
