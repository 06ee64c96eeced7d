#include "quant/sight.hpp"

namespace quant {

namespace {

// A line of the map, and which time it is there.
struct Line {
  int line = -1;  // -1: zeros
  int phase = 0;
};

Line line_of(int seen, int size, int repeat, int step, int begin) {
  const int line = step * seen + begin;
  if (line < 0 || line >= size * repeat) return {};
  return {line / repeat, line % repeat};
}

bool pads_along(int extent, int size, int repeat, int step, int begin) {
  return begin < 0 || step * (extent - 1) + begin >= size * repeat;
}

}  // namespace

Shape Sight::seen(const Shape& shape) const {
  return is_plain() ? shape : Shape(shape.channels / parts(), extent.y, extent.x);
}

int Sight::channel(const Shape& shape, int channel, int part) const {
  const int channels = shape.channels / parts();
  return deal == Deal::kPartsFirst ? part * channels + channel : channel * parts() + part;
}

int Sight::element(const Shape& shape, int element) const {
  if (is_plain()) return element;
  const int position = element % extent.area();
  const Line row = line_of(position / extent.x, shape.height, repeat.y, step.y, begin.y);
  const Line col = line_of(position % extent.x, shape.width, repeat.x, step.x, begin.x);
  if (row.line < 0 || col.line < 0) return -1;
  const int part = deal == Deal::kNone ? 0 : row.phase * repeat.x + col.phase;
  return channel(shape, element / extent.area(), part) * shape.positions() +
         row.line * shape.width + col.line;
}

bool Sight::pads(const Shape& shape) const {
  return !is_plain() && (pads_along(extent.y, shape.height, repeat.y, step.y, begin.y) ||
                         pads_along(extent.x, shape.width, repeat.x, step.x, begin.x));
}

}  // namespace quant
