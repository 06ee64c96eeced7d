// Golden level 2 of a layer: its engines and the graph of its elements, frame by frame.
#include <algorithm>

#include "units/recurrent/recurrent.hpp"

namespace units {

namespace {

using Words = std::vector<std::int64_t>;

std::int64_t sum_of(const Words& counts) {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

// What a stream carries from frame to frame.
struct Stream {
  Words y;
  Words kept;
};

class Layer {
 public:
  Layer(const RecurrentConfig& config, const quant::CellWeights& weights, ClippedWords& clipped)
      : config_(config),
        weights_(weights),
        clipped_(clipped),
        path_(cell_path(config)),
        second_(config.rule.kind == quant::CellKind::kGruFirst ? second_path(config)
                                                               : Datapath(config.rule.rounding)),
        streams_(static_cast<std::size_t>(config.streams)) {
    for (Stream& stream : streams_) reset(stream);
  }

  Frame next(const Frame& frame) {
    Stream& stream = streams_[turn_];
    turn_ = (turn_ + 1) % streams_.size();
    Words all = frame.words;
    all.insert(all.end(), stream.y.begin(), stream.y.end());
    const quant::CirculantProduct sums = through(gates_config(config_), weights_.gates, all);
    clipped_.gates += sum_of(sums.clipped);
    stream.y = elements(sums.y, stream);
    if (config_.rule.has_second()) {
      const quant::CirculantProduct second =
          through(projection_config(config_), weights_.projection, stream.y);
      clipped_.projection += sum_of(second.clipped);
      stream.y = config_.rule.projection ? second.y : after(second.y, stream);
    }
    Frame result{stream.y, frame.last};
    if (frame.last) reset(stream);
    return result;
  }

 private:
  void reset(Stream& stream) const {
    stream.y.assign(static_cast<std::size_t>(config_.outputs * config_.block), 0);
    stream.kept.assign(static_cast<std::size_t>(config_.cells * config_.block), 0);
  }

  Words elements(const Words& sums, Stream& stream) {
    const quant::CellRule& rule = config_.rule;
    const auto block = static_cast<std::size_t>(config_.block);
    const auto gates = static_cast<std::size_t>(gates_of(rule.kind));
    const auto side = static_cast<std::size_t>(config_.elements);
    const auto parameters = static_cast<std::size_t>(rule.parameters());
    Words m;
    for (std::size_t first = 0; first < stream.kept.size(); first += side) {
      Words in;
      for (std::size_t i = first; i < first + side; ++i) {
        for (std::size_t gate = 0; gate < gates; ++gate)
          in.push_back(sums[(i / block * gates + gate) * block + i % block]);
        for (std::size_t p = 0; p < parameters; ++p)
          in.push_back(weights_.parameters[i * parameters + p]);
        if (rule.has_state()) in.push_back(stream.kept[i]);
      }
      std::vector<bool> flags;
      const Words out = evaluate(path_, in, &flags);
      clipped_.cell += std::ranges::count(flags, true);
      const std::size_t each = out.size() / side;
      for (std::size_t e = 0; e < side; ++e) {
        m.push_back(out[e * each]);
        if (rule.kind == quant::CellKind::kGruFirst) {
          waiting_.insert(waiting_.end(),
                          {out[e * each + 1], out[e * each + 2], out[e * each + 3]});
        } else {
          stream.kept[first + e] = out[e * each + each - 1];
        }
      }
    }
    return m;
  }

  // What follows the second product, with what waited for it.
  Words after(const Words& seen, Stream& stream) {
    const auto side = static_cast<std::size_t>(config_.elements);
    for (std::size_t first = 0; first < seen.size(); first += side) {
      Words in;
      for (std::size_t i = first; i < first + side; ++i) {
        in.push_back(seen[i]);
        in.insert(in.end(), {waiting_[3 * i], waiting_[3 * i + 1], waiting_[3 * i + 2]});
      }
      std::vector<bool> flags;
      const Words out = evaluate(second_, in, &flags);
      clipped_.cell += std::ranges::count(flags, true);
      std::ranges::copy(out, stream.kept.begin() + static_cast<std::ptrdiff_t>(first));
    }
    waiting_.clear();
    return stream.kept;
  }

  const RecurrentConfig& config_;
  const quant::CellWeights& weights_;
  ClippedWords& clipped_;
  Datapath path_;
  Datapath second_;
  Words waiting_;  // for the second product
  std::vector<Stream> streams_;
  std::size_t turn_ = 0;
};

}  // namespace

std::vector<Frame> through(const RecurrentConfig& config, const quant::CellWeights& weights,
                           const std::vector<Frame>& frames, ClippedWords& clipped) {
  Layer layer(config, weights, clipped);
  std::vector<Frame> results;
  for (const Frame& frame : frames) results.push_back(layer.next(frame));
  return results;
}

}  // namespace units
