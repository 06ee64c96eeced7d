// Samples into the shape that a network's input has.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "nn/permute.hpp"
#include "nn/samples.hpp"

namespace nn {

namespace {

// What is to be fitted to what, a sample.
struct Fitting {
  const SampleSet& samples;
  const Value& input;
  Shape wanted;  // the input's extents behind the first

  [[noreturn]] void refuse(const std::string& what, const std::string& cure = {}) const {
    base::fail(base::Code::kBadSamples, what,
               fmt::format("{}, input \"{}\"", samples.name, input.name), cure);
  }
};

// The extents that are not 1.
Shape squeezed(Shape shape) {
  std::erase(shape, 1);
  return shape;
}

bool is_flat(const Shape& shape) { return squeezed(shape).size() <= 1; }

Shape sample_shape(const Array& values) { return {values.shape.begin() + 1, values.shape.end()}; }

// Axes of a batch whose samples have their channels moved from one end to the other.
std::vector<std::size_t> moved_axes(std::size_t rank, Layout layout) {
  std::vector<std::size_t> axes{0};
  const bool to_front = layout == Layout::kNhwcToNchw;
  if (to_front) axes.push_back(rank - 1);
  for (std::size_t d = to_front ? 1 : 2; d < rank - (to_front ? 1 : 0); ++d) axes.push_back(d);
  if (!to_front) axes.push_back(1);
  return axes;
}

Shape moved_shape(const Shape& shape, Layout layout) {
  Shape moved;
  for (const std::size_t axis : moved_axes(shape.size(), layout)) moved.push_back(shape[axis]);
  return {moved.begin() + 1, moved.end()};
}

bool agrees_when_moved(const Fitting& fitting, Layout layout) {
  const Shape& shape = fitting.samples.values.shape;
  return shape.size() >= 4 && squeezed(moved_shape(shape, layout)) == squeezed(fitting.wanted);
}

// Whether moving the channels, more than one, gives the very shape wanted.
bool equals_when_moved(const Fitting& fitting, Layout layout) {
  const Shape& shape = fitting.samples.values.shape;
  if (shape.size() < 4) return false;
  const bool moves = (layout == Layout::kNhwcToNchw ? shape.back() : shape[1]) > 1;
  return moves && moved_shape(shape, layout) == fitting.wanted;
}

// Whether the shapes agree as stored, and not by chance: [1, 2, 2] and [2, 1, 2] have the same
// extents but for those of 1, and yet the channels of one come last and those of the other first.
bool agrees_as_stored(const Fitting& fitting) {
  const Shape sample = sample_shape(fitting.samples.values);
  if (sample == fitting.wanted) return true;
  return squeezed(sample) == squeezed(fitting.wanted) &&
         !equals_when_moved(fitting, Layout::kNhwcToNchw) &&
         !equals_when_moved(fitting, Layout::kNchwToNhwc);
}

constexpr const char* kToNchw = "data.layout = \"nhwc_to_nchw\"";
constexpr const char* kToNhwc = "data.layout = \"nchw_to_nhwc\"";
constexpr const char* kAsStored = "data.layout = \"as_stored\"";

// Samples that only a key can bring into the input's shape.
[[noreturn]] void refuse_shape(const Fitting& fitting) {
  const Shape sample = sample_shape(fitting.samples.values);
  const std::string what = fmt::format("a sample is {}, the network takes {}", to_string(sample),
                                       to_string(fitting.wanted));
  const bool first = equals_when_moved(fitting, Layout::kNchwToNhwc);
  if (!first && agrees_when_moved(fitting, Layout::kNhwcToNchw))
    fitting.refuse(what + ": its channels come last", kToNchw);
  if (first || agrees_when_moved(fitting, Layout::kNchwToNhwc))
    fitting.refuse(what + ": its channels come first", kToNhwc);
  fitting.refuse(what + ": as many elements in another shape",
                 fmt::format("{} if their order is right, else reshape the samples", kAsStored));
}

void check_count(const Fitting& fitting) {
  const Shape sample = sample_shape(fitting.samples.values);
  const bool open = std::ranges::find(fitting.wanted, kUnknown) != fitting.wanted.end();
  if (!open && element_count(sample) == element_count(fitting.wanted)) return;
  fitting.refuse(
      fmt::format("a sample has {} elements, {}; the network takes {} a sample",
                  element_count(sample), to_string(sample), to_string(fitting.wanted)),
      open ? "set model.input_shape to the extents of a sample, as \"3x224x224\", or export the "
             "model with a number for every extent but the first"
           : fmt::format("samples of shape {}, sample first", to_string(fitting.input.shape)));
}

// How the stored axes are to be moved where the spec leaves it to the shapes.
Layout deduced(const Fitting& fitting) {
  const Shape sample = sample_shape(fitting.samples.values);
  const bool agrees = agrees_as_stored(fitting);
  if (!fitting.samples.colour_pixels) {
    if (agrees || is_flat(sample) || is_flat(fitting.wanted)) return Layout::kAsStored;
    refuse_shape(fitting);
  }
  const bool planes = agrees_when_moved(fitting, Layout::kNhwcToNchw);
  if (planes != agrees) return planes ? Layout::kNhwcToNchw : Layout::kAsStored;
  if (planes || is_flat(fitting.wanted))
    fitting.refuse(fmt::format("the network takes {}, which does not say whether colours come "
                               "plane by plane or pixel by pixel",
                               to_string(fitting.wanted)),
                   fmt::format("{} for planes, {} for pixels", kToNchw, kAsStored));
  refuse_shape(fitting);
}

// The samples with their axes moved as the spec says.
Array moved(const Fitting& fitting, Layout layout) {
  const Array& values = fitting.samples.values;
  const Shape sample = sample_shape(values);
  const std::string key = layout == Layout::kNhwcToNchw ? kToNchw : kToNhwc;
  if (sample.size() < 3)
    fitting.refuse(fmt::format("{} needs samples of height, width and channels; these are {}", key,
                               to_string(sample)),
                   "leave data.layout out");
  Array result = permuted(values, moved_axes(values.shape.size(), layout));
  const Shape shape = sample_shape(result);
  if (squeezed(shape) != squeezed(fitting.wanted) && !is_flat(fitting.wanted))
    fitting.refuse(fmt::format("{} makes a sample {}; the network takes {}", key, to_string(shape),
                               to_string(fitting.wanted)),
                   "leave data.layout out");
  return result;
}

Array fitted(const Fitting& fitting, Layout layout) {
  check_count(fitting);
  if (layout == Layout::kAuto) layout = deduced(fitting);
  return layout == Layout::kAsStored ? fitting.samples.values : moved(fitting, layout);
}

}  // namespace

Array to_input(const SampleSet& samples, const Value& input, const Preparation& preparation) {
  Fitting fitting{samples, input, {}};
  if (input.shape.size() < 2)
    fitting.refuse(fmt::format("the network's input is {}: it has no axis for the samples",
                               to_string(input.shape)),
                   "export the model with a batch axis in front of its input");
  if (samples.values.shape.empty() || samples.values.shape[0] == 0)
    fitting.refuse(
        fmt::format("there is no sample in an array of shape {}", to_string(samples.values.shape)));
  fitting.wanted.assign(input.shape.begin() + 1, input.shape.end());
  const Array raw = fitted(fitting, preparation.layout);
  Shape shape = fitting.wanted;
  shape.insert(shape.begin(), raw.shape[0]);
  std::vector<float> values(static_cast<std::size_t>(element_count(raw.shape)));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(raw.at(i) * preparation.scale + preparation.offset);
  return Array{DType::kFloat, std::move(shape), std::move(values)};
}

}  // namespace nn
