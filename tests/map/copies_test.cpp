// Copies of layers in the netlist: what the checker finds, and frames of several tensors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "core/duplicate.hpp"
#include "core/integer.hpp"
#include "map/design.hpp"
#include "random_maps.hpp"
#include "units/line/unit.hpp"

namespace map {
namespace {

using quant::Network;
using quant::Source;
using ::testing::HasSubstr;

const quant::Format kSigned = quant::full_format(3, true);

Source convolution(Network& network, const std::string& name, const Source& input) {
  base::Rng rng(3);
  const quant::Shape& map = network.tensors[input.tensor].shape;
  quant::Product made = test::random_product({{{}, 0, 9 * map.channels}}, 2, {20, 60, 90}, rng);
  made.inputs = {input};
  made.window = {
      .kernel = {3, 3}, .pad_begin = {1, 1}, .pad_end = {1, 1}, .map = {map.height, map.width}};
  return test::add_layer(network, name, std::move(made), kSigned);
}

Source table(Network& network, const std::string& name, const Source& input) {
  quant::Table made{{input}, {}};
  const quant::Shape& map = network.tensors[input.tensor].shape;
  made.window.map = {map.height, map.width};
  for (int code = -7; code <= 7; ++code) made.values.push_back(5 - code * code / 7);
  return test::add_layer(network, name, std::move(made), map.channels, kSigned);
}

// Two inputs and two outputs of 3 x 5, of which an output is a function of a convolution's.
Network of_two() {
  Network network;
  network.name = "two";
  const Source x = test::add_input(network, "x", {1, 3, 5}, kSigned);
  const Source y = test::add_input(network, "y", {2, 3, 5}, quant::full_format(4, false));
  const Source a = convolution(network, "a", x);
  const Source b = convolution(network, "b", y);
  network.outputs = {a, table(network, "c", b)};
  return network;
}

Design with_copies(const Network& network) {
  const core::TileSize tile{20, 4};
  const core::Duplication copies = core::balanced(network, core::lower(network, tile), 2);
  core::Program program = core::lower(network, tile, copies);
  core::check(program, network, tile);
  return map(std::move(program), {.rows = 20, .cols = 4}, {.beat_lanes = 4});
}

TEST(Copies, OfTwoInputsAndOutputsComputeTheIntegerLevel) {
  const Network network = of_two();
  const Design design = with_copies(network);
  check(design);
  EXPECT_EQ(input_frame(design).tokens, 3 * 3);
  EXPECT_EQ(core::count_of(input_frame(design).lanes), 2 * (2 + 2));
  EXPECT_EQ(core::count_of(output_frame(design).lanes), 2 * (4 + 4));
  const quant::IntegerBatch inputs = test::random_inputs(network, 3, 1);
  const core::IntegerResult golden = core::run_integer(network, inputs);
  const StreamTrains trains = emulate(design, inputs);
  for (const core::StreamId id : trains.ids()) {
    const core::Stream& stream = design.program->streams[id];
    if (stream.is_copy()) continue;
    EXPECT_EQ(core::samples_of(stream, lanes_of(design, id, trains[id])),
              golden.tensors[stream.tensor])
        << stream.name;
  }
}

TEST(Copies, HaveNamesOfTheirOwn) {
  const Design design = with_copies(of_two());
  for (const char* name : {"pe_a_r0_c0_n0", "pe_a_r0_c0_n1", "table_c_n0", "table_c_n1"})
    EXPECT_EQ(std::ranges::count(design.instances, name, &Instance::name), 1) << name;
}

Instance& named(Design& design, const std::string& name) {
  return *std::ranges::find(design.instances, name, &Instance::name);
}

Pin& pin(Design& design, const std::string& instance, const std::string& port) {
  Instance& one = named(design, instance);
  return one.pins[one.unit->port(port)];
}

// The memory that shows the windows of layer `name`.
Instance& view_of(Design& design, const std::string& name) {
  for (const Channel& channel : design.channels)
    if (channel.view.valid() && design.program->streams[channel.view].name == name + ".taps")
      return design.instances[channel.buffer.index()];
  throw std::runtime_error("no view");
}

void change(Instance& memory, void (*edit)(units::LineConfig&)) {
  units::LineConfig config = dynamic_cast<const units::LineUnit&>(*memory.unit).config();
  edit(config);
  memory.unit = std::make_shared<units::LineUnit>(config);
}

void swap_pins(Design& design, const std::string& one, const std::string& other,
               const std::string& port) {
  std::swap(pin(design, one, port), pin(design, other, port));
}

struct Damage {
  const char* name;
  void (*harm)(Design&);
  const char* said;
};

class DamagedCopies : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedCopies, AreFound) {
  Design design = with_copies(of_two());
  GetParam().harm(design);
  std::string faults;
  try {
    check(design);
  } catch (const base::Error& error) {
    for (const base::Fault& fault : error.faults())
      faults += fault.where + ": " + fault.what + "\n";
  }
  EXPECT_THAT(faults, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedCopies,
    ::testing::Values(
        Damage{"Rows", [](Design& d) { swap_pins(d, "pe_a_r0_c0_n0", "pe_a_r0_c0_n1", "spike_i"); },
               "pe_a_r0_c0_n0: mapping is wrong: row 0 is not lane 0 of a_taps_spike"},
        Damage{"Columns",
               [](Design& d) { swap_pins(d, "pe_a_r0_c0_n0", "pe_a_r0_c0_n1", "spike_o"); },
               "pe_a_r0_c0_n0: mapping is wrong: it drives other lanes than its own"},
        Damage{"TablesIn", [](Design& d) { swap_pins(d, "table_c_n0", "table_c_n1", "spike_i"); },
               "table_c_n0: mapping is wrong: row 0 is not lane 0 of b_spike"},
        Damage{"TablesOut",
               [](Design& d) {
                 Pin& first = pin(d, "table_c_n0", "spike_o");
                 Pin& second = pin(d, "table_c_n1", "spike_o");
                 const Wires all{first.front().link, 0, 8};
                 first = {{all.link, 0, 2}, {all.link, 6, 2}};
                 second = {{all.link, 2, 4}};
               },
               "c: mapping is wrong: no table makes a position of its tokens"},
        Damage{"Written",
               [](Design& d) {
                 Instance& memory = view_of(d, "b");
                 Pin& written = memory.pins[memory.unit->port("write_spike_i")];
                 const LinkId link = written.front().link;
                 written = {{link, 2, 2}, {link, 0, 2}};
               },
               "row 0 is not lane 0 of y_spike"},
        Damage{"Beside",
               [](Design& d) {
                 change(view_of(d, "b"), [](units::LineConfig& line) {
                   line.shape.beside = line.shape.neighbours = 4;
                   line.channels = 1;
                 });
               },
               "b.taps: mapping is wrong: its memory walks in other windows"},
        Damage{"Neighbours",
               [](Design& d) {
                 change(view_of(d, "b"), [](units::LineConfig& line) {
                   line.shape.neighbours = 18;
                   line.shape.rows.kernel = line.shape.cols.kernel = 1;
                 });
               },
               "b.taps: mapping is wrong: its memory walks in other windows"}),
    [](const auto& damage) { return damage.param.name; });

}  // namespace
}  // namespace map
