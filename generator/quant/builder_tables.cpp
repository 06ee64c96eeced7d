// Functions of single elements, as tables over what the elements can be.
#include <algorithm>
#include <set>

#include "quant/builder.hpp"

namespace quant {

namespace {

// Whether a table that nobody else reads may become part of another.
bool is_open_table(const Signal& signal) {
  return signal.table && !signal.sealed && !signal.quantiser && !signal.is_bounded() &&
         signal.table->depth < OpenTable::kMostDepth;
}

// What the host does with results.
const std::set<std::string> kHostOps{"ArgMax",  "Softmax", "LogSoftmax", "Flatten",
                                     "Reshape", "Squeeze", "Unsqueeze",  "Identity",
                                     "Dropout", "Sigmoid", "Tanh",       "LeakyRelu"};

}  // namespace

// From the last node back: a node of which only the host's work comes.
void Builder::find_ends() {
  ends_the_model_.assign(graph_.nodes.size(), false);
  const auto is_host = [&](nn::NodeId reader) {
    return !live_[reader.index()] ||
           (kHostOps.contains(graph_.node(reader).op) && ends_the_model_[reader.index()]);
  };
  for (std::size_t n = graph_.nodes.size(); n-- > 0;)
    ends_the_model_[n] = std::ranges::all_of(graph_.nodes[n].outputs, [&](nn::ValueId out) {
      return !out.valid() || std::ranges::all_of(uses_.readers[out.index()], is_host);
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
  if (!is_open_table(from))
    return OpenTable{in.pieces[0],
                     [=](const Eigen::ArrayXd& x) -> Eigen::ArrayXd { return gain * x + offset; }};
  return OpenTable{from.table->input,
                   [=, f = from.table->function](const Eigen::ArrayXd& x) -> Eigen::ArrayXd {
                     return gain * f(x) + offset;
                   },
                   from.table->depth + 1};
}

void Builder::dissolve_tables(const nn::Node& node) {
  for (const nn::ValueId id : node.inputs) {
    Signal& from = signal(at(id).pieces.front());
    if (is_open_table(from)) from.dissolved = true;
  }
}

Carried Builder::table_of(const std::string& name, const Factor& of, ElementFunction function,
                          nn::ValueId value, int depth, int more_bits) {
  Carried from = of.in;
  // What is moved behind a function is moved before it.
  std::optional<Sight> sight;
  if (from.pieces.size() == 1 && is_free(from.pieces[0]) && !pads(signal(from.pieces[0])))
    if (const auto move = signal(from.pieces[0]).move) {
      sight = move->sight;
      from.pieces[0] = {move->input, 0, draft_.signals[move->input].count};
    }
  const bool fits = from.pieces.size() == 1 && is_whole(from.pieces[0]) &&
                    from.after.is_uniform() && !signal(from.pieces[0]).is_input() &&
                    !signal(from.pieces[0]).move;
  if (!fits) {
    from = wrapped(name + "_input", of.value, of.in);
    sight.reset();
  }
  const Piece piece = from.pieces[0];
  Signal made{.name = name, .count = piece.count, .map = signal(piece).map};
  made.table =
      OpenTable{piece,
                [f = std::move(function), gain = from.after.gain[0], offset = from.after.offset[0]](
                    const Eigen::ArrayXd& x) { return f(gain * x + offset); },
                depth + 1};
  made.tap = {value, 0, piece.count};
  made.more_bits = more_bits;
  // A table of a table that nobody else reads is one.
  Signal& before = signal(piece);
  if (is_open_table(before)) {
    made.table->function = [f = std::move(made.table->function), g = before.table->function](
                               const Eigen::ArrayXd& x) { return f(g(x)); };
    made.table->input = before.table->input;
    made.table->depth += before.table->depth;
    before.dissolved = true;
  }
  SignalId table = draft_.signals.push_back(std::move(made));
  if (sight) table = shown(name, table, *sight);
  return {.pieces = {{table, 0, draft_.signals[table].count}}};
}

void Builder::tabulate(const nn::Node& node, const Carried& in, ElementFunction function,
                       int depth) {
  set(node,
      table_of(node.name, {in, node.inputs.at(0)}, std::move(function), node.outputs.at(0), depth),
      "a table of what each element can be");
}

}  // namespace quant
