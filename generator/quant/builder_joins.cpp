// How nodes join the signals before them, or begin new ones.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/layout.hpp"
#include "quant/elements.hpp"
#include "quant/squares.hpp"

namespace quant {

// What takes in whatever is to happen to a piece: a maximum is of what is bounded, scaled or
// rounded before it, and so are moved maps.
const Signal& Builder::root(const Piece& piece) const {
  const Signal* at = &signal(piece);
  while (at->merge || at->move)
    at = at->merge ? &signal(at->merge->input) : &draft_.signals[at->move->input];
  return *at;
}

Signal& Builder::root(const Piece& piece) {
  return const_cast<Signal&>(std::as_const(*this).root(piece));
}

// Whether nobody else reads the signal, nor what it is the greatest of, or moved.
bool Builder::is_free(const Piece& piece) const {
  const Signal& one = signal(piece);
  if (!is_whole(piece) || one.sealed) return false;
  if (one.move) return is_free({one.move->input, 0, draft_.signals[one.move->input].count});
  return !one.merge || is_free(one.merge->input);
}

bool Builder::is_whole(const Piece& piece) const {
  return piece.first == 0 && piece.count == signal(piece).count;
}

// Whether the pieces are signals that nobody else reads, each once: what joins one joins it once.
bool Builder::all_whole(const Carried& in) const {
  std::set<const Signal*> roots;
  return std::ranges::all_of(in.pieces, [&](const Piece& piece) {
    return is_free(piece) && roots.insert(&root(piece)).second;
  });
}

// Whether a bound or a format can still join the products of these signals.
bool Builder::all_open(const Carried& in) const {
  return all_whole(in) && std::ranges::none_of(in.pieces, [&](const Piece& piece) {
           return root(piece).is_input();
         });
}

void Builder::tap(const Carried& carried, nn::ValueId value) {
  int first = 0;
  for (const Piece& piece : carried.pieces) {
    root(piece).tap = {value, first, piece.count};
    first += piece.count;
  }
}

Carried Builder::add_product(std::string name, nn::ValueId value, OpenProduct product) {
  const Pair map = product.window.windows();
  require_count(std::int64_t{product.cols()} * map.y * map.x, "layer " + base::quoted_name(name));
  const int count = static_cast<int>(product.cols()) * map.area();
  Signal made{.name = std::move(name), .count = count, .map = map};
  made.product = std::move(product);
  made.tap = {value, 0, count};
  return {.pieces = {{draft_.signals.push_back(std::move(made)), 0, count}}};
}

// The extents of the maps that all pieces are whole channels of; else elements are features.
Pair Builder::map_of(const Carried& in) const {
  const Pair map = signal(in.pieces.front()).map;
  return are_maps(in, map) ? map : Pair();
}

// A map of elements over the channels of maps. Of features each is a channel, and a matrix of
// weights 1 has the square of their number.
Affine Builder::over_channels(const Affine& after, Pair map, const std::string& name,
                              int count) const {
  if (const auto channels = after.by_channel(map.area())) return *channels;
  base::fail(
      base::Code::kCannotLower,
      fmt::format("constants that differ from position to position of maps of {} elements", count),
      "layer " + base::quoted_name(name), "use one constant a channel");
}

namespace {

void require_small(int channels, const std::string& name) {
  constexpr int kMost = 1 << 13;
  if (channels > kMost)
    base::fail(base::Code::kCannotLower,
               fmt::format("weights of 1 for {} elements of moved or cut maps", channels),
               "layer " + base::quoted_name(name),
               "keep the channels on axis 1, and work on whole maps");
}

Eigen::MatrixXd ones(int count, const std::string& name) {
  require_small(count, name);
  return Eigen::MatrixXd::Identity(count, count);
}

}  // namespace

// A layer of weights 1 over elements that nothing can join any more.
Carried Builder::wrapped(std::string name, nn::ValueId value, const Carried& in) {
  return wrapped(std::move(name), value, in, map_of(in));
}

// The same as maps of extents `map`, which all pieces are, or as features.
Carried Builder::wrapped(std::string name, nn::ValueId value, const Carried& in, Pair map) {
  OpenProduct product;
  product.window.map = map;
  const int count = in.count() / product.window.map.area();
  const Affine after = over_channels(in.after, product.window.map, name, in.count());
  product.terms.push_back(
      {in.pieces, ones(count, name), Eigen::VectorXd::Ones(count), after.gain_of(count), true});
  product.offset = after.offset_of(count);
  return add_product(std::move(name), value, std::move(product));
}

Carried Builder::wrapped(const nn::Node& node, const Carried& in) {
  return wrapped(node.name, node.outputs.at(0), in);
}

// An affine map after a product, whose gain and offset it moves into, or after a table.
void Builder::join(Signal& signal, const Affine& step) const {
  if (signal.table) {
    ++signal.table->depth;
    signal.table->function = [f = std::move(signal.table->function), gain = step.gain[0],
                              offset = step.offset[0]](const Eigen::ArrayXd& x) -> Eigen::ArrayXd {
      return gain * f(x) + offset;
    };
    return;
  }
  OpenProduct& product = *signal.product;
  const Affine channels = *step.by_channel(signal.map.area());
  const Eigen::VectorXd gain = channels.gain_of(signal.channels());
  for (Term& term : product.terms) term.gain.array() *= gain.array();
  product.offset = product.offset.cwiseProduct(gain) + channels.offset_of(signal.channels());
}

// Calls f(signal, what is below it, the part of the map that is its own) for all pieces.
template <class F>
void Builder::for_each(const Carried& in, F&& f) {
  int first = 0;
  for (const Piece& piece : in.pieces) {
    f(signal(piece), root(piece), in.after.part(first, piece.count, in.count()));
    first += piece.count;
  }
}

void Builder::affine(const nn::Node& node, const Carried& in, const Affine& step) {
  Carried out = in;
  bool joins = all_open(in) && in.after.is_identity();
  Carried stepped = in;
  stepped.after = step;
  for_each(stepped, [&](const Signal& made, const Signal& one, const Affine& part) {
    joins = joins && !one.is_bounded() && !one.quantiser && part.by_channel(made.map.area()) &&
            goes_below(made, part) &&
            (!one.table || (part.is_uniform() && one.table->depth < OpenTable::kMostDepth));
  });
  if (joins) {
    for_each(stepped, [&](const Signal& made, Signal& one, const Affine& part) {
      join(one, part.is_uniform() ? part.first()
                                  : part.by_channel(made.map.area())->spread(one.map.area()));
    });
    tap(in, node.outputs.at(0));
    return set(node, out, "part of the product before it");
  }
  const Signal& first = signal(in.pieces[0]);
  if (in.pieces.size() == 1 && all_whole(in) && in.after.is_identity() && first.is_input() &&
      !first.quantiser) {
    signal(in.pieces[0]).encoding.then(step);
    tap(in, node.outputs.at(0));
    return set(node, out, "part of the host's input encoding");
  }
  out.after.then(step);
  set(node, out, "part of what reads it");
}

void Builder::activate(const nn::Node& node, Carried in, double low, double high) {
  if (low == -Signal::kInfinity && high == Signal::kInfinity) return pass(node, in, "nothing");
  const bool joins = in.after.is_identity() && all_open(in);
  if (!joins) in = wrapped(node, in);
  for (const Piece& piece : in.pieces) {
    Signal& bounded = root(piece);
    bounded.low = std::max(bounded.low, low);
    bounded.high = std::min(bounded.high, high);
    if (!(bounded.low <= 0) || !(bounded.high > 0))
      refuse(node, fmt::format("clips to [{}, {}]", bounded.low, bounded.high),
             "a PE clips to a range from 0 or below to above 0");
    if (bounded.quantiser) bound_quantiser(bounded, node);
  }
  tap(in, node.outputs.at(0));
  set(node, in, joins ? "where the product before it saturates" : "a layer of weights 1");
}

void Builder::clip_codes(const nn::Node& node, Carried in, double low, double high) {
  if (!all_whole(in))
    refuse(node, "clips integers that other nodes read as well", "clip before QuantizeLinear");
  for (const Piece& piece : in.pieces) {
    Quantiser& q = *root(piece).quantiser;
    q.low = static_cast<std::int64_t>(std::max<double>(static_cast<double>(q.low), std::ceil(low)));
    q.high =
        static_cast<std::int64_t>(std::min<double>(static_cast<double>(q.high), std::floor(high)));
    require_range(q, node);
  }
  pass(node, in, "where the codes end");
}

// Whether `after`, between a signal and its quantiser, can move into the signal: always into an
// input's encoding, and into a product if it commutes with its bounds.
bool Builder::can_settle(const Signal& signal, const Affine& after) const {
  if (after.is_identity() || signal.is_input()) return true;
  const bool one_gain = after.is_uniform() || (!signal.table && std::isinf(signal.high) &&
                                               (signal.low == 0 || std::isinf(signal.low)));
  return one_gain && after.offset.isZero(0) && after.gain.minCoeff() > 0 &&
         after.by_channel(signal.map.area());
}

// The same of a map behind a maximum, which goes before it if it is one and the same for all.
bool Builder::can_settle_below(const Signal& signal, const Affine& after) const {
  return after.is_uniform() && after.gain[0] > 0 && can_settle(signal, after.first());
}

void Builder::settle(Signal& signal, const Affine& after) const {
  if (after.is_identity()) return;
  if (signal.is_input()) return signal.encoding.then(after);
  join(signal, after);
  if (!std::isinf(signal.low)) signal.low *= after.gain[0];
  if (!std::isinf(signal.high)) signal.high *= after.gain[0];
}

// Whether a quantiser can be the format of the signals as they are.
bool Builder::takes_format(const Carried& in, const Quantiser& own) {
  bool takes = all_whole(in);
  for_each(in, [&](const Signal& made, const Signal& one, const Affine& after) {
    if (one.quantiser)
      takes = takes && after.is_identity() && one.quantiser->step == own.step &&
              one.quantiser->zero == own.zero && one.quantiser->bipolar == own.bipolar;
    else
      takes = takes && (&made == &one ? can_settle(one, after) : can_settle_below(one, after));
    if (pads(made)) takes = takes && after.offset.isZero(0) && !own.bipolar;
  });
  return takes;
}

void Builder::quantise(const nn::Node& node, Carried in, const Quantiser& own, Stage next) {
  const bool joins = takes_format(in, own);
  if (!joins) in = wrapped(node, in);
  for_each(in, [&](const Signal& made, Signal& one, const Affine& after) {
    settle(one, &made == &one ? after : after.first());
    Quantiser q = own;
    if (one.quantiser) {
      q.low = std::max(q.low, one.quantiser->low);
      q.high = std::min(q.high, one.quantiser->high);
    }
    one.quantiser = q;
    bound_quantiser(one, node);
  });
  in.after = Affine();
  if (own.bipolar) {  // the tensor holds 0 and 1 for -step and step
    in.after.gain[0] = 2 * own.step;
    in.after.offset[0] = -own.step;
  }
  in.stage = next;
  set(node, in, joins ? "the format of the tensor before it" : "a layer of weights 1");
}

Carried Builder::dequantised(Carried in, double step, double zero) const {
  Carried out = in;
  out.stage = Stage::kReal;
  Affine all{Eigen::VectorXd(in.count()), Eigen::VectorXd(in.count())};
  int first = 0;
  for (const Piece& piece : in.pieces) {
    const Quantiser& q = *root(piece).quantiser;
    all.gain.segment(first, piece.count).setConstant(step / q.step);
    all.offset.segment(first, piece.count).setConstant(step * (static_cast<double>(q.zero) - zero));
    first += piece.count;
  }
  if (!all.is_identity()) out.after.then(all);
  return out;
}

namespace {

// Rows in the order of the signals' elements, if that gives fewer pieces: a matrix behind moved
// elements has its rows moved instead.
void sort_rows(Carried& in, Operand& operand) {
  if (in.pieces.size() == 1) return;
  const std::vector<int> order = signal_order(in);
  Carried sorted = taken(in, order);
  if (sorted.pieces.size() >= in.pieces.size()) return;
  in = std::move(sorted);
  operand.weights = operand.weights(order, Eigen::all).eval();
}

}  // namespace

void Builder::product(const nn::Node& node, Carried in, Operand operand) {
  const int rows = static_cast<int>(operand.weights.rows());
  Signal& first = signal(in.pieces.front());
  if (in.pieces.size() == 1 && first.is_input() && (operand.from_left || first.count < 0)) {
    first.count = rows;  // samples are columns, or of an extent that only the product tells
    first.tap.count = rows;
    in.pieces[0].count = rows;
  }
  if (in.count() != rows)
    refuse(node, fmt::format("wants {} inputs and gets {}", rows, in.count()),
           "only products over all elements of a sample can be lowered");
  unmove(node, in, operand);
  sort_rows(in, operand);
  OpenProduct product;
  product.offset = operand.bias;
  add_terms(product, in, operand, node);
  const int cols = static_cast<int>(operand.weights.cols());
  set(node, add_product(node.name, node.outputs.at(0), std::move(product)),
      fmt::format("a layer, {} x {}", rows, cols));
}

// The summands of w . (gain * x + offset): one if the gain can go into the product's or into its
// real weights, else one a run of inputs with one gain.
void Builder::add_terms(OpenProduct& product, const Carried& in, const Operand& operand,
                        const nn::Node& node) const {
  Term whole{in.pieces, operand.weights, operand.step,
             Eigen::VectorXd::Constant(operand.weights.cols(), operand.gain)};
  const Eigen::VectorXd gains = in.after.gain_of(in.count());
  const bool one_gain = (gains.array() == gains[0]).all();
  if (one_gain || !whole.is_integer()) {
    absorb(in.after, whole, product.offset);
    product.terms.push_back(std::move(whole));
    return;
  }
  int first = 0;
  for (const Piece& piece : in.pieces) {
    Term part{{piece}, operand.weights.middleRows(first, piece.count), operand.step, whole.gain};
    const Affine after = in.after.part(first, piece.count, in.count());
    if (!(after.gain.array() == after.gain[0]).all())
      refuse(node, "its weights are quantised and its inputs are scaled by a factor each",
             "scale before the weights are quantised");
    absorb(after, part, product.offset);
    product.terms.push_back(std::move(part));
    first += piece.count;
  }
}

// What a sum takes from one signal: the terms of a product that nobody else reads, or its elements.
void Builder::append(OpenProduct& product, const nn::Node& node, const Summand& summand) {
  const Carried& in = summand.in;
  const Pair map = product.window.map;
  const int count = in.count() / map.area();
  if (in.count() != product.cols() * map.area())
    refuse(node, fmt::format("adds {} elements to {}", in.count(), product.cols() * map.area()),
           "signals that are added have one shape");
  const Affine after = over_channels({summand.sign * in.after.gain, summand.sign * in.after.offset},
                                     map, node.name, in.count());
  if (in.pieces.size() == 1 && all_open(in) && signal(in.pieces[0]).product) {
    Signal& open = signal(in.pieces[0]);
    const bool walks_alike = open.product->window == product.window && open.product->groups == 1 &&
                             gain_of_squares(draft_, *open.product) == 0;
    if (walks_alike && !open.is_bounded() && !open.quantiser) {
      join(open, after.spread(map.area()));
      for (Term& term : open.product->terms) product.terms.push_back(std::move(term));
      product.offset += open.product->offset;
      open.product->terms.clear();
      open.dissolved = true;
      return;
    }
  }
  product.terms.push_back({in.pieces, ones(count, node.name), Eigen::VectorXd::Ones(count),
                           after.gain_of(count), true});
  product.offset += after.offset_of(count);
}

void Builder::sum(const nn::Node& node, const std::vector<Summand>& summands,
                  Eigen::VectorXd offset) {
  OpenProduct product;
  product.window.map = map_of(summands.front().in);
  for (const Summand& summand : summands)
    if (map_of(summand.in) != product.window.map) product.window.map = Pair();
  const int count = static_cast<int>(offset.size());
  const Affine constants{Eigen::VectorXd::Ones(1), std::move(offset)};
  product.offset = over_channels(constants, product.window.map, node.name, count)
                       .offset_of(count / product.window.map.area());
  std::string name = node.name;
  for (const Summand& summand : summands) {
    append(product, node, summand);
    const Signal& from = signal(summand.in.pieces.front());
    if (from.dissolved && name == node.name) name = from.name;
  }
  const bool joined = name != node.name;
  set(node, add_product(std::move(name), node.outputs.at(0), std::move(product)),
      joined ? "part of the product before it" : "a layer of weights 1");
}

void Builder::host(const nn::Node& node, const Carried& in, HostOp host) {
  if (in.stage == Stage::kIntegers)
    refuse(node, "follows QuantizeLinear", "put DequantizeLinear before it");
  Carried out = in;
  if (in.stage != Stage::kHost) out.hosts = only_signal(node);
  out.stage = Stage::kHost;
  out.host = in.host == HostOp::kArgMax ? in.host : host;
  set(node, out, "the host's work");
}

Carried codes(const Builder& builder, const nn::Node& node, nn::ValueId data,
              const Quantiser& format) {
  const Carried& in = builder.at(data);
  if (in.stage != Stage::kIntegers)
    Builder::refuse(node, "reads what is not quantised", "put QuantizeLinear before it");
  return builder.dequantised(in, format.step, static_cast<double>(format.zero));
}

}  // namespace quant
