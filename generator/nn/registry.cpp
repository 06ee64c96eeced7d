#include "nn/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "nn/op_support.hpp"

namespace nn {

#define FPSA_OP(name) OpDef name##_op();
#include "nn/op_list.inc"
#undef FPSA_OP

const std::vector<OpDef>& op_table() {
  static const std::vector<OpDef> table = {
#define FPSA_OP(name) name##_op(),
#include "nn/op_list.inc"
#undef FPSA_OP
  };
  return table;
}

std::string to_string(AttributeType type) {
  constexpr const char* kNames[] = {"int",    "float",  "string", "ints",
                                    "floats", "tensor", "strings"};
  return kNames[static_cast<int>(type)];
}

Array Call::blank(std::size_t i) const {
  const Value& value = graph.value(node.outputs[i]);
  check_extents(value.shape, describe(node));
  return Array::zeros(value.dtype, value.shape);
}

namespace {

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

std::string as_text(const Attribute& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return text;
}

std::string full_name(const std::string& op, const std::string& domain) {
  return domain.empty() ? op : domain + "." + op;
}

// Operators that are not supported on purpose, and what to do instead.
struct Refusal {
  const char* op;
  const char* cure;
};
constexpr const char* kQuantiseStatically =
    "the hardware's scales are fixed before it runs: quantise statically, with calibration data "
    "(quantize_static in ONNX Runtime), or export the float model";
constexpr Refusal kRefusals[] = {
    {"DynamicQuantizeLinear", kQuantiseStatically},
    {"DynamicQuantizeMatMul", kQuantiseStatically},
    {"MatMulIntegerToFloat", kQuantiseStatically},
    {"DynamicQuantizeLSTM", kQuantiseStatically},
};

// An operator with a similar name is another operator: no guess but one that differs in letter case
// or domain alone.
std::string known_ops_hint(const Node& node) {
  const std::string list = "`fpsa ops` lists the operators supported";
  for (const Refusal& refusal : kRefusals)
    if (node.op == refusal.op) return refusal.cure;
  for (const OpDef& def : op_table())
    for (const std::string& name : def.names)
      if (upper(name) == upper(node.op))
        return fmt::format("export it as {}; {}",
                           def.domains.front().empty() ? "ONNX's own " + name
                                                       : full_name(name, def.domains.front()),
                           list);
  return list;
}

// The opset is that of ONNX's own domain, and says nothing of ops from others.
const AttributeDef* find_attribute(const OpDef& def, const std::string& name, const Node& node,
                                   std::int64_t opset) {
  for (const AttributeDef& attribute : def.attributes)
    if (attribute.name == name &&
        (!node.domain.empty() || (attribute.since <= opset && opset <= attribute.until)))
      return &attribute;
  return nullptr;
}

// The variant's alternatives and AttributeType have the same order.
bool has_type(const Attribute& value, AttributeType type) {
  return value.index() == static_cast<std::size_t>(type);
}

void check_value(const Node& node, const AttributeDef& def, const Attribute& value,
                 base::Diagnostics& faults) {
  if (!has_type(value, def.type)) {
    faults.add(base::Code::kBadAttribute,
               fmt::format("attribute \"{}\" must be of type {}", def.name, to_string(def.type)),
               describe(node));
    return;
  }
  const std::string text = def.any_case ? upper(as_text(value)) : as_text(value);
  if (def.allowed.empty() || contains(def.allowed, text)) return;
  faults.add(base::Code::kBadAttribute,
             fmt::format("attribute \"{}\" is {}; supported: {}", def.name, as_text(value),
                         fmt::join(def.allowed, ", ")),
             describe(node), "export the model with a value that is supported");
}

void check_attributes(const Node& node, const OpDef& def, std::int64_t opset,
                      base::Diagnostics& faults) {
  for (const auto& [name, value] : node.attributes) {
    if (const AttributeDef* attribute = find_attribute(def, name, node, opset))
      check_value(node, *attribute, value, faults);
    else
      faults.add(
          base::Code::kBadAttribute,
          fmt::format("attribute \"{}\" is unknown for {} in opset {}", name, node.op, opset),
          describe(node), "`fpsa ops` lists the attributes supported");
  }
  for (const AttributeDef& attribute : def.attributes)
    if (attribute.required && !node.attributes.contains(attribute.name))
      faults.add(base::Code::kBadAttribute,
                 fmt::format("attribute \"{}\" is missing", attribute.name), describe(node));
}

std::string range_text(std::size_t least, std::size_t most) {
  return most == kAnyNumber ? fmt::format("{} or more", least)
                            : fmt::format("{} to {}", least, most);
}

void check_arity(const Node& node, const OpDef& def, base::Diagnostics& faults) {
  const auto is_there = [](const std::vector<ValueId>& ids, std::size_t i) {
    return i < ids.size() && ids[i].valid();
  };
  bool complete = node.inputs.size() >= def.min_inputs;
  for (std::size_t i = 0; i < def.min_inputs; ++i)
    complete = complete && (is_there(node.inputs, i) ||
                            std::ranges::find(def.may_be_omitted, i) != def.may_be_omitted.end());
  if (!complete || node.inputs.size() > def.max_inputs)
    faults.add(base::Code::kBadGraph,
               fmt::format("has {} inputs; {} takes {}", node.inputs.size(), node.op,
                           range_text(def.min_inputs, def.max_inputs)),
               describe(node));
  const bool gives = def.needs_first_output ? is_there(node.outputs, 0)
                                            : std::ranges::any_of(node.outputs, &ValueId::valid);
  if (!gives || node.outputs.size() > def.max_outputs)
    faults.add(base::Code::kBadGraph,
               fmt::format("has {} outputs; {} gives {} in inference", node.outputs.size(), node.op,
                           range_text(1, def.max_outputs)),
               describe(node), "export the model for inference (in PyTorch after model.eval())");
}

}  // namespace

const OpDef* find_op(const std::string& op, const std::string& domain) {
  for (const OpDef& def : op_table())
    if (contains(def.names, op) && contains(def.domains, domain)) return &def;
  return nullptr;
}

const OpDef& op_of(const Node& node) {
  if (const OpDef* def = find_op(node.op, node.domain)) return *def;
  base::Diagnostics faults;
  check_node(node, kMaxOpset, faults);
  throw base::Error(faults.faults());
}

void check_node(const Node& node, std::int64_t opset, base::Diagnostics& faults) {
  const OpDef* def = find_op(node.op, node.domain);
  if (!def) {
    faults.add(base::Code::kUnsupportedOp,
               fmt::format("operator {} is not supported", full_name(node.op, node.domain)),
               describe(node), known_ops_hint(node));
    return;
  }
  if (node.domain.empty() && opset < def->since)
    faults.add(base::Code::kUnsupportedOp,
               fmt::format("operator {} does not exist in opset {}", node.op, opset),
               describe(node), fmt::format("export the model with opset {} or later", def->since));
  if (node.domain.empty() && opset > def->until)
    faults.add(base::Code::kUnsupportedOp,
               fmt::format("operator {} does not exist in opset {}", node.op, opset),
               describe(node), fmt::format("it ended with opset {}", def->until));
  check_arity(node, *def, faults);
  check_attributes(node, *def, opset, faults);
}

}  // namespace nn
