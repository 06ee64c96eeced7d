#include "nn/gate_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace nn {

namespace {

// A number that a function takes, and its default if it has one.
struct Parameter {
  bool taken = false;
  std::optional<float> usual = {};
};

struct FunctionDef {
  const char* name;
  GateFunction function;
  Parameter alpha = {};
  Parameter beta = {};
};

template <class F>
GateFunction made_of(F f) {
  return {.of_float = f, .of_double = f};
}

const std::vector<FunctionDef>& functions() {
  constexpr Parameter kNeeded{true, {}};
  const auto usually = [](float value) { return Parameter{true, value}; };
  static const std::vector<FunctionDef> table = {
      {"Relu", made_of([](auto x, auto, auto) { return x > 0 ? x : decltype(x){0}; })},
      {"Tanh", made_of([](auto x, auto, auto) { return std::tanh(x); })},
      {"Sigmoid", made_of([](auto x, auto, auto) { return 1 / (1 + std::exp(-x)); })},
      {"Affine", made_of([](auto x, auto a, auto b) { return a * x + b; }), kNeeded, kNeeded},
      {"LeakyRelu", made_of([](auto x, auto a, auto) { return x >= 0 ? x : a * x; }),
       usually(0.01F)},
      {"ThresholdedRelu", made_of([](auto x, auto a, auto) { return x >= a ? x : decltype(x){0}; }),
       usually(1)},
      {"ScaledTanh", made_of([](auto x, auto a, auto b) { return a * std::tanh(b * x); }), kNeeded,
       kNeeded},
      {"HardSigmoid",
       made_of([](auto x, auto a, auto b) { return std::clamp<decltype(x)>(a * x + b, 0, 1); }),
       usually(0.2F), usually(0.5F)},
      {"Elu", made_of([](auto x, auto a, auto) { return x >= 0 ? x : a * std::expm1(x); }),
       usually(1)},
      {"Softsign", made_of([](auto x, auto, auto) { return x / (1 + std::abs(x)); })},
      {"Softplus", made_of([](auto x, auto, auto) {
         return std::log1p(std::exp(-std::abs(x))) + std::max<decltype(x)>(x, 0);
       })},
  };
  return table;
}

[[noreturn]] void refuse(const Node& node, std::string what, std::string cure) {
  base::fail(base::Code::kBadAttribute, std::move(what), describe(node), std::move(cure));
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return text;
}

const FunctionDef& function_named(const Node& node, const std::string& name) {
  std::string known;
  for (const FunctionDef& def : functions()) {
    if (lower(def.name) == lower(name)) return def;
    known += (known.empty() ? "" : ", ") + std::string(def.name);
  }
  refuse(node, fmt::format("there is no activation \"{}\"", base::printable(name)),
         "ONNX has " + known);
}

// Deals out the numbers of one attribute.
class Numbers {
 public:
  Numbers(const Node& node, const char* attribute)
      : node_(node), attribute_(attribute), list_(node.floats_attribute(attribute, {})) {}

  float next(const FunctionDef& def, const Parameter& parameter) {
    if (!parameter.taken) return 0;
    if (used_ < list_.size()) return list_[used_++];
    if (!parameter.usual)
      refuse(node_,
             fmt::format("{} lacks a number for {}, which has no default", attribute_, def.name),
             "give one for each activation that takes one, in their order");
    return *parameter.usual;
  }

  void check_used_up() const {
    if (used_ == list_.size()) return;
    refuse(
        node_,
        fmt::format("{} has {} numbers; the activations take {}", attribute_, list_.size(), used_),
        "give one for each activation that takes one, in their order, and none for the others");
  }

 private:
  const Node& node_;
  const char* attribute_;
  std::vector<float> list_;
  std::size_t used_ = 0;
};

// The names for all directions.
std::vector<std::string> names_of(const Node& node, const std::vector<std::string>& usual,
                                  std::size_t directions) {
  std::vector<std::string> repeated;
  for (std::size_t d = 0; d < directions; ++d)
    repeated.insert(repeated.end(), usual.begin(), usual.end());
  std::vector<std::string> names = node.strings_attribute("activations", repeated);
  if (names.size() != repeated.size())
    refuse(
        node,
        fmt::format("names {} activations; {} takes {}", names.size(), base::printable(node.op),
                    repeated.size()),
        fmt::format("name {} for each direction, of which there are {}", usual.size(), directions));
  return names;
}

}  // namespace

std::vector<GateFunction> gate_functions(const Node& node, const std::vector<std::string>& usual,
                                         std::size_t directions) {
  Numbers alphas(node, "activation_alpha");
  Numbers betas(node, "activation_beta");
  std::vector<GateFunction> result;
  for (const std::string& name : names_of(node, usual, directions)) {
    const FunctionDef& def = function_named(node, name);
    result.push_back(def.function);
    result.back().alpha = alphas.next(def, def.alpha);
    result.back().beta = betas.next(def, def.beta);
  }
  alphas.check_used_up();
  betas.check_used_up();
  return result;
}

}  // namespace nn
