#include "quant/quantise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "quant/calibrate.hpp"
#include "quant/columns.hpp"
#include "quant/dense.hpp"
#include "quant/draft.hpp"
#include "quant/formats.hpp"
#include "quant/operands.hpp"
#include "quant/rescale.hpp"
#include "quant/squares.hpp"
#include "quant/whole_sums.hpp"

namespace quant {

namespace {

void check_options(const Options& options) {
  if (options.weight_bits < 2 || options.weight_bits > 16 || options.activation_bits < 1 ||
      options.activation_bits > 16 || options.output_bits < 0 || options.output_bits > 16 ||
      !(options.percentile > 0) || options.percentile > 100)
    base::fail(base::Code::kInternal, "quantise() was given options out of range");
}

bool is_integer(const OpenProduct& product) {
  return std::ranges::all_of(product.terms, &Term::is_integer);
}

// Whether weights, thresholds and scales are worked out or only as many made as there are.
enum class Numbers { kAll, kNone };

// Makes the network's tensors and layers, signal by signal.
class Quantising {
 public:
  Quantising(Draft draft, Observations seen, const Options& options, Numbers numbers)
      : draft_(std::move(draft)),
        seen_(std::move(seen)),
        options_(options),
        only_shapes_(numbers == Numbers::kNone),
        widest_(options.activation_bits),
        tensors_(draft_.signals.size()) {
    network_.name = draft_.name;
    network_.weight_bits = options.weight_bits;
    for (const Signal& signal : draft_.signals)
      if (signal.quantiser)
        widest_ = std::max(widest_, model_format(*signal.quantiser, options_, where(signal)).bits);
  }

  Network run() {
    for (const SignalId id : draft_.signals.ids()) {
      if (draft_.signals[id].dissolved) continue;
      if (draft_.signals[id].is_input())
        add_input(id);
      else if (draft_.signals[id].merge)
        add_merge(id);
      else if (draft_.signals[id].table)
        add_table(id);
      else if (draft_.signals[id].cell)
        add_cells(id);
      else if (draft_.signals[id].move)
        tensors_[id] = tensors_[draft_.signals[id].move->input];
      else
        add_layer(id);
      seen_[id].histogram = {};
    }
    for (const Result& result : draft_.results) network_.outputs.push_back(source_of(result.piece));
    for (const Result& result : draft_.results)
      network_.tensors[tensors_[result.piece.signal]].format.scale *=
          std::exchange(draft_.signals[result.piece.signal].output_gain, 1.0);
    return std::move(network_);
  }

 private:
  // Inputs of one scale that one tap of a group of columns meets: rows [first, first + count) of a
  // layer, and in their term those from `row` on.
  struct Rows {
    Eigen::Index first = 0;
    Eigen::Index count = 0;
    double scale = 1.0;
    std::int32_t magnitude = 0;  // greatest, of an input
    std::size_t term = 0;
    Eigen::Index row = 0;
  };

  void add_input(SignalId id) {
    Signal& signal = draft_.signals[id];
    Format format = input_format(signal, seen_[id], options_);
    if (!options_.exact_neurons) widen(format);
    tensors_[id] = network_.tensors.push_back({signal.name, signal.shape(), format});
    network_.inputs.push_back(tensors_[id]);
    network_.encodings.push_back(encoding_of(signal));
  }

  // A tensor of the codes that it is the greatest of.
  void add_merge(SignalId id) {
    const Signal& signal = draft_.signals[id];
    const Source input = source_of(signal.merge->input);
    Layer layer;
    layer.name = signal.name;
    layer.rule = Merge{{input}, signal.merge->window};
    layer.output = tensors_[id] =
        network_.tensors.push_back({signal.name, signal.shape(), network_.format_of(input.tensor)});
    layer.is_exact = true;
    network_.layers.push_back(std::move(layer));
  }

