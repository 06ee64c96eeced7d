#include <algorithm>

#include "nn/op_support.hpp"

namespace nn {
namespace {

// Removes one extent from `pool` that equals `extent`; says whether there was one.
bool take(Shape& pool, std::int64_t extent) {
  const auto found = std::ranges::find(pool, extent);
  if (found == pool.end()) return false;
  pool.erase(found);
  return true;
}

// The extent that -1 stands for. Unknown extents that the target copies cancel out; if more of the
// input's are left, the result is unknown.
std::int64_t fill_in(const Node& node, const Shape& from, const Shape& target) {
  Shape rest = from;
  std::int64_t copied = 1;
  for (const std::int64_t extent : target) {
    if (extent != kUnknown)
      copied *= extent;
    else if (!take(rest, kUnknown))
      return kUnknown;
  }
  if (std::ranges::find(rest, kUnknown) != rest.end()) return kUnknown;
  const std::int64_t count = known_count(rest);
  if (copied == 0 || count % copied != 0)
    bad_shape(node, "cannot reshape " + to_string(from) + ": -1 has no whole value");
  return count / copied;
}

// `literal`: the model says the numbers itself, so none of them stands for what is not known.
Shape target_shape(const Node& node, const Shape& from, const std::vector<std::int64_t>& wanted,
                   bool literal) {
  const bool zero_is_zero = node.int_attribute("allowzero", 0) != 0;
  Shape others;  // all but the -1
  Shape out;
  bool varies = false;
  std::ptrdiff_t minus_one = -1;
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    std::int64_t extent = wanted[d];
    varies = varies || (!literal && extent == kVarying);
    if (!literal && extent_of(extent) != extent) {
      others.push_back(kUnknown);
      out.push_back(kUnknown);
      continue;
    }
    if (extent == -1 && minus_one >= 0) bad_shape(node, "the new shape has -1 twice");
    if (extent < -1) bad_shape(node, "the new shape has the extent " + std::to_string(extent));
    if (extent == 0 && !zero_is_zero) {
      if (d >= from.size()) bad_shape(node, "the new shape copies an extent that is not there");
      extent = from[d];
    }
    if (wanted[d] == -1)
      minus_one = static_cast<std::ptrdiff_t>(d);
    else
      others.push_back(extent);
    out.push_back(extent);
  }
  check_extents(others, describe(node));
  if (minus_one >= 0)
    out[static_cast<std::size_t>(minus_one)] = varies ? kUnknown : fill_in(node, from, others);
  return out;
}

void infer(Graph& graph, const Node& node) {
  const Value& x = input(graph, node, 0);
  const Shape out = target_shape(node, x.shape, shape_ints(graph, node, 1, "the new shape"),
                                 graph.is_constant(node.inputs[1]));
  check_extents(out, describe(node));
  if (all_known(x.shape) && all_known(out) && element_count(x.shape) != element_count(out))
    bad_shape(node, "cannot reshape " + to_string(x.shape) + " to " + to_string(out));
  set_output(graph, node, 0, x.dtype, out);
}

}  // namespace

OpDef reshape_op() {
  return {
      .names = {"Reshape"},
      .doc =
          "X in another shape; 0 copies an extent, -1 is computed; the shape is known but for the "
          "batch",
      .min_inputs = 2,
      .max_inputs = 2,
      .attributes = {{.name = "allowzero",
                      .type = AttributeType::kInt,
                      .doc = "1: an extent of 0 means 0",
                      .allowed = {"0", "1"},
                      .since = 14}},
      .infer = infer,
      .evaluate =
          [](const Call& call) {
            return std::vector<Array>{reshaped(call.input(0), call.blank().shape)};
          },
  };
}

}  // namespace nn
