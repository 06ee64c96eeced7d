#include "nn/blocks.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/permute.hpp"

namespace nn {

AttributeDef blocksize_attribute() {
  return {.name = "blocksize",
          .type = AttributeType::kInt,
          .doc = "positions of a block along an axis",
          .required = true};
}

std::int64_t check_blocks(const Node& node, const Shape& shape) {
  if (shape.size() != 4)
    bad_shape(node, "the input of shape " + to_string(shape) + " holds no maps of two axes");
  const std::int64_t block = node.int_attribute("blocksize", 1);
  if (block < 1 || block > (std::int64_t{1} << 15))
    base::fail(base::Code::kBadAttribute, fmt::format("blocksize is {}", block), describe(node),
               "numbers from 1 to 32768 make sense");
  return block;
}

std::int64_t divided(const Node& node, std::int64_t extent, std::int64_t by) {
  if (extent == kUnknown) return kUnknown;
  if (extent % by != 0)
    bad_shape(node, fmt::format("an extent of {} is no multiple of {}", extent, by));
  return extent / by;
}

std::int64_t times(const Node& node, std::int64_t extent, std::int64_t by) {
  if (extent == kUnknown) return kUnknown;
  if (extent > kMaxElements / by)
    bad_shape(node, fmt::format("an extent of {} times {} is above {}", extent, by, kMaxElements));
  return extent * by;
}

std::vector<Array> rearranged(const Call& call, const Shape& split,
                              const std::vector<std::size_t>& axes) {
  return {reshaped(permuted(reshaped(call.input(0), split), axes), call.blank().shape)};
}

}  // namespace nn
