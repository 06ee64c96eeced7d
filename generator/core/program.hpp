// The program of core-ops: every layer of the integer network cut into crossbar-sized products.
//
// Source: the neural synthesizer of FPSA (Ji et al., ASPLOS 2019) in its mapping of products;
// cascades of tall layers are ours (README.md of generator/).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id_vector.hpp"
#include "base/strong_id.hpp"
#include "core/device.hpp"
#include "quant/cell_layer.hpp"
#include "quant/sight.hpp"
#include "quant/tensor.hpp"

namespace core {

using StreamId = base::StrongId<struct StreamTag>;
using OpId = base::StrongId<struct OpTag>;

/// `count` lanes of `stream` from `first`.
struct LaneRange {
  StreamId stream;
  int first = 0;
  int count = 0;
  bool operator==(const LaneRange&) const = default;
};

/// How memory shows lanes of a stream to who walks over its tensor's maps: in each window all taps
/// side by side, lane (tap * lanes() + lane), taps row by row, zero where a tap meets no position;
/// and as many windows of a row side by side as the view's stream has positions in a token.
struct View {
  std::vector<LaneRange> shown;  ///< of one stream, lanes of each position, part after part
  quant::Window window;
  quant::Sight sight{};  ///< windows walk over the maps as they are seen so
  /// Instead of the taps the greatest of them, a lane each. Of a signed stream, `shown` are x+ and
  /// x- of the same channels, and the greatest has the greatest x+ and the least x-.
  bool most = false;

  StreamId stream() const { return shown.front().stream; }
  int lanes() const;  ///< of a tap
};

/// A function of each element of a stream's channels: `inputs` are, position by position of a
/// token, x+ and, if it is signed, x-.
struct Lookup {
  std::vector<LaneRange> inputs;
  /// Of magnitudes 0 .. 2^bits - 1, then (signed) of their negatives, 0 first. Codes that the input
  /// never has are 0.
  std::vector<std::int32_t> values;
};

/// Answers of recurrent cells to the steps of a sample, which are the tokens of another stream: to
/// each, or of one token to the last. `inputs` are, of a step, x+ and, if it is signed, x-.
struct Answers {
  std::vector<LaneRange> inputs;
  std::shared_ptr<const quant::CellLayer> cells;

  StreamId stream() const { return inputs.front().stream; }
};

/// Where a tensor's own map stands in the map that its stream's tokens bring. What else stands
/// there nobody reads.
struct Inset {
  quant::Pair map{};     ///< the tensor's own
  quant::Pair at{0, 0};  ///< of its first position
  quant::Pair apart{};   ///< from each of its positions to the next
  bool operator==(const Inset&) const = default;
};

/// How a tensor travels: token after token, one position's channels each, as a vector of spike
/// lanes. An unsigned tensor of c channels has c lanes; a signed one 2c: first all x+, then all x-.
/// Where layers have copies a token carries `beside` positions of a row side by side, lane
/// (position * position_lanes() + lane). What the last token of a row carries beyond its end nobody
/// reads.
struct Stream {
  std::string name;  ///< of the tensor, or of the layer that the view is for
  quant::TensorId tensor;
  int lanes = 0;  ///< of a token
  quant::Format format;
  int tokens = 1;                    ///< a sample
  quant::Pair map{};                 ///< positions a sample
  Inset own{};                       ///< of them the tensor's; of a view, those of what it shows
  int beside = 1;                    ///< positions a token
  std::optional<View> view{};        ///< memory makes it
  std::optional<Lookup> lookup{};    ///< a table makes it
  std::optional<Answers> answers{};  ///< cells make it; without any of these the host or core-ops

