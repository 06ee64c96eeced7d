#include "pnr/floorplan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"

namespace pnr {

namespace {

// Sizes in the units of the picture.
constexpr int kTile = 34, kChannel = 14, kPitch = kTile + kChannel, kMargin = 12, kLegend = 64;

// For XML; names of strangers are made printable first.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char one : base::printable(text)) {
    if (one == '&')
      out += "&amp;";
    else if (one == '<')
      out += "&lt;";
    else if (one == '"')
      out += "&quot;";
    else
      out += one;
  }
  return out;
}

// From white over orange to dark red.
std::string heat(double share) {
  const double at = std::clamp(share, 0.0, 1.0);
  const auto mix = [](double from, double to, double part) {
    return static_cast<int>(std::lround(from + (to - from) * part));
  };
  if (at < 0.5)
    return fmt::format("#{:02x}{:02x}{:02x}", mix(250, 244, 2 * at), mix(250, 165, 2 * at),
                       mix(250, 80, 2 * at));
  return fmt::format("#{:02x}{:02x}{:02x}", mix(244, 150, 2 * at - 1), mix(165, 10, 2 * at - 1),
                     mix(80, 20, 2 * at - 1));
}

class Drawing {
 public:
  Drawing(const Implementation& done, const fabric::Graph& graph)
      : done_(done), graph_(graph), architecture_(graph.architecture()) {}

  std::string run() {
    count_tracks();
    const int width = (architecture_.columns + 2) * kPitch + 2 * kMargin;
    const int height = (architecture_.rows + 2) * kPitch + 2 * kMargin + kLegend;
    svg_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" font-family=\"sans-serif\" font-size=\"11\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        std::max(width, kLegendWidth), height);
    draw_channels();
    draw_tiles();
    draw_legend(height - kLegend + 4);
    return svg_ + "</svg>\n";
  }

 private:
  static constexpr int kLegendWidth = 560;
  using Segment = std::pair<int, int>;  // channel, tile along it

  int left(int x) const { return kMargin + x * kPitch; }
  // Row 0 is at the bottom.
  int top(int y) const { return kMargin + (architecture_.rows + 1 - y) * kPitch; }

  void count_tracks() {
    for (const Tree& tree : done_.routing.trees)
      for (const Branch& branch : tree.branches) {
        if (!graph_.is_wire(branch.node)) continue;
        const fabric::Span& at = graph_.span(branch.node);
        if (graph_.kind(branch.node) == fabric::NodeKind::kHorizontal)
          for (int x = at.x_low; x <= at.x_high; ++x) ++horizontal_[{at.y_low, x}];
        else
          for (int y = at.y_low; y <= at.y_high; ++y) ++vertical_[{at.x_low, y}];
      }
  }

