// The integer network as a JSON document, so that what calibration chose is kept with a run.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "quant/network.hpp"

namespace quant {

/// All of `network`, every number exactly:
///
///   schema_version 1, name, weight_bits, activation_bits
///   input   name, count, format, encoding (gain, offset, low, high): see InputEncoding
///   layers  in order, each with name, format (of its output), float_scale_error,
///           inputs   [source, first, count] each; source -1 is the network's input, else a layer
///           weights  a list an input, of one integer an output
///           bias, threshold, weight_scale   a number an output
///   format  bits, signed, scale: a real value is scale times the integer
nlohmann::json network_json(const Network& network);

/// The network of such a document. Throws kNotARunDirectory, naming the fault, if it is none: keys
/// missing or of other types, sizes that do not agree, a layer that reads what comes after it.
Network network_of(const nlohmann::json& document);

}  // namespace quant