  int position_lanes() const { return lanes / beside; }
  /// Elements of a sample.
  int count() const { return position_lanes() / (format.is_signed ? 2 : 1) * own.map.area(); }
  /// Whether it only shows again what another stream carries.
  bool is_copy() const { return view && !view->most; }
  /// Whether core-ops make it, or the host.
  bool is_product() const { return !view && !lookup && !answers; }
  /// Whether what lies between two islands makes it: memory, or cells.
  bool is_between() const { return view || answers; }
  /// What it is made of, if it is made between two islands.
  StreamId made_of() const { return view ? view->stream() : answers->stream(); }
};

/// Lanes of all ranges together.
int count_of(const std::vector<LaneRange>& ranges);

/// `count` rows or columns of a layer's matrix from `first`; negated where they serve x- lanes. A
/// crossbar may hold several of the layer's groups: where rows and columns of two meet, it is zero.
struct MatrixRange {
  int first = 0;
  int count = 0;
  bool negated = false;
  int group = 0;
  bool operator==(const MatrixRange&) const = default;
};

/// One crossbar's product. The ops of a column tile form a cascade: row tile j adds its sum to that
/// of tile j - 1, and the last one holds the neurons. A layer whose stream has several positions a
/// token has a copy of all its ops for each of them; all view the same weights.
struct CoreOp {
  std::string name;      ///< layer and op_name(): "fc1_r0_c1"
  quant::LayerId layer;  ///< whose matrix it views
  StreamId output;       ///< that the cascade's neurons drive
  int first_lane = 0;    ///< of the output
  int copy = 0;          ///< the position of a token that it makes
  int copies = 1;
  int row_tile = 0;
  int row_tiles = 1;
  int col_tile = 0;
  std::vector<LaneRange> inputs;        ///< concatenated: the rows
  std::vector<MatrixRange> row_ranges;  ///< concatenated: the rows, in the layer's matrix
  std::vector<MatrixRange> col_ranges;  ///< concatenated: the columns
  std::vector<std::int64_t> bias;       ///< a column; empty unless last in its cascade
  std::vector<std::int64_t> threshold;
  std::vector<std::int32_t> top;  ///< greatest code that a column's neuron gives
  quant::Rounding rounding = quant::Rounding::kHalfUp;

  int rows() const;  ///< of the crossbar
  int cols() const;
  /// Cells that hold a part of the layer's matrix: all but those where groups cross.
  std::int64_t used_cells() const;
  bool is_first() const { return row_tile == 0; }
  bool is_last() const { return row_tile == row_tiles - 1; }
};

/// What tells the ops of a layer apart: row and column tile, and which of several copies: "r0_c0",
/// "r0_c0_n1".
std::string op_name(const CoreOp& op);

struct Program {
  std::string name;
  int weight_bits = 8;
  base::IdVector<quant::LayerId, quant::Weights> weights;  ///< which the layer's core-ops view
  Device device;  ///< how far the crossbars are from what they should hold
  base::IdVector<StreamId, Stream> streams;
  std::vector<StreamId> inputs;    ///< concatenated: the lanes that the host sends
  std::vector<LaneRange> outputs;  ///< concatenated: the lanes that the host receives
  /// Layer by layer in topological order, copy by copy, column tile by column tile, cascades in
  /// order.
  base::IdVector<OpId, CoreOp> ops;

  std::vector<LaneRange> input_lanes() const;  ///< as outputs
  bool is_input(StreamId id) const;
};

/// Tokens that bring a sample's map, `beside` positions of a row each.
int tokens_of(const quant::Pair& map, int beside);

/// Where a stream carries an element of its tensor.
struct Place {
  int token = 0;
  int lane = 0;  ///< of x+, of a signed one
};
/// Of element `element` of `channels` maps that travel as `stream` does: its tensor, or some
/// channels of it alone.
Place place_of(const Stream& stream, int channels, int element);

/// Samples of a tensor, a row each, channel by channel, as a stream's lanes, a row a token. Silence
/// fills rows up.
quant::IntegerBatch lanes_of(const Stream& stream, const quant::IntegerBatch& samples);
/// The inverse. `lanes` may be those of some channels alone.
quant::IntegerBatch samples_of(const Stream& stream, const quant::IntegerBatch& lanes);

/// What the crossbar of `op` holds: its part of the layer's matrix, rows x cols, with the signs of
/// its lanes and the device's errors, which depend on the device's seed and the op alone.
quant::WeightMatrix crossbar_of(const Program& program, OpId op);

/// Of a token of `taps` positions the lanes as cells read them: x+ of all taps, and if the stream
/// is signed, x- of all.
std::vector<LaneRange> lanes_of_step(const Stream& stream, StreamId id, int taps);

}  // namespace core