  // What the function makes of each code, in the steps of its own range.
  void add_table(SignalId id) {
    const Signal& signal = draft_.signals[id];
    const Source input = source_of(signal.table->input);
    const Format& from = network_.format_of(input.tensor);
    const Eigen::ArrayXd codes =
        Eigen::ArrayXd::LinSpaced(from.high - from.low + 1, from.low, from.high);
    const bool squares = is_of_squares(signal);
    const Eigen::ArrayXd reals =
        signal.table->function((squares ? 1.0 : from.scale) * codes).unaryExpr([&](double real) {
          return std::clamp(real, signal.low, signal.high);  // NaN stays
        });
    Format format = squares ? square_format(id, reals.maxCoeff())
                            : table_format(signal, reals, is_result(draft_, id), options_);
    if (!options_.exact_neurons) widen(format);
    Table table{{input}, codes_of(signal, reals, format)};
    if (squares) format.scale *= factors_of(*signal.table).worth();
    table.window.map = signal.map;
    Layer layer;
    layer.name = signal.name;
    layer.rule = std::move(table);
    layer.output = tensors_[id] = network_.tensors.push_back({signal.name, signal.shape(), format});
    layer.is_exact = signal.quantiser.has_value();
    network_.layers.push_back(std::move(layer));
  }

  void add_cells(SignalId id) {
    const Signal& signal = draft_.signals[id];
    const OpenCell& open = *signal.cell;
    const Source input = source_of(open.input);
    const Format& from = network_.format_of(input.tensor);
    RealCells real = *open.cells;
    absorb(open.before, real);
    const CellOptions own = options_.cells.of(signal.name);
    const bool dense = real.kind == CellKind::kDense;
    Format format =
        dense ? dense_format(signal, seen_[id], is_result(draft_, id), from, options_) : Format();
    if (dense && !options_.exact_neurons) widen(format);
    auto cells = std::make_shared<const CellLayer>(
        dense ? dense_layer(real, steps_at_once(open.window), from, format, own, where(signal))
              : cell_layer(real, from, widest_, own, where(signal)));
    if (!dense) format = answer_format(*cells, widest_);
    Layer layer;
    layer.name = signal.name;
    layer.output = tensors_[id] = network_.tensors.push_back({signal.name, signal.shape(), format});
    layer.rule = Recurrent{{input}, std::move(cells), open.window};
    network_.layers.push_back(std::move(layer));
  }

  Factors factors_of(const OpenTable& table) const {
    return {network_.format_of(tensors_[table.factors[0]]),
            network_.format_of(tensors_[table.factors[1]])};
  }

  // Of a table of squares up to `greatest`, fine enough for the one product that reads it.
  Format square_format(SignalId id, double greatest) const {
    const Factors factors = factors_of(*draft_.signals[id].table);
    const auto reads = [&](const Signal& signal) {
      return signal.product && std::ranges::any_of(signal.product->terms, [&](const Term& term) {
               return std::ranges::find(term.inputs, id, &Piece::signal) != term.inputs.end();
             });
    };
    const SignalId reader(static_cast<std::size_t>(std::ranges::find_if(draft_.signals, reads) -
                                                   draft_.signals.begin()));
    const double worth = gain_of_squares(draft_, *draft_.signals[reader].product) * factors.worth();
    const Format made =
        output_format(draft_.signals[reader], seen_[reader], is_result(draft_, reader),
                      {0.0, worth * factors.greatest_square()}, options_);
    return quant::square_format(factors, greatest, made.scale / worth,
                                options_.most_activation_bits);
  }

  // Whole sums of codes.
  void add_codes(SignalId id) {
    const Signal& signal = draft_.signals[id];
    const OpenProduct& open = *signal.product;
    Layer layer = frame_of(signal);
    Product& product = layer.product();
    const Format& first = network_.format_of(product.inputs.front().tensor);
    set_whole_sums(product, open, first, where(signal), options_);
    const auto& own = draft_.signals[open.terms.front().inputs.front().signal].quantiser;
    if (!open.parts.empty() && own && own->half_even) product.rounding = Rounding::kHalfEven;
    layer.weight_scale.assign(static_cast<std::size_t>(open.cols()), 1.0);
    layer.is_exact = open.parts.empty();
    const Format format = whole_sum_format(network_, product, signal, options_);
    layer.output = tensors_[id] = network_.tensors.push_back({signal.name, signal.shape(), format});
    network_.layers.push_back(std::move(layer));
  }

  // All tensors alike, for neurons that know no other end than that of their bits.
  void widen(Format& format) const {
    format = full_format(widest_, format.is_signed, format.scale);
  }

  Source source_of(const Piece& piece) const {
    const std::optional<OpenMove>& move = draft_.signals[piece.signal].move;
    return {tensors_[piece.signal], piece.first, piece.count, move ? move->sight : Sight()};
  }

