// Layers of cells as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "quant/cell_layer.hpp"

namespace quant {

/// All numbers of a layer.
nlohmann::json cells_json(const CellLayer& layer);

/// The inverse. Throws std::invalid_argument, or nlohmann::json::exception, for what is no layer.
CellLayer cells_of(const nlohmann::json& document);

}  // namespace quant
