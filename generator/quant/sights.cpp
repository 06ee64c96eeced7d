#include "quant/sights.hpp"

#include <algorithm>
#include <span>

namespace quant {

namespace {

// Along one axis.
struct Along {
  int repeat = 1;
  int step = 1;
  int begin = 0;
};

// How the lines at which a map is seen, -1 for zeros, follow from each other; a guess, which shows
// whether it is right when all of it is compared.
std::optional<Along> along(const std::vector<int>& lines, int size) {
  const auto first = std::ranges::find_if(lines, [](int line) { return line >= 0; });
  if (first == lines.end()) return {};
  const auto last = std::find(first, lines.end(), -1);
  const auto at = static_cast<int>(first - lines.begin());
  const bool once = std::adjacent_find(first, last) == last;
  if (once) {
    int step = last - first > 1 ? first[1] - first[0] : 1;
    if (last - first == 1 && at > 0) step = *first + 1;  // the one before is none of the map's
    if (last - first == 1 && last != lines.end()) step = std::max(step, size - *first);
    return Along{1, step, *first - at * step};
  }
  std::ptrdiff_t repeat = 1;
  for (auto run = first; run != last;) {
    const auto end = std::find_if(run, last, [&](int line) { return line != *run; });
    repeat = std::max(repeat, end - run);
    run = end;
  }
  const auto second = std::find_if(first, last, [&](int line) { return line != *first; });
  const auto times = static_cast<int>(repeat);
  const auto from = second == last ? first : second;
  return Along{times, 1, *from * times - static_cast<int>(from - lines.begin())};
}

// Of each line of a map of extents `map` the line that it shows, if any.
template <class F>
std::vector<int> lines_of(int lines, int across, F&& line_at) {
  std::vector<int> shown(static_cast<std::size_t>(lines), -1);
  for (int line = 0; line < lines; ++line)
    for (int i = 0; i < across && shown[static_cast<std::size_t>(line)] < 0; ++i)
      shown[static_cast<std::size_t>(line)] = line_at(line, i);
  return shown;
}

bool shows(const Sight& sight, const Shape& shape, std::span<const Spot> spots, int first) {
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const int element = spots[i].source < 0 ? -1 : spots[i].element;
    if (sight.element(shape, first + static_cast<int>(i)) != element) return false;
  }
  return true;
}

Sight plain_if_whole(const Sight& sight, const Shape& shape) {
  const bool whole = sight == Sight{.extent = {shape.height, shape.width}};
  return whole ? Sight() : sight;
}

// The sight of one channel, `spots`, of maps of `shape`.
std::optional<Sight> sight_of(std::span<const Spot> spots, const Shape& shape, Pair map) {
  const auto position = [&](int y, int x) {
    const Spot& spot = spots[static_cast<std::size_t>(y * map.x + x)];
    return spot.source < 0 ? -1 : spot.element % shape.positions();
  };
  const auto row = [&](int at) { return at < 0 ? -1 : at / shape.width; };
  const auto col = [&](int at) { return at < 0 ? -1 : at % shape.width; };
  const auto rows = along(lines_of(map.y, map.x, [&](int y, int x) { return row(position(y, x)); }),
                          shape.height);
  const auto cols =
      along(lines_of(map.x, map.y, [&](int x, int y) { return col(position(y, x)); }), shape.width);
  if (!rows || !cols || rows->step < 1 || cols->step < 1) return {};
  return Sight{.extent = map,
               .repeat = {rows->repeat, cols->repeat},
               .step = {rows->step, cols->step},
               .begin = {rows->begin, cols->begin}};
}

// Which tensor and which of its channels a channel shows; -1: none, or several.
Spot channel_of(std::span<const Spot> spots, const std::vector<Shape>& sources) {
  const auto any = std::ranges::find_if(spots, [](const Spot& spot) { return spot.source >= 0; });
  if (any == spots.end()) return {};
  const int area = sources[static_cast<std::size_t>(any->source)].positions();
  const bool one = std::ranges::all_of(spots, [&](const Spot& spot) {
    return spot.source < 0 ||
           (spot.source == any->source && spot.element / area == any->element / area);
  });
  return one ? Spot{any->source, any->element / area} : Spot{};
}

// A channel joins the run before it if it is what that one shows next.
void add(std::vector<Run>& runs, const Run& next) {
  Run* last = runs.empty() ? nullptr : &runs.back();
  if (last && last->source == next.source && last->sight == next.sight &&
      last->first + last->count == next.first)
    last->count += next.count;
  else
    runs.push_back(next);
}

// Channel by channel.
std::optional<std::vector<Run>> moved_runs(const std::vector<Spot>& spots,
                                           const std::vector<Shape>& sources, Pair map) {
  std::vector<Run> runs;
  const auto area = static_cast<std::size_t>(map.area());
  for (std::size_t at = 0; at < spots.size(); at += area) {
    const std::span<const Spot> channel(spots.data() + at, area);
    const Spot from = channel_of(channel, sources);
    if (from.source < 0) return {};
    const Shape& shape = sources[static_cast<std::size_t>(from.source)];
    const int first = from.element * map.area();
    std::optional<Sight> sight;
    if (!runs.empty() && runs.back().source == from.source &&
        shows(runs.back().sight, shape, channel, first))
      sight = runs.back().sight;
    else if (sight = sight_of(channel, shape, map); !sight || !shows(*sight, shape, channel, first))
      return {};
    add(runs, {from.source, plain_if_whole(*sight, shape), first, map.area()});
  }
  return runs;
}

// All channels, dealt from one tensor.
std::optional<std::vector<Run>> dealt_runs(const std::vector<Spot>& spots,
                                           const std::vector<Shape>& sources, Pair map) {
  if (sources.size() != 1) return {};
  const Shape& shape = sources.front();
  Sight sight{.extent = map, .repeat = {map.y / shape.height, map.x / shape.width}};
  if (shape.height * sight.repeat.y != map.y || shape.width * sight.repeat.x != map.x ||
      sight.repeat.area() < 2 || static_cast<int>(spots.size()) != shape.count())
    return {};
  for (const Deal deal : {Deal::kPartsFirst, Deal::kChannelsFirst}) {
    sight.deal = deal;
    if (shape.channels % sight.parts() == 0 && shows(sight, shape, spots, 0))
      return std::vector{Run{0, sight, 0, shape.count()}};
  }
  return {};
}

}  // namespace

std::optional<std::vector<Run>> runs_of(const std::vector<Spot>& spots,
                                        const std::vector<Shape>& sources, Pair map) {
  auto runs = moved_runs(spots, sources, map);
  return runs ? runs : dealt_runs(spots, sources, map);
}

}  // namespace quant