  // The rows of a group's columns, from the first on: tap by tap, term by term, piece by piece.
  std::vector<Rows> rows_of(const OpenProduct& product, int group = 0) const {
    std::vector<Rows> rows;
    Eigen::Index first = 0;
    for (int tap = 0; tap < product.window.taps(); ++tap)
      for (std::size_t t = 0; t < product.terms.size(); ++t) {
        const Term& term = product.terms[t];
        const Eigen::Index width = term.weights.rows() / product.window.taps();
        Eigen::Index channel = -width * group;  // from the group's first
        for (const Piece& piece : term.inputs) {
          const Format& format = network_.format_of(tensors_[piece.signal]);
          const Eigen::Index count = piece.count / product.window.map.area();
          const Eigen::Index from = std::max<Eigen::Index>(0, channel);
          channel += count;
          const Eigen::Index to = std::min(channel, width);
          if (from >= to) continue;
          rows.push_back(
              {first, to - from, format.scale, format.magnitude(), t, tap * width + from});
          first += to - from;
        }
      }
    return rows;
  }

  // What calibration saw of the rows, if it saw all of them. A kernel's row meets many elements.
  Moments moments_of(const OpenProduct& product, const std::vector<Rows>& rows) const {
    if (!product.window.is_point() || product.groups > 1) return {};
    const Eigen::Index height = rows.back().first + rows.back().count;
    Moments moments{Eigen::VectorXd(height), Eigen::VectorXd(height)};
    std::size_t next = 0;
    for (const Term& term : product.terms)
      for (const Piece& piece : term.inputs) {
        const Ranges& ranges = seen_[piece.signal].ranges;
        const Rows& part = rows[next++];
        if (ranges.empty()) return {};
        moments.mean.segment(part.first, part.count) =
            ranges.mean.segment(piece.first, piece.count);
        moments.variance.segment(part.first, part.count) =
            ranges.variance.segment(piece.first, piece.count);
      }
    return moments;
  }

  // The same in steps of the inputs.
  static Moments in_steps(Moments moments, const std::vector<Rows>& rows) {
    if (moments.mean.size() == 0) return moments;
    for (const Rows& part : rows) {
      moments.mean.segment(part.first, part.count) /= part.scale;
      moments.variance.segment(part.first, part.count) /= part.scale * part.scale;
    }
    return moments;
  }

  LayerScales scales_of(const OpenProduct& product, const std::vector<Rows>& rows) const {
    LayerScales scales;
    scales.input = rows.front().scale;
    scales.input_limit = 0;
    scales.weight_limit = (std::int64_t{1} << (options_.weight_bits - 1)) - 1;
    for (const Term& term : product.terms)
      for (const Piece& piece : term.inputs) {
        const Format& format = network_.format_of(tensors_[piece.signal]);
        scales.input_limit = std::max<std::int64_t>(scales.input_limit, format.magnitude());
        scales.signed_input = scales.signed_input || format.is_signed;
      }
    return scales;
  }

  // The coarsest step that the weights force: below it, a column would need a threshold under 1.
  SumFacts sums_of(const OpenProduct& product, const LayerScales& scales) const {
    double finest = 0;
    Eigen::VectorXd greatest = product.offset.cwiseAbs();
    for (int group = 0; group < product.groups; ++group)
      for (const Rows& part : rows_of(product, group)) {
        const Term& term = product.terms[part.term];
        const double reach = part.scale * part.magnitude;
        const Eigen::Index width = product.cols() / product.groups;
        for (Eigen::Index c = group * width; c < (group + 1) * width; ++c) {
          const auto weights = term.weights.col(c).segment(part.row, part.count).cwiseAbs();
          const double step = term.is_integer() ? term.step[c] : 1.0;
          finest = std::max(finest, std::abs(term.gain[c]) * step * weights.maxCoeff() *
                                        part.scale / static_cast<double>(scales.weight_limit));
          greatest[c] += std::abs(term.gain[c]) * step * weights.sum() * reach;
        }
      }
    return {finest, greatest.maxCoeff() > 0 ? greatest.maxCoeff() : 1.0};
  }

