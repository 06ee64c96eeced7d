// Means of windows of which those at the edge have fewer elements than others. Every way in which a
// window meets the map has a column, which is 0 wherever a window meets it otherwise; the columns
// are added.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "quant/builder.hpp"

namespace quant {

namespace {

// Which taps of a window are on the map.
using Met = std::vector<bool>;

Met met_by(const Window& window, int w) {
  Met met;
  for (int tap = 0; tap < window.taps(); ++tap) met.push_back(window.position(w, tap) >= 0);
  return met;
}

// Ways to meet the map, and what their sums are divided by. A window beside the map has the sum 0.
using Ways = std::map<Met, int>;

Ways ways_of(const nn::Node& node, const Window& window, const std::vector<int>& parts) {
  Ways ways;
  for (std::size_t w = 0; w < parts.size(); ++w) {
    const Met met = met_by(window, static_cast<int>(w));
    if (std::ranges::count(met, true) == 0) continue;
    if (ways.emplace(met, parts[w]).first->second != parts[w])
      Builder::refuse(node, "divides windows by different numbers that meet the map alike",
                      "let padding not count (count_include_pad = 0)");
  }
  return ways;
}

// Greatest elements by which taps that should be on the map and are not, or the other way round,
// each put a column below 0 whatever the others are.
int weight_of(const Ways& ways) {
  int most = 1;
  for (const auto& [own, own_parts] : ways)
    for (const auto& [other, other_parts] : ways) {
      int differ = 0;
      for (std::size_t tap = 0; tap < own.size(); ++tap) differ += own[tap] != other[tap];
      const auto sum = static_cast<int>(std::ranges::count(other, true));
      if (differ > 0) most = std::max(most, (sum + differ - 1) / differ);
    }
  return most;
}

// Columns of sign * mean, a way each, of each channel: a group of the channel itself, and of one
// that is everywhere on the map the greatest that an element can be.
OpenProduct gated(const Ways& ways, const Window& window, int channels, double sign) {
  const int weight = weight_of(ways);
  const auto cols = static_cast<Eigen::Index>(ways.size());
  Eigen::MatrixXd group(2 * window.taps(), cols);
  Eigen::VectorXd offset(cols);
  OpenProduct product;
  product.window = window;
  product.groups = channels;
  product.of_codes = true;
  Eigen::Index col = 0;
  for (const auto& [met, parts] : ways) {
    for (Eigen::Index tap = 0; tap < window.taps(); ++tap) {
      group(2 * tap, col) = sign;
      group(2 * tap + 1, col) = met[static_cast<std::size_t>(tap)] ? weight : -weight;
    }
    offset[col++] = -weight * static_cast<double>(std::ranges::count(met, true));
  }
  for (int c = 0; c < channels; ++c)
    for (const auto& [met, parts] : ways) product.parts.push_back(parts);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(channels * cols);
  product.offset = offset.replicate(channels, 1);
  product.terms.push_back({{}, group.replicate(1, channels), ones, ones, true});
  return product;
}

// What the first of `signs` has of each channel, less what the second has, times `gain`.
OpenProduct sum_of_ways(const std::vector<Piece>& signs, Pair map, Eigen::VectorXd gain) {
  const Eigen::Index channels = gain.size();
  const int part = signs[0].count / static_cast<int>(channels);
  const Eigen::Index ways = part / map.area();
  Eigen::MatrixXd weights = Eigen::MatrixXd::Constant(ways * std::ssize(signs), channels, -1);
  weights.topRows(ways).setOnes();
  OpenProduct sum;
  sum.window.map = map;
  sum.groups = static_cast<int>(channels);
  sum.offset = Eigen::VectorXd::Zero(channels);
  std::vector<Piece> inputs;
  for (int c = 0; c < sum.groups; ++c)
    for (const Piece& piece : signs) inputs.push_back({piece.signal, c * part, part});
  sum.terms.push_back({std::move(inputs), std::move(weights), Eigen::VectorXd::Ones(channels),
                       std::move(gain), true});
  return sum;
}

}  // namespace

// One channel that has the greatest code of `piece` everywhere.
Piece Builder::everywhere_greatest(const std::string& name, const Piece& piece) {
  OpenProduct product;
  product.window.map = signal(piece).map;
  product.of_codes = true;
  product.offset = Eigen::VectorXd::Ones(1);
  product.terms.push_back({{{piece.signal, piece.first, product.window.map.area()}},
                           Eigen::MatrixXd::Zero(1, 1),
                           Eigen::VectorXd::Ones(1),
                           Eigen::VectorXd::Ones(1),
                           true});
  return add_product(name, {}, std::move(product)).pieces.front();
}

bool Builder::may_be_negative(const Piece& piece) const {
  const Signal& one = root(piece);
  if (!one.quantiser) return one.low != 0;
  return !one.quantiser->bipolar && one.quantiser->low < one.quantiser->zero;
}

// Columns of one sign; they are never negative.
Piece Builder::add_gated(const std::string& name, const Piece& x, const Piece& greatest,
                         OpenProduct product) {
  const int area = product.window.map.area();
  for (int at = 0; at < x.count; at += area) {
    product.terms[0].inputs.push_back({x.signal, x.first + at, area});
    product.terms[0].inputs.push_back(greatest);
  }
  const Piece made = add_product(name, {}, std::move(product)).pieces.front();
  signal(made).low = 0;
  return made;
}

void Builder::uneven_means(const nn::Node& node, Carried in, const Window& window,
                           const std::vector<int>& parts) {
  const Ways ways = ways_of(node, window, parts);
  as_maps(node, in, window);
  const Carried from = factor_of(node.name + "_input", {in, node.inputs.at(0)});
  const Piece x = from.pieces.front();
  const int channels = x.count / window.map.area();
  const Piece greatest = everywhere_greatest(node.name + "_greatest", x);
  std::vector<Piece> signs{
      add_gated(node.name + "_means", x, greatest, gated(ways, window, channels, 1))};
  if (may_be_negative(x))
    signs.push_back(
        add_gated(node.name + "_negative", x, greatest, gated(ways, window, channels, -1)));
  set(node,
      add_product(node.name, node.outputs.at(0),
                  sum_of_ways(signs, window.windows(),
                              from.after.by_channel(window.map.area())->gain_of(channels))),
      fmt::format("two layers: means of windows that meet the map in {} ways, and their sum",
                  ways.size()));
}

}  // namespace quant
