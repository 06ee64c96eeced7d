// Builds a draft node by node; the files of quant/ops/ tell it what each node means.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quant/draft.hpp"
#include "quant/operands.hpp"

namespace quant {

/// What the elements of a value are, by now.
enum class Stage {
  kReal,      ///< after(pieces)
  kIntegers,  ///< codes of the pieces' quantisers, zero points in them
  kHost,      ///< what the host makes of that
};

/// A value of the graph, as parts of signals.
struct Carried {
  Stage stage = Stage::kReal;
  std::vector<Piece> pieces;  ///< concatenated: the elements of one sample
  Affine after{};             ///< over all of them
  HostOp host = HostOp::kNone;
  nn::ValueId hosts{};  ///< what the host starts from, if it computes anything
  int sample_axis = 0;  ///< of the graph's value; -1: it has a sample and no axis for it

  int count() const;
};

/// What a sum takes of a signal.
struct Summand {
  Carried in;
  double sign = 1.0;
};

/// A factor of a product of two signals.
struct Factor {
  Carried in;
  nn::ValueId value{};  ///< that it is; none: one that the graph does not have
};

class Builder {
 public:
  explicit Builder(const nn::Graph& graph);

  /// Looks at all nodes in order.
  Survey run();

  // For lowerings
  const nn::Graph& graph() const { return graph_; }
  [[noreturn]] static void refuse(const nn::Node& node, std::string why, std::string cure);
  /// Whether `id` depends on the graph's inputs.
  bool is_signal(nn::ValueId id) const { return id.valid() && signal_values_[id.index()]; }
  /// The only input of `node` that is a signal. Refuses nodes that have none or several.
  nn::ValueId only_signal(const nn::Node& node) const;
  /// What `id` is, which is a signal. Refuses codes and what the host has computed.
  const Carried& real(const nn::Node& node, nn::ValueId id) const;
  /// The same, of any stage.
  const Carried& at(nn::ValueId id) const { return values_.at(id.index()); }