  // Whether a sum is 0 or more whatever its inputs are, as a mean behind a Relu is: half the lanes.
  bool is_never_negative(const OpenProduct& product) const {
    const auto is_unsigned = [&](SignalId id) {
      return !network_.format_of(tensors_[id]).is_signed;
    };
    const auto is_positive_sum = [&](const Term& term) {
      const Eigen::VectorXd factor =
          term.is_integer() ? term.gain.cwiseProduct(term.step) : term.gain;
      if (only_shapes_ && term.weights.isZero(0)) return false;
      if (factor.minCoeff() < 0) return false;
      if (const OpenTable* squares = squares_of(draft_, term))
        return std::ranges::all_of(squares->factors, is_unsigned);
      return term.weights.minCoeff() >= 0 &&
             std::ranges::all_of(term.inputs,
                                 [&](const Piece& piece) { return is_unsigned(piece.signal); });
    };
    return product.offset.minCoeff() >= 0 && std::ranges::all_of(product.terms, is_positive_sum);
  }

  void add_layer(SignalId id) {
    Signal& signal = draft_.signals[id];
    const OpenProduct& product = *signal.product;
    if (product.of_codes) return add_codes(id);
    if (is_never_negative(product)) signal.low = std::max(signal.low, 0.0);
    const std::vector<Rows> rows = rows_of(product);
    LayerScales scales = scales_of(product, rows);
    SumFacts sums = only_shapes_ ? SumFacts{0.0, 1.0} : sums_of(product, scales);
    const std::optional<double> squares = error_of_squares(product);
    sums.finest = std::max(sums.finest, squares.value_or(0) / kRoomOfSquares);
    Format format = output_format(signal, seen_[id], is_result(draft_, id), sums, options_);
    if (!options_.exact_neurons) widen(format);
    scales.output = format.scale;
    scales.output_limit = format.magnitude();
    scales.exact_rounding = signal.quantiser.has_value() && options_.exact_neurons;
    Layer layer = only_shapes_ ? shape_of_layer(signal) : layer_of(signal, scales);
    if (squares) bound_error(layer, *squares / format.scale, format, where(signal));
    const Eigen::VectorXd& unit = seen_[id].unit;
    layer.output = tensors_[id] = network_.tensors.push_back(
        {signal.name, signal.shape(), format, {unit.begin(), unit.end()}});
    network_.layers.push_back(std::move(layer));
    signal.product->terms.clear();  // their matrices are large
  }

  // How far the tables of squares that a product reads may be off; none: it reads none.
  std::optional<double> error_of_squares(const OpenProduct& product) const {
    for (const Term& term : product.terms)
      if (const OpenTable* squares = squares_of(draft_, term))
        return quant::error_of_squares(
            factors_of(*squares), network_.format_of(tensors_[term.inputs.front().signal]).scale,
            gain_of_squares(draft_, product));
    return {};
  }

  // But for its numbers.
  Layer frame_of(const Signal& signal) const {
    const OpenProduct& open = *signal.product;
    Layer layer;
    layer.name = signal.name;
    Product& product = layer.rule.emplace<Product>();
    product.window = open.window;
    product.groups = open.groups;
    for (const Term& term : open.terms)
      for (const Piece& piece : term.inputs) product.inputs.push_back(source_of(piece));
    return layer;
  }

  static Eigen::Index height_of(const OpenProduct& open) {
    Eigen::Index height = 0;
    for (const Term& term : open.terms) height += term.weights.rows();
    return height;
  }

  Layer shape_of_layer(const Signal& signal) const {
    const OpenProduct& open = *signal.product;
    Layer layer = frame_of(signal);
    Product& product = layer.product();
    product.weights = WeightMatrix(WeightMatrix::Zero(height_of(open), open.cols()));
    product.bias = WideVector::Zero(open.cols());
    product.threshold = WideVector::Ones(open.cols());
    return layer;
  }

  Layer layer_of(const Signal& signal, const LayerScales& scales) {
    const OpenProduct& open = *signal.product;
    Layer layer = frame_of(signal);
    Product& product = layer.product();
    const Eigen::Index height = height_of(open);
    const Eigen::Index width = open.cols() / open.groups;
    WeightMatrix weights(height, open.cols());
    product.bias.resize(open.cols());
    product.threshold.resize(open.cols());
    layer.is_exact = scales.exact_rounding;
    std::vector<Rows> rows;
    Moments moments;
    for (Eigen::Index c = 0; c < open.cols(); ++c) {
      if (c % width == 0) {
        rows = rows_of(open, static_cast<int>(c / width));
        moments = moments_of(open, rows);
      }
      LayerScales own = scales;
      own.input = rows.front().scale;
      const Column column = column_of(signal, rows, moments, own, c);
      weights.col(c) = column.weights.cast<WeightMatrix::Scalar>();
      product.bias[c] = column.bias;
      product.threshold[c] = column.threshold;
      layer.weight_scale.push_back(column.weight_scale);
      layer.float_scale_error = std::max(layer.float_scale_error, column.threshold_error);
      layer.is_exact = layer.is_exact && column.exact;
    }
    product.weights = std::move(weights);
    product.rounding = rounding_of(signal, product);
    return layer;
  }

