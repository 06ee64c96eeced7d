// Recurrent cells: sequences as maps of one column or one row, a channel each feature.
#include <fmt/format.h>

#include <algorithm>

#include "quant/builder.hpp"
#include "quant/elements.hpp"

namespace quant {

namespace {

// Element by element of maps, channel by channel, where a sequence has it that comes step by step.
std::vector<int> feature_by_feature(int steps, int features) {
  std::vector<int> order;
  for (int f = 0; f < features; ++f)
    for (int t = 0; t < steps; ++t) order.push_back(t * features + f);
  return order;
}

std::vector<int> step_after_step(int steps, int features) {
  std::vector<int> order;
  for (int t = 0; t < steps; ++t)
    for (int f = 0; f < features; ++f) order.push_back(f * steps + t);
  return order;
}

}  // namespace

bool Builder::is_read(nn::ValueId id) const { return readers_[id.index()] > 0; }

// An input that nobody else reads comes in the order that the cells want; others are moved.
Carried Builder::sequence(const nn::Node& node, nn::ValueId id, int steps, int features) {
  const Carried in = real(node, id);
  const std::vector<int> order = feature_by_feature(steps, features);
  if (in.count() != steps * features)
    refuse(node, "reads a part of its samples", "give it whole sequences");
  Signal& first = signal(in.pieces.front());
  if (in.pieces.size() == 1 && is_free(in.pieces[0]) && first.is_input() && first.order.empty() &&
      in.after.is_uniform() && first.encoding.is_uniform()) {
    first.order = order;
    first.map = {steps, 1};
    Carried out = in;
    out.sample_axis = 0;
    return out;
  }
  Carried out = taken(in, order);
  const Pair made = signal(out.pieces.front()).map;
  const bool is_line = made.area() == steps && are_maps(out, made) && std::min(made.y, made.x) == 1;
  const Pair map = is_line ? made : Pair{steps, 1};
  if (!is_line) out = moved(node, in, order, map);
  out.sample_axis = 0;
  if (!are_maps(out, map) || !out.after.by_channel(steps))
    refuse(node, "reads steps that others read as well, or that were moved",
           "give each recurrent layer the whole answer of another, or an input of its own");
  const bool one = out.pieces.size() == 1 && !signal(out.pieces[0]).move;
  return one ? out : wrapped(node.name + "_input", id, out, map);
}

Carried Builder::cells(const nn::Node& node, const Carried& in,
                       std::shared_ptr<const RealCells> real) {
  const Piece& piece = in.pieces.front();
  const Pair map = signal(piece).map;
  signal(piece).sealed = true;
  Signal made{.name = node.name, .count = static_cast<int>(real->cells()) * map.area(), .map = map};
  made.cell = OpenCell{piece, *in.after.by_channel(map.area()), std::move(real)};
  made.sealed = true;
  const int count = made.count;
  return {.pieces = {{draft_.signals.push_back(std::move(made)), 0, count}}};
}

Carried Builder::step_by_step(const Carried& maps) const {
  const int steps = signal(maps.pieces.front()).map.area();
  return taken(maps, step_after_step(steps, maps.count() / steps));
}

Carried Builder::last_step(const nn::Node& node, const Carried& maps) {
  const Piece& piece = maps.pieces.front();
  const int steps = signal(piece).map.area();
  const Pair map = signal(piece).map;
  const Sight sight{.extent = {1, 1}, .begin = {map.y - 1, map.x - 1}};
  const int count = piece.count / steps;
  if (steps == 1) return maps;
  return {.pieces = {{shown(node.name + "_last", piece.signal, sight), 0, count}}};
}

}  // namespace quant