  /// Output `index` of `node` is `carried`; `becomes` says what the node has become.
  void set(const nn::Node& node, Carried carried, std::string becomes, std::size_t index = 0);
  /// The node's output has the elements of `in`, an input of the graph that nothing has changed, in
  /// another order, in which the host is then to bring them. Says whether that can be.
  bool reorder_input(const nn::Node& node, const Carried& in, const std::vector<int>& order);
  /// The node's output has the same elements as `in`.
  void pass(const nn::Node& node, const Carried& in, std::string becomes);
  /// What the node makes of `in` by moving its elements: those that `elements` names, -1 for a
  /// zero, as maps of extents `map`. Whole channels stay what they are; others become what sights
  /// show of signals, if some show that; else elements, of which only features can be made. Refuses
  /// zeros that no sight shows.
  Carried moved(const nn::Node& node, const Carried& in, const std::vector<int>& elements,
                Pair map);
  /// What zeros between the elements of `in` are: 0, or of codes the zero points of their formats.
  std::vector<double> zeros_of(const Carried& in) const;
  /// The node's output is a product of real values `in`.
  void product(const nn::Node& node, Carried in, Operand operand);
  /// The node's output is a product of real values `in` at each of `window`'s windows, channels and
  /// outputs in `groups` groups.
  void convolve(const nn::Node& node, Carried in, const Operand& operand, const Window& window,
                int groups);
  /// Whether the samples of `id` lie along its axis `axis`, or there is one of them and might as
  /// well.
  bool has_samples_along(nn::ValueId id, int axis) const;
  /// Whether a node that an output depends on, or an output itself, is `id`.
  bool is_read(nn::ValueId id) const;
  /// Real values `id`, `steps` of `features` each (of a sample all of a step together), as maps of
  /// one column or one row, a channel each feature.
  Carried sequence(const nn::Node& node, nn::ValueId id, int steps, int features);
  /// What cells answer to `in`, which sequence() has made: maps as its are.
  Carried cells(const nn::Node& node, const Carried& in, std::shared_ptr<const RealCells> real);
  /// The same as the graph has it, step by step; and of the last step alone.
  Carried step_by_step(const Carried& maps) const;
  Carried last_step(const nn::Node& node, const Carried& maps);
  /// The node's output is the greatest of each of `window`'s windows, channel by channel.
  void merge(const nn::Node& node, Carried in, const Window& window);
  /// The node's output is the sum of real values, plus `offset`, one an element.
  void sum(const nn::Node& node, const std::vector<Summand>& summands, Eigen::VectorXd offset);
  /// The node's output is `function` of each element of real values `in`.
  void tabulate(const nn::Node& node, const Carried& in, ElementFunction function, int depth = 1);
  /// The node's output is the sum of each of `window`'s windows, channel by channel, divided by the
  /// window's own of `parts`. Refuses parts that differ where windows meet the map with equal taps.
  void uneven_means(const nn::Node& node, Carried in, const Window& window,
                    const std::vector<int>& parts);
  /// The node's output is the product of real values, element by element. Of a factor with one
  /// channel, one row or one column, that goes with all of the other's.
  void multiply(const nn::Node& node, const Factor& left, const Factor& right);
  /// `function` of each element of what real values `of` are, in so many more bits than others; of
  /// the graph it is `value`, if that.
  Carried table_of(const std::string& name, const Factor& of, ElementFunction function,
                   nn::ValueId value = {}, int depth = 1, int more_bits = 0);
  /// Exact sums of the codes of one tensor, whole numbers `weights` (channels x channels) of them,
  /// at each position.
  Carried sums_of_codes(const nn::Node& node, const std::string& name, const Carried& in,
                        Eigen::MatrixXd weights);
  /// What `in` is, each channel of one row or column, or a single channel, as often as `shape` has
  /// them.
  Carried expanded(const nn::Node& node, const std::string& name, const Factor& in,
                   const Shape& shape);
  /// What `id` is as a function of each element of one signal, if it is that: the signal whole,
  /// and the function of its real value. A table that others read as well is such a signal.
  std::optional<OpenTable> function_of(nn::ValueId id) const;
  /// The tables that nobody but `node` reads are part of what it makes.
  void dissolve_tables(const nn::Node& node);
  /// Whether all that comes of the node's output is what the host computes of results.
  bool ends_the_model(nn::NodeId id) const { return ends_the_model_[id.index()]; }
  /// The node that is being lowered.
  nn::NodeId here() const { return here_; }
  /// The node maps each element of its data by `step`.
  void affine(const nn::Node& node, const Carried& in, const Affine& step);
  /// The node's output is clip(in, low, high).
  void activate(const nn::Node& node, Carried in, double low, double high);
  /// The same of codes.
  void clip_codes(const nn::Node& node, Carried in, double low, double high);
  /// The node gives real values `in` the format `own`; its output has stage `next`.
  void quantise(const nn::Node& node, Carried in, const Quantiser& own, Stage next);
  /// Real values step * (code - zero) of codes.
  Carried dequantised(Carried in, double step, double zero) const;
  /// The host computes `host` of `in`.
  void host(const nn::Node& node, const Carried& in, HostOp host);

  /// The extents of the maps that `in` is whole channels of, if they have as many positions as
  /// `map`, which may be a view of them: a line for one; else `map`.
  Pair viewed_map(const Carried& in, Pair map) const;

 private:
  Signal& signal(const Piece& piece) { return draft_.signals[piece.signal]; }
  const Signal& signal(const Piece& piece) const { return draft_.signals[piece.signal]; }
  void find_signals();
  void find_live();
  void find_ends();
  void add_inputs();
  void add_input(nn::ValueId id);
  Pair map_of_input(nn::ValueId id) const;
  bool is_walked(nn::ValueId id) const;
  void visit(const nn::Node& node, nn::NodeId id);
  void require_samples_first(const nn::Node& node) const;
  bool reads_unknown(const nn::Node& node) const;
  bool leads_to_refused(const nn::Node& node) const;
  void finish();
  void keep_last_answers();
  bool is_last_alone(SignalId id) const;
  Result result_of(nn::ValueId output);

