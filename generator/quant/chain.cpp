#include "quant/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "quant/operands.hpp"

namespace quant {

namespace {

// What the value that the walk stands on is.
enum class Stage {
  kInput,      // the graph's input, or an affine map of it
  kSum,        // a product: affine maps and an activation may still join it
  kActivated,  // after Relu or Clip
  kIntegers,   // after QuantizeLinear: integers, a zero point in them
  kReal,       // after DequantizeLinear or Quant
  kHost,       // after Softmax or ArgMax
};

bool is_view(const std::string& op) {
  return op == "Flatten" || op == "Reshape" || op == "Squeeze" || op == "Unsqueeze" ||
         op == "Identity" || op == "Dropout" || op == "Cast";
}

class Walk {
 public:
  explicit Walk(const nn::Graph& graph) : graph_(graph), uses_(graph) {}

  Chain run() {
    start();
    while (const nn::Node* node = next()) {
      base::interruption_point();
      visit(*node);
    }
    finish();
    return std::move(chain_);
  }

 private:
  [[noreturn]] static void refuse(const nn::Node& node, std::string why, std::string cure) {
    base::fail(base::Code::kCannotLower, std::move(why), nn::describe(node), std::move(cure));
  }

  void start();
  const nn::Node* next() const;
  void visit(const nn::Node& node);
  void dense(const nn::Node& node);
  void join_affine(const nn::Node& node);
  void relu(const nn::Node& node);
  void clip(const nn::Node& node);
  void clip_integers(const nn::Node& node);
  void clip_real(const nn::Node& node, double low, double high);
  void quantise(const nn::Node& node, const Quantiser& quantiser, Stage next);
  void settle_input(const nn::Node& node);
  void settle_product(const nn::Node& node);
  void dequantise(const nn::Node& node);
  void q_linear_matmul(const nn::Node& node);
  void host(const nn::Node& node);
  void finish();

  OpenProduct& product() { return chain_.products.back(); }
  std::optional<Quantiser>& quantiser() {
    return chain_.products.empty() ? chain_.quantiser : product().quantiser;
  }
  // Moves on to the node's output; it is what calibration of the product at hand looks at.
  void advance(const nn::Node& node) {
    at_ = node.outputs.at(0);
    if (stage_ == Stage::kSum || stage_ == Stage::kActivated)
      if (after_.is_identity()) product().output = at_;
  }
  void add_product(const nn::Node& node, Operand operand);

