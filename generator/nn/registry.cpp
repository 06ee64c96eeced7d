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
  constexpr const char* kNames[] = {"int", "float", "string", "ints", "floats", "tensor"};
  return kNames[static_cast<int>(type)];
}

Array Call::blank(std::size_t i) const {
  const Value& value = graph.value(node.outputs[i]);
  check_extents(value.shape, describe(node));
  const auto count = static_cast<std::size_t>(element_count(value.shape));
  Array array{value.dtype, value.shape, {}};
  if (is_float(value.dtype))
    array.data = std::vector<float>(count);
  else
    array.data = std::vector<std::int64_t>(count);
  return array;
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

// An operator with a similar name is another operator: no guess but one that differs in letter case
// or domain alone.
std::string known_ops_hint(const Node& node) {
  const std::string list = "`fpsa ops` lists the operators supported";
  for (const OpDef& def : op_table())
    for (const std::string& name : def.names)
      if (upper(name) == upper(node.op))
        return fmt::format("export it as {}; {}",
                           def.domains.front().empty() ? "ONNX's own " + name
                                                       : full_name(name, def.domains.front()),
                           list);
  return list;
}

const AttributeDef* find_attribute(const OpDef& def, const std::string& name, std::int64_t opset) {
  for (const AttributeDef& attribute : def.attributes)
    if (attribute.name == name && attribute.since <= opset && opset <= attribute.until)
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
             describe(node));
}

void check_attributes(const Node& node, const OpDef& def, std::int64_t opset,
                      base::Diagnostics& faults) {
  for (const auto& [name, value] : node.attributes) {
    if (const AttributeDef* attribute = find_attribute(def, name, opset))
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

void check_arity(const Node& node, const OpDef& def, base::Diagnostics& faults) {
  const auto present = [](const std::vector<ValueId>& ids, std::size_t needed) {
    return ids.size() >= needed &&
           std::all_of(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(needed),
                       [](ValueId id) { return id.valid(); });
  };
  if (!present(node.inputs, def.min_inputs) || node.inputs.size() > def.max_inputs)
    faults.add(base::Code::kBadGraph,
               fmt::format("has {} inputs; {} takes {} to {}", node.inputs.size(), node.op,
                           def.min_inputs, def.max_inputs),
               describe(node));
  if (!present(node.outputs, 1) || node.outputs.size() > def.max_outputs)
    faults.add(base::Code::kBadGraph,
               fmt::format("has {} outputs; {} gives 1 to {} in inference", node.outputs.size(),
                           node.op, def.max_outputs),
               describe(node));
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
  check_arity(node, *def, faults);
  check_attributes(node, *def, opset, faults);
}

}  // namespace nn
