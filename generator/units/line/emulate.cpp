// Windows of a map, position by position.
#include <algorithm>

#include "units/line/line.hpp"

namespace units {

namespace {

// Positions of a map as tokens bring them: rows end with those of their last token.
std::int64_t row_of_tokens(const LineShape& shape) {
  return std::int64_t{shape.tokens_a_row()} * shape.beside;
}

// The set of channels, of those that tokens bring, that tap (`row`, `col`) of window (`y`, `x`)
// meets; -1 outside the map.
std::int64_t set_at(const LineShape& shape, int y, int x, int row, int col) {
  const int line = shape.rows.start(y) + row * shape.rows.dilation;
  const int place = shape.cols.start(x) + col * shape.cols.dilation;
  if (x >= shape.cols.windows() || !shape.rows.sees(line) || !shape.cols.sees(place)) return -1;
  const std::int64_t position =
      line / shape.rows.repeat * row_of_tokens(shape) + place / shape.cols.repeat;
  const int part = line % shape.rows.repeat * shape.cols.repeat + place % shape.cols.repeat;
  return position * shape.parts() + (shape.deals ? part : 0);
}

}  // namespace

void LineEmulator::write(const BusWindow& window) {
  std::size_t lane = 0;
  for (int n = 0; n < config_.shape.beside * config_.shape.parts(); ++n) {
    Values values(static_cast<std::size_t>(config_.channels));
    for (std::int64_t& value : values)
      value = value_of(window, lane++, config_.write, config_.value_bits);
    map_.push_back(std::move(values));
  }
}

const LineEmulator::Values* LineEmulator::tap(int column, int row, int col) const {
  const std::int64_t set = set_at(config_.shape, row_, column, row, col);
  return set < 0 ? nullptr : &map_[static_cast<std::size_t>(set)];
}

void LineEmulator::show(int column, Values& lanes) const {
  const Values silent(static_cast<std::size_t>(config_.channels), 0);
  std::vector<const Values*> met;
  for (int row = 0; row < config_.shape.rows.kernel; ++row)
    for (int col = 0; col < config_.shape.cols.kernel; ++col) {
      const Values* values = tap(column, row, col);
      if (values) met.push_back(values);
      if (config_.most) continue;
      if (!values) values = &silent;
      lanes.insert(lanes.end(), values->begin(), values->end());
    }
  for (int c = 0; config_.most && c < config_.channels; ++c) lanes.push_back(most(c, met));
}

std::int64_t LineEmulator::most(int channel, const std::vector<const Values*>& met) const {
  if (met.empty()) return 0;
  const auto value = [channel](const Values* values) {
    return (*values)[static_cast<std::size_t>(channel)];
  };
  const auto [least, largest] = std::ranges::minmax(met, {}, value);
  return value(channel < config_.channels - config_.least ? largest : least);
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
    map_.erase(map_.begin(), map_.begin() + shape.rows.size * row_of_tokens(shape) * shape.parts());
  }
  return window_of(lanes, config_.read, config_.value_bits);
}

namespace {

// Binary trains pass through memory plane by plane: what a tap reads are whole rows of lanes.
class Planes {
 public:
  Planes(const LineConfig& config, const Trains& written, Trains& read)
      : config_(config), written_(written), read_(read) {}

  // The windows of firing `firing` of map `map`.
  void show(std::int64_t map, std::int64_t firing) {
    const LineShape& shape = config_.shape;
    const int groups = shape.firings_a_row();
    const std::int64_t window = map * shape.firings() + firing;
    int lane = 0;
    for (int n = 0; n < shape.neighbours; ++n)
      for (int row = 0; row < shape.rows.kernel; ++row)
        for (int col = 0; col < shape.cols.kernel; ++col, lane += config_.channels) {
          const std::int64_t set =
              set_at(shape, static_cast<int>(firing / groups),
                     static_cast<int>(firing % groups) * shape.neighbours + n, row, col);
          if (set >= 0) copy(map * shape.tokens() * sets() + set, window, lane);
        }
  }

 private:
  // Of a token.
  int sets() const { return config_.shape.beside * config_.shape.parts(); }

  // Planes stand at the end of either side's windows.
  void copy(std::int64_t set, std::int64_t window, int lane) {
    const std::int64_t token = set / sets();
    const int first = static_cast<int>(set % sets()) * config_.channels;
    const auto end = [](std::int64_t index, int ticks) {
      return static_cast<std::size_t>((index + 1) * ticks);
    };
    for (int plane = 1; plane <= config_.value_bits; ++plane)
      read_.merge(end(window, config_.read.bits) - static_cast<std::size_t>(plane), lane, written_,
                  end(token, config_.write.bits) - static_cast<std::size_t>(plane), first,
                  config_.channels);
  }

  const LineConfig& config_;
  const Trains& written_;
  Trains& read_;
};

// The windows of the tokens that memory takes.
Trains taken(const LineConfig& config, const Trains& written) {
  const auto ticks = static_cast<std::size_t>(window_ticks(config.write));
  const auto sent = static_cast<std::size_t>(config.shape.sent());
  const std::size_t windows = written.ticks() / ticks;
  Trains kept(written.lanes(),
              windows / sent * static_cast<std::size_t>(config.shape.tokens()) * ticks);
  std::size_t to = 0;
  for (std::size_t w = 0; w < windows; ++w) {
    if (!config.shape.takes(static_cast<std::int64_t>(w % sent))) continue;
    for (std::size_t t = 0; t < ticks; ++t, ++to)
      kept.merge(to, 0, written, w * ticks + t, 0, written.lanes());
  }
  return kept;
}

}  // namespace

Trains through(const LineConfig& config, const Trains& sent) {
  if (!config.shape.takes_all()) {
    LineConfig whole = config;
    whole.shape.rows.skipped = whole.shape.cols.skipped = 0;
    return through(whole, taken(config, sent));
  }
  const Trains& written = sent;
  const auto in = static_cast<std::size_t>(window_ticks(config.write));
  const auto out = static_cast<std::size_t>(window_ticks(config.read));
  const auto tokens = static_cast<std::size_t>(config.shape.tokens());
  const auto firings = static_cast<std::size_t>(config.shape.firings());
  const std::size_t maps = written.ticks() / in / tokens;
  Trains read(read_lanes(config), maps * firings * out);
  if (holds_planes(config) && !config.most) {
    Planes planes(config, written, read);
    for (std::size_t i = 0; i < maps * firings; ++i)
      planes.show(static_cast<std::int64_t>(i / firings), static_cast<std::int64_t>(i % firings));
    return read;
  }
  LineEmulator line(config);
  for (std::size_t map = 0; map < maps; ++map) {
    for (std::size_t t = 0; t < tokens; ++t) line.write(window_at(written, map * tokens + t, in));
    for (std::size_t f = 0; f < firings; ++f) put_window(line.read(), map * firings + f, read);
  }
  return read;
}

}  // namespace units
