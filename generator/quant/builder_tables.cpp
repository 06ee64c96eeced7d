// Functions of single elements, as tables over what the elements can be.
#include <algorithm>
#include <set>

#include "quant/builder.hpp"

namespace quant {

namespace {

// What the host does with results.
const std::set<std::string> kHostOps{"ArgMax",  "Softmax", "LogSoftmax", "Flatten",
                                     "Reshape", "Squeeze", "Unsqueeze",  "Identity",
                                     "Dropout", "Sigmoid", "Tanh",       "LeakyRelu"};

}  // namespace

bool Builder::ends_the_model(const nn::Node& node) const {
  return std::ranges::all_of(node.outputs, [&](nn::ValueId out) {
    return !out.valid() || std::ranges::all_of(uses_.readers[out.index()], [&](nn::NodeId reader) {
      const nn::Node& next = graph_.node(reader);
      return !live_[reader.index()] || (kHostOps.contains(next.op) && ends_the_model(next));
    });
  });
}

std::optional<OpenTable> Builder::function_of(nn::ValueId id) const {
  if (!is_signal(id)) return {};
  const Carried& in = at(id);
  if (in.stage != Stage::kReal || in.pieces.size() != 1 || !in.after.is_uniform()) return {};
  const Signal& from = signal(in.pieces[0]);
  if (!is_whole(in.pieces[0])) return {};
  const double gain = in.after.gain[0];
  const double offset = in.after.offset[0];
  if (!from.table || from.quantiser || from.is_bounded())
    return OpenTable{in.pieces[0], [=](double x) { return gain * x + offset; }};
  return OpenTable{from.table->input,
                   [=, f = from.table->function](double x) { return gain * f(x) + offset; }};
}

void Builder::dissolve_tables(const nn::Node& node) {
  for (const nn::ValueId id : node.inputs) {
    Signal& from = signal(at(id).pieces.front());
    if (from.table && !from.sealed && !from.quantiser) from.dissolved = true;
  }
}

void Builder::tabulate(const nn::Node& node, const Carried& in,
                       std::function<double(double)> function) {
  Carried from = in;
  const bool fits = from.pieces.size() == 1 && is_whole(from.pieces[0]) &&
                    from.after.is_uniform() && !signal(from.pieces[0]).is_input();
  if (!fits) from = wrapped(node.name + "_input", node.inputs.at(0), from);
  const Piece piece = from.pieces[0];
  Signal made{.name = node.name, .count = piece.count, .map = signal(piece).map};
  made.table =
      OpenTable{piece, [f = std::move(function), gain = from.after.gain[0],
                        offset = from.after.offset[0]](double x) { return f(gain * x + offset); }};
  made.tap = {node.outputs.at(0), 0, piece.count};
  // A table of a table that nobody else reads is one.
  Signal& before = signal(piece);
  if (before.table && !before.sealed && !before.quantiser && !before.is_bounded()) {
    made.table->function = [f = std::move(made.table->function),
                            g = before.table->function](double x) { return f(g(x)); };
    made.table->input = before.table->input;
    before.dissolved = true;
  }
  const Carried out{.pieces = {{draft_.signals.push_back(std::move(made)), 0, piece.count}}};
  set(node, out, "a table of what each element can be");
}

}  // namespace quant