  const nn::Graph& graph_;
  const nn::Uses uses_;
  Chain chain_;
  nn::ValueId at_;
  Stage stage_ = Stage::kInput;
  Affine after_;  // value here = after_(the tensor of the last product, or the input)
};

void Walk::start() {
  if (graph_.inputs.size() != 1 || graph_.outputs.size() != 1)
    base::fail(base::Code::kCannotLower,
               fmt::format("{} inputs and {} outputs", graph_.inputs.size(), graph_.outputs.size()),
               "the graph", "a network has one input and one output");
  chain_.name = graph_.name;
  chain_.input = at_ = graph_.inputs[0];
}

const nn::Node* Walk::next() const {
  const nn::Node* found = nullptr;
  for (const nn::NodeId id : uses_.readers[at_.index()]) {
    const nn::Node& node = graph_.node(id);
    if (node.op == "Shape") continue;  // reads extents, no data
    if (found)
      refuse(node,
             fmt::format("reads \"{}\", which {} reads too", graph_.value(at_).name,
                         nn::describe(*found)),
             "networks that branch are not supported, only chains");
    found = &node;
  }
  if (!found && at_ != graph_.outputs[0])
    base::fail(base::Code::kCannotLower, "no path leads from the input to the output",
               fmt::format("value \"{}\"", graph_.value(at_).name), "repair the export");
  if (found && at_ == graph_.outputs[0])
    refuse(*found, "reads the network's output", "only the chain's last value can be the output");
  return found;
}

void Walk::visit(const nn::Node& node) {
  const std::string& op = node.op;
  const bool linear =
      op == "Add" || op == "Sub" || op == "Mul" || op == "Div" || op == "BatchNormalization";
  if (stage_ == Stage::kHost) {
    if (!is_view(op) && !is_quantiser(node) && op != "DequantizeLinear")
      refuse(node, "follows what the host computes", "end the model with Softmax or ArgMax");
  } else if (stage_ == Stage::kIntegers && linear) {
    refuse(node, "computes with quantised integers", "put it after DequantizeLinear");
  } else if (op == "Gemm" || op == "MatMul") {
    dense(node);
  } else if (op == "QLinearMatMul") {
    q_linear_matmul(node);
  } else if (linear) {
    join_affine(node);
  } else if (op == "Relu") {
    relu(node);
  } else if (op == "Clip") {
    clip(node);
  } else if (is_quantiser(node)) {
    quantise(node, quantiser_of(graph_, node),
             op == "QuantizeLinear" ? Stage::kIntegers : Stage::kReal);
  } else if (op == "DequantizeLinear") {
    dequantise(node);
  } else if (op == "Softmax" || op == "ArgMax") {
    host(node);
  } else if (!is_view(op)) {
    refuse(
        node, fmt::format("{} has no counterpart in the PEs", op),
        "supported are chains of Gemm, MatMul and QLinearMatMul with BatchNormalization, constant "
        "Add, Sub, Mul, Div, Relu, Clip and quantisers, and Softmax or ArgMax at the end");
  }
  advance(node);
}

void Walk::add_product(const nn::Node& node, Operand operand) {
  const bool first = chain_.products.empty();
  const int rows = static_cast<int>(operand.weights.rows());
  const std::int64_t fed = first ? elements_per_sample(graph_, at_, operand.from_left)
                                 : chain_.products.back().weights.cols();
  if (fed != rows && fed != nn::kUnknown)
    refuse(node, fmt::format("wants {} inputs and gets {}", rows, fed),
           "only products over all elements of a sample can be lowered");
  if (first) chain_.input_count = rows;
  OpenProduct result;
  result.name = node.name;
  result.weights = std::move(operand.weights);
  result.step = std::move(operand.step);
  result.gain = Eigen::VectorXd::Constant(result.weights.cols(), operand.gain);
  result.offset = std::move(operand.bias);
  absorb_input(after_, result, node);
  after_ = Affine();
  chain_.products.push_back(std::move(result));
  stage_ = Stage::kSum;
}

void Walk::dense(const nn::Node& node) {
  if (stage_ == Stage::kIntegers)
    refuse(node, "multiplies quantised integers", "put DequantizeLinear before it");
  add_product(node, dense_operand(graph_, node, at_));
}

void Walk::join_affine(const nn::Node& node) {
  const auto count = static_cast<int>(
      chain_.products.empty() ? elements_per_sample(graph_, at_, false) : product().weights.cols());
  const Affine step = affine_of(graph_, node, at_, count);
  if (stage_ != Stage::kSum) {
    after_.then(step);
    return;
  }
  Affine own{product().gain, product().offset};
  own.then(step);
  product().gain = own.gain_of(count);
  product().offset = own.offset_of(count);
}

void Walk::relu(const nn::Node& node) {
  if (stage_ == Stage::kIntegers)
    refuse(node, "follows QuantizeLinear", "put Relu before QuantizeLinear");
  clip_real(node, 0.0, std::numeric_limits<double>::infinity());
}

void Walk::clip(const nn::Node& node) {
  if (stage_ == Stage::kIntegers) return clip_integers(node);
  const auto [low, high] = clip_bounds(graph_, node);
  clip_real(node, low, high);
}

void Walk::clip_integers(const nn::Node& node) {
  const auto [low, high] = clip_bounds(graph_, node);
  Quantiser& q = *quantiser();
  q.low = static_cast<std::int64_t>(std::max<double>(q.low, std::ceil(low)));
  q.high = static_cast<std::int64_t>(std::min<double>(q.high, std::floor(high)));
  if (q.low >= q.high)
    refuse(node, "leaves no range of integers", "the lower bound is below the upper one");
}

// The bounds that a PE has: from 0 (its outputs are unsigned) or symmetric.
void Walk::clip_real(const nn::Node& node, double low, double high) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (low == -kInfinity && high == kInfinity) return;
  if (!after_.is_identity() || chain_.products.empty())
    refuse(node, "an activation that follows no product", "put it right after a product");
  const bool relu = low == 0.0;
  const bool was_relu = product().relu || (quantiser() && quantiser()->low >= quantiser()->zero);
  if (!(high > 0) || (!relu && low != -high && !(was_relu && low < 0)))
    refuse(node, fmt::format("clips to [{}, {}]", low, high), "a PE clips to [0, c] or to [-c, c]");
  product().relu = product().relu || relu;
  product().clip = std::min(product().clip, high);
  if (stage_ == Stage::kSum) stage_ = Stage::kActivated;
  if (stage_ == Stage::kReal) bound_quantiser(product());
}

void Walk::quantise(const nn::Node& node, const Quantiser& own, Stage next) {
  if (stage_ == Stage::kIntegers)
    refuse(node, "quantises integers", "put DequantizeLinear before it");
  if (stage_ == Stage::kReal) {
    if (!(after_.is_identity() && quantiser() && own == *quantiser()))
      refuse(node, "a tensor is quantised twice, to different formats",
             "leave out one of the quantisers");
  } else if (chain_.products.empty()) {
    settle_input(node);
    chain_.quantiser = own;
  } else {
    settle_product(node);
    product().quantiser = own;
    bound_quantiser(product());
  }
  stage_ = next;
}

void Walk::settle_input(const nn::Node& node) {
  if (!after_.is_uniform())
    refuse(node, "the input is scaled by more than one factor before it is quantised",
           "scale the input by one factor and one offset");
  chain_.input_gain = after_.gain[0];
  chain_.input_offset = after_.offset[0];
  after_ = Affine();
}

// An affine map between activation and quantiser joins the product if it commutes with the
// activation.
void Walk::settle_product(const nn::Node& node) {
  if (after_.is_identity()) return;
  const bool one_gain = after_.is_uniform() || std::isinf(product().clip);
  if (!after_.offset.isZero(0) || !(after_.gain.minCoeff() > 0) || !one_gain)
    refuse(node, "quantises an activation after an offset or a factor that is not positive",
           "quantise the activation itself");
  const int count = static_cast<int>(product().weights.cols());
  product().gain.array() *= after_.gain_of(count).array();
  product().offset.array() *= after_.gain_of(count).array();
  product().clip *= after_.gain[0];
  after_ = Affine();
}

void Walk::dequantise(const nn::Node& node) {
  if (stage_ != Stage::kIntegers)
    refuse(node, "dequantises what is not quantised", "put QuantizeLinear before it");
  const double step = scalar_input(graph_, node, 1, 1.0);
  const double zero = scalar_input(graph_, node, 2, 0.0);
  if (step != quantiser()->step || zero != static_cast<double>(quantiser()->zero))
    refuse(node, "its scale or zero point differs from the one of QuantizeLinear",
           "use the same scale and zero point for both");
  stage_ = Stage::kReal;
}

void Walk::q_linear_matmul(const nn::Node& node) {
  if (stage_ != Stage::kIntegers)
    refuse(node, "reads what is not quantised", "put QuantizeLinear before it");
  const QLinearOperands parts = q_linear_operands(graph_, node, at_);
  if (parts.input.step != quantiser()->step || parts.input.zero != quantiser()->zero)
    refuse(node, "its input scale or zero point differs from the one of QuantizeLinear",
           "use the same scale and zero point for both");
  add_product(node, parts.operand);
  product().quantiser = parts.output;
  product().output = node.outputs.at(0);
  stage_ = Stage::kIntegers;
}

void Walk::host(const nn::Node& node) {
  if (chain_.products.empty()) refuse(node, "comes before any product", "the PEs need a product");
  if (stage_ == Stage::kIntegers)
    refuse(node, "follows QuantizeLinear", "put DequantizeLinear before it");
  require_last_axis(graph_, node, at_);
  chain_.host = node.op == "ArgMax" ? HostOp::kArgMax : HostOp::kSoftmax;
  stage_ = Stage::kHost;
}

void Walk::finish() {
  if (chain_.products.empty())
    base::fail(base::Code::kCannotLower, "the model has no matrix product", "the graph",
               "there is nothing for the PEs to do");
  if (after_.is_identity()) return;
  const double gain = after_.gain[0];
  if (!after_.is_uniform() || after_.offset[0] != 0 || !(gain > 0))
    base::fail(
        base::Code::kCannotLower,
        "the output is scaled by more than one positive factor after its activation or quantiser",
        fmt::format("layer \"{}\"", product().name), "scale before the activation or quantiser");
  chain_.output_gain = gain;
}

}  // namespace

Chain chain_of(const nn::Graph& graph) { return Walk(graph).run(); }

}  // namespace quant