  void rect(int x, int y, int width, int height, const std::string& fill,
            const std::string& title) {
    svg_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" stroke=\"#c8c8c8\" "
        "stroke-width=\"0.5\"><title>{}</title></rect>\n",
        x, y, width, height, fill, escaped(title));
  }

  void text(int x, int y, const std::string& what) {
    svg_ +=
        fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#303030\">{}</text>\n", x, y, escaped(what));
  }

  void draw_channels() {
    const int width = architecture_.channel_width;
    for (int y = 0; y <= architecture_.rows; ++y)
      for (int x = 1; x <= architecture_.columns; ++x)
        rect(left(x), top(y) - kChannel, kTile, kChannel,
             heat(static_cast<double>(horizontal_[{y, x}]) / width),
             fmt::format("above ({}, {}): {} of {} tracks", x, y, horizontal_[{y, x}], width));
    for (int x = 0; x <= architecture_.columns; ++x)
      for (int y = 1; y <= architecture_.rows; ++y)
        rect(left(x) + kTile, top(y), kChannel, kTile,
             heat(static_cast<double>(vertical_[{x, y}]) / width),
             fmt::format("right of ({}, {}): {} of {} tracks", x, y, vertical_[{x, y}], width));
  }

  // What lies on a tile: of logic how many elements, of pads which.
  struct Content {
    int used = 0;
    std::string names;
  };

  void draw_tiles() {
    std::map<std::pair<int, int>, Content> contents;
    for (std::size_t i = 0; i < done_.placement.size(); ++i) {
      const bool is_logic = i < done_.packing.tiles.size();
      Content& content = contents[{done_.placement[i].x, done_.placement[i].y}];
      content.used += is_logic ? static_cast<int>(done_.packing.tiles[i].size()) : 1;
      content.names += (content.names.empty() ? "" : ", ") + done_.packing.packed.blocks[i].name;
    }
    for (int y = 0; y <= architecture_.rows + 1; ++y)
      for (int x = 0; x <= architecture_.columns + 1; ++x) draw_tile(x, y, contents[{x, y}]);
  }

  // How a kind of tile is drawn: what it holds, and how many of that.
  struct Look {
    int places;
    std::string what;
    const char* fill;
  };

  Look look_of(fabric::Tile tile, int x) const {
    if (tile == fabric::Tile::kLogic) return {architecture_.luts, "LUTs", "#4f86c6"};
    if (tile == fabric::Tile::kIo) return {architecture_.io_slots, "pads", "#6aa84f"};
    const auto kind = static_cast<std::size_t>(fabric::hard_in(architecture_, x));
    return {1, architecture_.hard[kind].name, hard_fill(kind)};
  }

  static const char* hard_fill(std::size_t kind) {
    constexpr const char* kFills[] = {"#9a6fb0", "#c9825a", "#5aa6a6", "#b0a04f"};
    return kFills[kind % std::size(kFills)];
  }

  void draw_tile(int x, int y, const Content& content) {
    const fabric::Tile tile = fabric::tile_at(architecture_, x, y);
    if (tile == fabric::Tile::kEmpty) return;
    const Look look = look_of(tile, x);
    const int places = look.places;
    rect(left(x), top(y), kTile, kTile, "#f4f4f4",
         fmt::format("({}, {}): {} of {} {}{}{}", x, y, content.used, places, look.what,
                     content.names.empty() ? "" : ": ", content.names));
    if (content.used == 0) return;
    const int filled = std::max(2, kTile * content.used / places);
    svg_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" "
        "pointer-events=\"none\"/>\n",
        left(x), top(y) + kTile - filled, kTile, filled, look.fill);
    svg_ += fmt::format(
        "<text x=\"{}\" y=\"{}\" fill=\"#202020\" text-anchor=\"middle\" "
        "pointer-events=\"none\">{}</text>\n",
        left(x) + kTile / 2, top(y) + kTile / 2 + 4, content.used);
  }

  void draw_legend(int y) {
    const auto entry = [&](int x, const std::string& fill, const std::string& what, int down = 0) {
      rect(kMargin + x, y + down, 14, 14, fill, what);
      text(kMargin + x + 19, y + down + 11, what);
    };
    entry(0, "#4f86c6", "LUTs in use");
    entry(110, "#6aa84f", "pads in use");
    text(kMargin + 220, y + 11, "tracks in use: 0");
    std::vector<int> entries = {0};  // where each begins
    for (const fabric::HardTile& tile : architecture_.hard)
      entries.push_back(entries.back() + 40 + 7 * static_cast<int>(tile.name.size()));
    for (std::size_t kind = 0; kind < architecture_.hard.size(); ++kind)
      entry(entries[kind], hard_fill(kind), architecture_.hard[kind].name, 40);
    for (int i = 0; i <= 10; ++i)
      rect(kMargin + 308 + 14 * i, y, 14, 14, heat(i / 10.0), fmt::format("{} %", 10 * i));
    text(kMargin + 468, y + 11, "100 %");
    text(kMargin, y + 34,
         fmt::format("{}: {} tiles and {} nets on {} x {} tiles, {} tracks a channel",
                     done_.netlist.name, done_.packing.tiles.size(),
                     done_.packing.packed.nets.size(), architecture_.columns, architecture_.rows,
                     architecture_.channel_width));
  }

  const Implementation& done_;
  const fabric::Graph& graph_;
  const fabric::Architecture& architecture_;
  std::map<Segment, int> horizontal_, vertical_;  // tracks in use
  std::string svg_;
};

}  // namespace

std::string floorplan_svg(const Implementation& done, const fabric::Graph& graph) {
  return Drawing(done, graph).run();
}

}  // namespace pnr