  void seal_if_shared(nn::ValueId id);
  template <class F>
  void for_each(const Carried& in, F&& f);
  bool takes_format(const Carried& in, const Quantiser& own);
  void add_terms(OpenProduct& product, const Carried& in, const Operand& operand,
                 const nn::Node& node) const;

  bool are_maps(const Carried& in, Pair map) const;
  bool is_one_step(const Carried& in) const;
  OpenMove origin(SignalId id) const;
  std::vector<Piece> origins(const Carried& in) const;
  SignalId shown(const std::string& name, SignalId input, const Sight& sight);
  std::optional<Carried> as_seen(const nn::Node& node, const Carried& in,
                                 const std::vector<int>& elements, Pair map);
  Carried rewritten(const nn::Node& node, const Carried& in);
  bool helps_to_rewrite(const nn::Node& node, const Carried& in, const std::vector<int>& elements,
                        Pair map) const;
  bool pads(const Signal& one) const;
  bool goes_below(const Signal& one, const Affine& after) const;
  void unmove(const nn::Node& node, Carried& in, Operand& operand);

  const Signal& root(const Piece& piece) const;
  Signal& root(const Piece& piece);
  bool is_free(const Piece& piece) const;
  Pair map_of(const Carried& in) const;
  Affine over_channels(const Affine& after, Pair map, const std::string& name, int count) const;
  void as_maps(const nn::Node& node, Carried& in, const Window& window);
  void add_walking_terms(OpenProduct& product, const Carried& in, Term whole, const Affine& after,
                         const nn::Node& node) const;
  bool is_whole(const Piece& piece) const;
  bool are_features(const Carried& in) const;
  bool all_open(const Carried& in) const;
  bool all_whole(const Carried& in) const;
  Carried wrapped(const nn::Node& node, const Carried& in);
  Carried wrapped(std::string name, nn::ValueId value, const Carried& in);
  Carried wrapped(std::string name, nn::ValueId value, const Carried& in, Pair map);
  Carried factor_of(const std::string& name, const Factor& from);
  Piece everywhere_greatest(const std::string& name, const Piece& piece);
  Piece add_gated(const std::string& name, const Piece& x, const Piece& greatest,
                  OpenProduct product);
  bool may_be_negative(const Piece& piece) const;
  void align(const nn::Node& node, Carried& a, Carried& b);
  Carried repeated(const std::string& name, Carried in, Pair map);
  Piece quarter_square(const std::string& name, const Piece& a, const Piece& b, Pair map,
                       double sign);
  Carried add_product(std::string name, nn::ValueId value, OpenProduct product);
  void join(Signal& signal, const Affine& step) const;
  bool can_settle(const Signal& signal, const Affine& after) const;
  bool can_settle_below(const Signal& signal, const Affine& after) const;
  void settle(Signal& signal, const Affine& after) const;
  void tap(const Carried& carried, nn::ValueId value);
  void append(OpenProduct& product, const nn::Node& node, const Summand& summand);

  const nn::Graph& graph_;
  const nn::Uses uses_;
  Draft draft_;
  Survey survey_;
  std::vector<bool> signal_values_;        // by value: depends on an input
  std::vector<bool> live_;                 // by node: an output depends on it
  std::vector<int> readers_;               // by value: live ones that read data, and outputs
  std::map<std::size_t, Carried> values_;  // by value
  std::vector<bool> ends_the_model_;       // by node
  nn::NodeId here_;                        // the node at hand
  std::string becomes_;                    // what it becomes
};

/// Real values of codes that `node` reads as `format` says. Refuses other values.
Carried codes(const Builder& builder, const nn::Node& node, nn::ValueId data,
              const Quantiser& format);

/// How nodes of some operators are lowered: a file of quant/ops/ each.
struct Lowering {
  std::vector<std::string> ops;  ///< names, whatever the domain
  std::string becomes;           ///< one line for `fpsa ops`
  void (*lower)(Builder& builder, const nn::Node& node);
  bool any_axis = false;  ///< samples may lie along any axis of what it reads
};

/// The lowering of an operator, or nullptr.
const Lowering* find_lowering(const std::string& op);

}  // namespace quant
