// Windows of a map, position by position.
#include <algorithm>

#include "units/line/line.hpp"

namespace units {

void LineEmulator::write(const BusWindow& window) {
  Values values(static_cast<std::size_t>(config_.channels));
  for (std::size_t c = 0; c < values.size(); ++c)
    values[c] = value_of(window, c, config_.write, config_.value_bits);
  map_.push_back(std::move(values));
}

LineEmulator::Values LineEmulator::tap(int column, int row, int col) const {
  const LineAxis& rows = config_.shape.rows;
  const LineAxis& cols = config_.shape.cols;
  const int y = row_ * rows.stride + row * rows.dilation - rows.pad_begin;
  const int x = column * cols.stride + col * cols.dilation - cols.pad_begin;
  const bool in_map = column < cols.windows() && y >= 0 && y < rows.size && x >= 0 && x < cols.size;
  if (!in_map) return Values(static_cast<std::size_t>(config_.channels), 0);
  return map_[static_cast<std::size_t>(y) * static_cast<std::size_t>(cols.size) +
              static_cast<std::size_t>(x)];
}

void LineEmulator::show(int column, Values& lanes) const {
  Values largest(static_cast<std::size_t>(config_.channels), 0);
  for (int row = 0; row < config_.shape.rows.kernel; ++row)
    for (int col = 0; col < config_.shape.cols.kernel; ++col) {
      const Values values = tap(column, row, col);
      if (!config_.most) lanes.insert(lanes.end(), values.begin(), values.end());
      for (std::size_t c = 0; c < values.size(); ++c) largest[c] = std::max(largest[c], values[c]);
    }
  if (config_.most) lanes.insert(lanes.end(), largest.begin(), largest.end());
}

BusWindow LineEmulator::read() {
  const LineShape& shape = config_.shape;
  Values lanes;
  for (int n = 0; n < shape.neighbours; ++n) show(column_ + n, lanes);
  column_ += shape.neighbours;
  if (column_ >= shape.cols.windows()) {
    column_ = 0;
    ++row_;
  }
  if (row_ == shape.rows.windows()) {
    row_ = 0;
    map_.erase(map_.begin(), map_.begin() + shape.tokens());
  }
  return window_of(lanes, config_.read, config_.value_bits);
}

Trains through(const LineConfig& config, const Trains& written) {
  const auto in = static_cast<std::size_t>(window_ticks(config.write));
  const auto out = static_cast<std::size_t>(window_ticks(config.read));
  const auto tokens = static_cast<std::size_t>(config.shape.tokens());
  const auto firings = static_cast<std::size_t>(config.shape.firings());
  const std::size_t maps = written.ticks() / in / tokens;
  Trains read(read_lanes(config), maps * firings * out);
  LineEmulator line(config);
  for (std::size_t map = 0; map < maps; ++map) {
    for (std::size_t t = 0; t < tokens; ++t) line.write(window_at(written, map * tokens + t, in));
    for (std::size_t f = 0; f < firings; ++f) put_window(line.read(), map * firings + f, read);
  }
  return read;
}

}  // namespace units