  // Odd thresholds know no ties, and rounding up costs the neurons nothing.
  Rounding rounding_of(const Signal& signal, const Product& product) const {
    const bool even = signal.quantiser && signal.quantiser->half_even &&
                      !signal.quantiser->bipolar && options_.exact_neurons;
    const bool ties =
        std::ranges::any_of(product.threshold, [](std::int64_t t) { return t % 2 == 0; });
    return even && ties ? Rounding::kHalfEven : Rounding::kHalfUp;
  }

  // Weights of column c over all terms, and what one of them is worth a row.
  struct Weighted {
    Eigen::VectorXd weights;
    Eigen::VectorXd steps;  // with the gain and the input's scale
    double step = 0.0;      // of the first row, without the input's scale
    bool one_step = true;   // for all rows
  };

  static Weighted weighted(const OpenProduct& product, const std::vector<Rows>& rows,
                           Eigen::Index c) {
    const Eigen::Index height = rows.back().first + rows.back().count;
    Weighted all{Eigen::VectorXd(height), Eigen::VectorXd(height)};
    for (const Rows& part : rows) {
      const Term& term = product.terms[part.term];
      const double step = (term.is_integer() ? term.step[c] : 1.0) * term.gain[c];
      if (part.first == 0) all.step = step;
      all.weights.segment(part.first, part.count) =
          term.weights.col(c).segment(part.row, part.count);
      all.steps.segment(part.first, part.count).setConstant(step * part.scale);
      all.one_step = all.one_step && step == all.step && part.scale == rows.front().scale;
    }
    return all;
  }

  Column column_of(const Signal& signal, const std::vector<Rows>& rows, const Moments& moments,
                   LayerScales scales, Eigen::Index c) const {
    const OpenProduct& product = *signal.product;
    const std::string place = fmt::format("{}, output {}", where(signal), c);
    const Weighted all = weighted(product, rows, c);
    const bool integer = is_integer(product);
    const bool bipolar = signal.quantiser && signal.quantiser->bipolar;
    if (integer && bipolar && all.one_step)
      return sign_column(all.weights, all.step * scales.input, product.offset[c], scales);
    if (bipolar)
      return real_sign_column(all.weights.cwiseProduct(all.steps), product.offset[c], scales);
    if (integer && all.one_step)
      return integer_column(all.weights, all.step, product.offset[c], scales, place);
    if (!integer && all.one_step)
      return float_column(all.weights * all.step, product.offset[c], scales, place, moments);
    scales.input = 1.0;
    if (integer) return mixed_column(all.weights, all.steps, product.offset[c], scales, place);
    return float_column(all.weights.cwiseProduct(all.steps), product.offset[c], scales, place,
                        in_steps(moments, rows));
  }

  Draft draft_;
  Observations seen_;
  Options options_;
  bool only_shapes_;
  int widest_;  // bits of any tensor that has a format, and of float ones
  Network network_;
  base::IdVector<SignalId, TensorId> tensors_;
};

}  // namespace

Network quantise(const nn::Graph& graph, const std::vector<nn::Array>& calibration,
                 const Options& options) {
  check_options(options);
  Draft draft = draft_of(graph);
  take_dense(draft, options.cells);
  Observations seen = observe_floats(graph, draft, calibration);
  rescale(draft, seen, options);
  observe_units(graph, draft, calibration, seen);
  return Quantising(std::move(draft), std::move(seen), options, Numbers::kAll).run();
}

Network shapes_of(const nn::Graph& graph, const Options& options) {
  check_options(options);
  Draft draft = draft_of(graph);
  take_dense(draft, options.cells);
  Observations nothing(draft.signals.size());
  return Quantising(std::move(draft), std::move(nothing), options, Numbers::kNone).run();
}

}  // namespace quant
