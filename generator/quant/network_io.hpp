// The integer network as a JSON document, so that what calibration chose is kept with a run.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "quant/network.hpp"

namespace quant {

/// All of `network`, every number exactly:
///
///   schema_version 4, name, weight_bits
///   tensors  in order, each with name, count (of features) or shape (of maps: channels, height,
///            width), format; and unless all are 1: unit, a number an element
///   inputs   tensor, gain, offset each (lists), order unless it is as stored: see InputEncoding
///   layers   in order, each with name, output (a tensor), inputs (sources), float_scale_error,
///            exact; and unless it is one position: window. A merge has merge ("max"); a product
///            has rounding, groups unless it is 1, and
///            weights  a line of text an input: an integer an output, blanks between
///            bias, threshold, weight_scale   a number an output
///   window   kernel, stride, dilation, pad_begin, pad_end, map: each [along y, along x]
///   outputs  sources
///   format   bits, signed, scale, low, high: a real value is scale times the integer
///   source   [tensor, first, count]; a tensor is its place in the list. Of maps that are moved
///            before they are read a sight follows
///   sight    extent, repeat, step, begin: each [along y, along x]; deal ("none", "parts_first",
///            "channels_first"): see quant/sight.hpp
nlohmann::json network_json(const Network& network);

/// The network of such a document. Throws kNotARunDirectory, naming the fault, if it is none: keys
/// missing or of other types, sizes that do not agree, a layer that reads what comes after it.
Network network_of(const nlohmann::json& document);

}  // namespace quant
