// The one place where the enumerators of a spec meet the words that users write.
#pragma once

#include <array>
#include <string_view>

#include "config/spec.hpp"

namespace config {

/// kNames<E>[i] is the word of the enumerator with value i.
template <class E>
inline constexpr std::array<std::string_view, 0> kNames{};

template <>
inline constexpr std::array<std::string_view, 4> kNames<Layout>{"auto", "as_stored", "nhwc_to_nchw",
                                                                "nchw_to_nhwc"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Crossbar>{"parallel", "serial", "macro"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Neuron>{"exact", "signed", "paired"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Train>{"binary", "rate"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Top>{"full", "loaded"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Rounding>{"half_up", "half_even"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Calibration>{"max", "percentile", "mse"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Maximum>{"compare", "relu_tree"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Islands>{"auto", "layer", "one"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<TallLayers>{"cascade", "split_merge"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Simulator>{"verilator", "icarus"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Load>{"bus", "files"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Reset>{"synchronous", "asynchronous"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<SynthFlow>{"asic", "ice40", "ecp5",
                                                                   "xilinx"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Memories>{"gates", "macro"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<SwitchBox>{"disjoint", "wilton"};

/// The word of `value`.
template <class E>
std::string name_of(E value) {
  return std::string(kNames<E>.at(static_cast<std::size_t>(value)));
}

}  // namespace config
