// How maps are moved: repeated, cropped, padded, dealt. Who reads them sees them so.
#include <algorithm>
#include <numeric>

#include "quant/elements.hpp"
#include "quant/sights.hpp"

namespace quant {

namespace {

// What becomes of a value's affine map: zeros take the gain of the elements of their channel. None
// if they would have an offset.
std::optional<Affine> moved_affine(const Carried& in, const std::vector<int>& elements, int area) {
  if (in.after.is_identity()) return Affine();
  const Eigen::VectorXd gain = in.after.gain_of(in.count());
  const Eigen::VectorXd offset = in.after.offset_of(in.count());
  const auto count = static_cast<Eigen::Index>(elements.size());
  Affine moved{Eigen::VectorXd(count), Eigen::VectorXd(count)};
  for (Eigen::Index first = 0; first < count; first += area) {
    const auto begin = elements.begin() + first;
    const auto any = std::find_if(begin, begin + area, [](int from) { return from >= 0; });
    for (Eigen::Index i = first; i < first + area; ++i) {
      const int from = elements[static_cast<std::size_t>(i)];
      if (from < 0 && any != begin + area && offset[*any] != 0) return {};
      moved.gain[i] = from >= 0 ? gain[from] : any != begin + area ? gain[*any] : 1.0;
      moved.offset[i] = from >= 0 ? offset[from] : 0.0;
    }
  }
  return moved;
}

}  // namespace

// Whether the pieces are whole channels of maps of extents `map`.
bool Builder::are_maps(const Carried& in, Pair map) const {
  return std::ranges::all_of(in.pieces, [&](const Piece& piece) {
    return signal(piece).map == map && piece.first % map.area() == 0 &&
           piece.count % map.area() == 0;
  });
}

Pair Builder::viewed_map(const Carried& in, Pair map) const {
  if (in.pieces.empty()) return map;
  const Pair made = signal(in.pieces.front()).map;
  return made.area() == map.area() && are_maps(in, made) ? made : map;
}

// Whose elements those of a signal are, moved or not: the signal, and its sight of it.
OpenMove Builder::origin(SignalId id) const {
  const Signal& one = draft_.signals[id];
  return one.move ? *one.move : OpenMove{id, {}};
}

// Each element where its signal has it; no signal: a zero.
std::vector<Piece> Builder::origins(const Carried& in) const {
  std::vector<Piece> all;
  for (const Piece& piece : in.pieces) {
    const OpenMove from = origin(piece.signal);
    const Shape shape = draft_.signals[from.input].shape();
    for (int i = piece.first; i < piece.first + piece.count; ++i) {
      const int element = from.sight.element(shape, i);
      all.push_back(element < 0 ? Piece{} : Piece{from.input, element, 1});
    }
  }
  return all;
}

// The signal that is `input` as `sight` shows it. What is seen in several ways has several readers.
SignalId Builder::shown(const std::string& name, SignalId input, const Sight& sight) {
  if (sight.is_plain()) return input;
  bool other = false;
  for (const SignalId id : draft_.signals.ids()) {
    const std::optional<OpenMove>& move = draft_.signals[id].move;
    if (!move || move->input != input) continue;
    if (move->sight == sight) return id;
    other = true;
  }
  if (other) draft_.signals[input].sealed = true;
  const Shape shape = sight.seen(draft_.signals[input].shape());
  Signal made{.name = name, .count = shape.count(), .map = sight.extent};
  made.move = OpenMove{input, sight};
  return draft_.signals.push_back(std::move(made));
}

// The elements as parts of what sights show of their signals, if that can be.
std::optional<Carried> Builder::as_seen(const nn::Node& node, const Carried& in,
                                        const std::vector<int>& elements, Pair map) {
  const auto after = moved_affine(in, elements, map.area());
  if (!after || !after->by_channel(map.area())) return {};
  const std::vector<Piece> all = origins(in);
  std::vector<SignalId> signals;
  std::vector<Shape> shapes;
  std::vector<Spot> spots;
  for (const int from : elements) {
    const Piece one = from < 0 ? Piece{} : all[static_cast<std::size_t>(from)];
    if (!one.signal.valid()) {
      spots.push_back({});
      continue;
    }
    const auto known = std::ranges::find(signals, one.signal) - signals.begin();
    spots.push_back({static_cast<int>(known), one.first});
    if (known < std::ssize(signals)) continue;
    signals.push_back(one.signal);
    shapes.push_back(signal(one).shape());
  }
  const auto runs = runs_of(spots, shapes, map);
  if (!runs) return {};
  Carried out;
  out.stage = in.stage;
  out.after = *after;
  for (const Run& run : *runs)
    out.pieces.push_back(
        {shown(node.name, signals[static_cast<std::size_t>(run.source)], run.sight), run.first,
         run.count});
  return out;
}

// A layer of weights 1 of what `node` moves, reals or codes of one format.
Carried Builder::rewritten(const nn::Node& node, const Carried& in) {
  const std::string name = node.name + "_input";
  if (in.stage == Stage::kReal) return wrapped(name, only_signal(node), in);
  const Quantiser format = *root(in.pieces.front()).quantiser;
  Carried real = in;
  real.stage = Stage::kReal;
  Carried made = wrapped(name, only_signal(node), real);
  signal(made.pieces.front()).quantiser = format;
  made.stage = in.stage;
  return made;
}

// Whether that helps: whether sights show what it makes as asked for.
bool Builder::helps_to_rewrite(const nn::Node& node, const Carried& in,
                               const std::vector<int>& elements, Pair map) const {
  const Pair from = map_of(in);
  const auto signals =
      std::ranges::count_if(node.inputs, [&](nn::ValueId id) { return is_signal(id); });
  const bool one_format = std::ranges::all_of(in.pieces, [&](const Piece& piece) {
    const std::optional<Quantiser>& own = root(piece).quantiser;
    return in.stage == Stage::kReal || (own == root(in.pieces.front()).quantiser && !own->bipolar);
  });
  if (!one_format || signals != 1 || !in.after.by_channel(from.area())) return false;
  std::vector<Spot> spots;
  for (const int element : elements) spots.push_back({element < 0 ? -1 : 0, element});
  return runs_of(spots, {Shape(in.count() / from.area(), from.y, from.x)}, map).has_value();
}

// Whether all elements are answers of cells to one step of many.
bool Builder::is_one_step(const Carried& in) const {
  return !in.pieces.empty() && std::ranges::all_of(in.pieces, [&](const Piece& piece) {
    const Piece& first = in.pieces.front();
    const int steps = signal(piece).map.area();
    return signal(piece).cell && piece.signal == first.signal && steps > 1 && piece.count == 1 &&
           piece.first % steps == first.first % steps;
  });
}

Carried Builder::moved(const nn::Node& node, const Carried& in, const std::vector<int>& elements,
                       Pair map) {
  const bool zeros = std::ranges::find(elements, -1) != elements.end();
  if (!zeros) {
    Carried out = taken(in, elements);
    if (is_one_step(out))
      if (const auto seen = as_seen(node, in, elements, {})) return *seen;
    if (map == Pair() || are_maps(out, map)) return out;
  }
  if (const auto seen = as_seen(node, in, elements, map)) return *seen;
  if (helps_to_rewrite(node, in, elements, map)) {
    const Carried made = rewritten(node, in);
    if (const auto seen = as_seen(node, made, elements, map)) return *seen;
  }
  if (zeros)
    refuse(node, "puts constants between the elements of a signal",
           "pad by zeros around maps, whose channels are axis 1");
  return taken(in, elements);
}

std::vector<double> Builder::zeros_of(const Carried& in) const {
  if (in.stage != Stage::kIntegers) return {0.0};
  std::vector<double> zeros;
  for (const Piece& piece : in.pieces)
    zeros.push_back(static_cast<double>(root(piece).quantiser->zero));
  return zeros;
}

// Whether zeros that nobody computed stand between a signal and what it is made of.
bool Builder::pads(const Signal& one) const {
  if (one.merge) return pads(signal(one.merge->input));
  if (!one.move) return false;
  const Signal& from = draft_.signals[one.move->input];
  return one.move->sight.pads(from.shape()) || pads(from);
}

// Whether a map of a signal's elements may as well be one of what it is made of.
bool Builder::goes_below(const Signal& one, const Affine& after) const {
  if (one.merge) return after.gain.minCoeff() > 0 && goes_below(signal(one.merge->input), after);
  if (!one.move) return true;
  const Signal& from = draft_.signals[one.move->input];
  const bool same_channels = one.move->sight.deal == Deal::kNone || after.is_uniform();
  return same_channels && (after.offset.isZero(0) || !pads(one)) && goes_below(from, after);
}

// A product of moved elements is one of where they come from, with its rows moved instead.
void Builder::unmove(const nn::Node& node, Carried& in, Operand& operand) {
  // One answer of cells stays one: its place is not among the rows of a product of all of them.
  const auto is_moved = [&](const Piece& piece) {
    const std::optional<OpenMove>& move = signal(piece).move;
    return move && !(draft_.signals[move->input].cell && move->sight.extent == Pair());
  };
  if (std::ranges::none_of(in.pieces, is_moved)) return;
  const std::vector<Piece> all = origins(in);
  const Eigen::VectorXd offset = in.after.offset_of(in.count());
  std::vector<int> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].signal.valid())
      kept.push_back(static_cast<int>(i));
    else if (offset[static_cast<Eigen::Index>(i)] != 0)
      refuse(node, "reads zeros to which a constant was added", "add the constant before the Pad");
  }
  in = gathered(in, all, kept);
  operand.weights = operand.weights(kept, Eigen::all).eval();
}

}  // namespace quant
