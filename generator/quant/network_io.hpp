// The integer network as a JSON document, so that what calibration chose is kept with a run.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "quant/network.hpp"

namespace quant {

/// All of `network`, every number exactly:
///
///   schema_version 3, name, weight_bits
///   tensors  in order, each with name, count, format
///   inputs   tensor, gain, offset each (lists): see InputEncoding
///   layers   in order, each with name, output (a tensor), inputs (sources), rounding,
///            float_scale_error, exact
///            weights  a line of text an input: an integer an output, blanks between
///            bias, threshold, weight_scale   a number an output
///   outputs  sources
///   format   bits, signed, scale, low, high: a real value is scale times the integer
///   source   [tensor, first, count]; a tensor is its place in the list
nlohmann::json network_json(const Network& network);

/// The network of such a document. Throws kNotARunDirectory, naming the fault, if it is none: keys
/// missing or of other types, sizes that do not agree, a layer that reads what comes after it.
Network network_of(const nlohmann::json& document);

}  // namespace quant
