// Products of two signals, by quarters of squares: a * b = (a + b)^2 / 4 - (a - b)^2 / 4. Crossbars
// make sums and differences, tables the quarters.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "quant/builder.hpp"

namespace quant {

namespace {

// Channel by channel one of each: the two rows of a group each. A single channel goes with all.
std::vector<Piece> interleaved(const Piece& a, const Piece& b, int area) {
  std::vector<Piece> pieces;
  for (int at = 0; at < std::max(a.count, b.count); at += area) {
    pieces.push_back({a.signal, a.first + at % a.count, area});
    pieces.push_back({b.signal, b.first + at % b.count, area});
  }
  return pieces;
}

// a + sign * b, channel by channel, times a factor each.
OpenProduct two_a_channel(const Piece& a, const Piece& b, Pair map, double sign,
                          Eigen::VectorXd gain) {
  const Eigen::Index channels = gain.size();
  OpenProduct product;
  product.window.map = map;
  product.groups = static_cast<int>(channels);
  product.offset = Eigen::VectorXd::Zero(channels);
  Eigen::MatrixXd weights(2, channels);
  weights.row(0).setOnes();
  weights.row(1).setConstant(sign);
  product.terms.push_back({interleaved(a, b, map.area()), std::move(weights),
                           Eigen::VectorXd::Ones(channels), std::move(gain), true});
  return product;
}

// Channels of one position each.
bool is_of_points(const nn::Value& value) {
  return value.shape.size() > 2 &&
         std::ranges::all_of(value.shape.begin() + 2, value.shape.end(),
                             [](std::int64_t extent) { return extent == 1; });
}

Eigen::ArrayXd quarter_of_square(const Eigen::ArrayXd& x) { return x.square() / 4; }

}  // namespace

// One signal, or whole channels of one, times a factor each. What is one position for the graph may
// be elements of a map.
Carried Builder::factor_of(const std::string& name, const Factor& from) {
  const Carried& in = from.in;
  const Piece& piece = in.pieces.front();
  const Pair map = signal(piece).map;
  const bool points =
      map.area() > 1 && from.value.valid() && is_of_points(graph_.value(from.value));
  const bool plain = in.pieces.size() == 1 && !points && piece.first % map.area() == 0 &&
                     piece.count % map.area() == 0 && in.after.offset.isZero(0) &&
                     in.after.by_channel(map.area());
  Carried factor = in;
  if (!plain) factor = wrapped(name, from.value, in, points ? Pair() : map_of(in));
  signal(factor.pieces.front()).sealed = true;
  return factor;
}

// The factors as maps of the same extents: what has one element a channel, or a row of them, is
// repeated. An input that nothing has said the extents of has those of the other factor.
void Builder::align(const nn::Node& node, Carried& a, Carried& b) {
  const auto map_at = [&](const Carried& in) -> Pair& { return signal(in.pieces.front()).map; };
  for (const auto& [in, other] : {std::pair(&a, &b), std::pair(&b, &a)})
    if (signal(in->pieces.front()).is_input() && is_whole(in->pieces.front()) &&
        map_at(*in).area() == 1 && in->count() == other->count())
      map_at(*in) = map_at(*other);
  const Pair all{std::max(map_at(a).y, map_at(b).y), std::max(map_at(a).x, map_at(b).x)};
  for (Carried* in : {&a, &b})
    *in = repeated(node.name + (in == &a ? "_left" : "_right"), *in, all);
  const int channels = a.count() / all.area();
  const int others = b.count() / all.area();
  if (map_at(a) != map_at(b) || (channels != others && std::min(channels, others) != 1))
    refuse(node, "multiplies maps by elements that are no such map",
           "flatten or reshape behind the product, not before it");
}

// Maps of one row or one column, or both, as `map` of them that are equal: windows that reach so
// far beyond the map that each of them meets one position.
Carried Builder::repeated(const std::string& name, Carried in, Pair map) {
  Piece& piece = in.pieces.front();
  const auto walk = [&](const char* along, Pair kernel) {
    const Pair from = signal(piece).map;
    Window window{.kernel = kernel, .map = from};
    window.pad_begin = window.pad_end = {kernel.y - 1, kernel.x - 1};
    const Pair to = window.windows();
    Signal made{.name = name + along, .count = piece.count / from.area() * to.area(), .map = to};
    made.merge = OpenMerge{piece, window};
    in.after = in.after.by_channel(from.area())->spread(to.area());
    piece = {draft_.signals.push_back(std::move(made)), 0, piece.count / from.area() * to.area()};
  };
  if (signal(piece).map.x == 1 && map.x > 1) walk("_columns", {1, map.x});
  if (signal(piece).map.y == 1 && map.y > 1) walk("_rows", {map.y, 1});
  return in;
}

// A quarter of the square of a + sign * b, in codes.
Piece Builder::quarter_square(const std::string& name, const Piece& a, const Piece& b, Pair map,
                              double sign) {
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(std::max(a.count, b.count) / map.area());
  OpenProduct sums = two_a_channel(a, b, map, sign, ones);
  sums.of_codes = true;
  const Piece sum = add_product(name, {}, std::move(sums)).pieces.front();
  Signal made{.name = name + "_squared", .count = sum.count, .map = map};
  made.table = OpenTable{sum, quarter_of_square, 1, {a.signal, b.signal}};
  made.sealed = true;
  return {draft_.signals.push_back(std::move(made)), 0, sum.count};
}

Carried Builder::sums_of_codes(const nn::Node& node, const std::string& name, const Carried& in,
                               Eigen::MatrixXd weights) {
  OpenProduct product;
  product.window.map = map_of(in);
  if (weights.rows() != in.count() / product.window.map.area())
    refuse(node, "computes across channels of moved or cut maps",
           "keep the channels on axis 1, and work on whole maps");
  const Eigen::Index cols = weights.cols();
  product.offset = Eigen::VectorXd::Zero(cols);
  product.of_codes = true;
  product.terms.push_back({in.pieces, std::move(weights), Eigen::VectorXd::Ones(cols),
                           Eigen::VectorXd::Ones(cols), true});
  return add_product(name, {}, std::move(product));
}

Carried Builder::expanded(const nn::Node& node, const std::string& name, const Factor& in,
                          const Shape& shape) {
  Carried out = repeated(name, factor_of(name + "_input", in), {shape.height, shape.width});
  const Piece piece = out.pieces.front();
  const int channels = piece.count / shape.positions();
  if (signal(piece).map != Pair{shape.height, shape.width} ||
      (channels != shape.channels && channels != 1))
    refuse(node, "repeats elements that are no such map",
           "flatten or reshape behind it, not before");
  if (channels != shape.channels) {
    out.after = out.after.first();
    out.pieces.assign(static_cast<std::size_t>(shape.channels), piece);
  }
  return out;
}

void Builder::multiply(const nn::Node& node, const Factor& left, const Factor& right) {
  Carried a = factor_of(node.name + "_left", left);
  Carried b = factor_of(node.name + "_right", right);
  align(node, a, b);
  const Piece& x = a.pieces.front();
  const Piece& y = b.pieces.front();
  const Pair map = signal(x).map;
  const Piece sum = quarter_square(node.name + "_sum", x, y, map, 1);
  const Piece difference = quarter_square(node.name + "_difference", x, y, map, -1);
  const auto gain_of = [&](const Carried& factor) {
    return factor.after.by_channel(map.area())->gain_of(sum.count / map.area());
  };
  set(node,
      add_product(node.name, node.outputs.at(0),
                  two_a_channel(sum, difference, map, -1, gain_of(a).cwiseProduct(gain_of(b)))),
      fmt::format("{} products of two signals, by squares of sums and differences: 3 layers and 2 "
                  "tables",
                  sum.count));
}

}  // namespace quant
