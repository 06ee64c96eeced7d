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

// The last position of maps of one column or one row.
Sight end_of(Pair map) { return {.extent = {1, 1}, .begin = {map.y - 1, map.x - 1}}; }

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
  made.cell = OpenCell{piece, *in.after.by_channel(map.area()), {.map = map}, std::move(real)};
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
  const int count = piece.count / steps;
  if (steps == 1) return maps;
  return {.pieces = {{shown(node.name + "_last", piece.signal, end_of(map)), 0, count}}};
}

// Whether all that others see of cells is their answer to the last of several steps.
bool Builder::is_last_alone(SignalId id) const {
  const Pair map = draft_.signals[id].map;
  const auto reads = [id](const Piece& piece) { return piece.signal == id; };
  const auto sees_more = [&](const Signal& one) {
    if (one.product)
      for (const Term& term : one.product->terms)
        if (std::ranges::any_of(term.inputs, reads)) return true;
    if (one.move) return one.move->input == id && one.move->sight != end_of(map);
    return (one.merge && reads(one.merge->input)) || (one.table && reads(one.table->input)) ||
           (one.cell && reads(one.cell->input));
  };
  return draft_.signals[id].cell && map.area() > 1 &&
         std::ranges::none_of(draft_.signals, sees_more) &&
         std::ranges::none_of(draft_.results,
                              [&](const Result& result) { return reads(result.piece); });
}

// Cells of which nobody reads another answer give no other, so that no memory has to wait for it.
void Builder::keep_last_answers() {
  for (const SignalId id : draft_.signals.ids()) {
    if (!is_last_alone(id)) continue;
    Signal& cells = draft_.signals[id];
    cells.cell->window.kernel = cells.map;
    cells.count = cells.channels();
    cells.map = {};
    for (Signal& one : draft_.signals)
      if (one.move && one.move->input == id) one.move->sight = {};
  }
}

}  // namespace quant
