#include "app/starter_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/data_names.hpp"
#include "base/error.hpp"
#include "base/layout.hpp"

namespace app {

namespace {

constexpr const char* kOption = "--input-shape";

void check_extents(const std::string& text) {
  if (!config::extents_of(text))
    base::fail(base::Code::kUsage,
               fmt::format("{} is not whole numbers joined by x", base::quoted_name(text)), kOption,
               "the extents of a sample, as 3x224x224 (channels, height, width)");
}

// What samples of this shape may be to a network: themselves, their channels in front or at the
// end.
std::vector<nn::Shape> forms_of(const nn::Shape& sample) {
  std::vector<nn::Shape> forms{sample};
  if (sample.size() < 3) return forms;
  forms.insert(forms.end(), 2, sample);
  std::rotate(forms[1].begin(), forms[1].end() - 1, forms[1].end());
  std::rotate(forms[2].begin(), forms[2].begin() + 1, forms[2].end());
  return forms;
}

}  // namespace

config::ByName<std::string> given_extents(const std::vector<std::string>& given,
                                          const nn::Graph& graph) {
  if (given.empty()) return {};
  const auto extents = named_values(kOption, "EXTENTS", given, input_names(graph));
  if (extents.named.empty()) check_extents(extents.all);
  for (const auto& [name, text] : extents.named) check_extents(text);
  return extents;
}

bool is_open(const nn::Value& input) {
  return !input.shape.empty() &&
         std::find(input.shape.begin() + 1, input.shape.end(), nn::kUnknown) != input.shape.end();
}

void refuse_open(const nn::Value& input) {
  base::fail(base::Code::kUsage,
             fmt::format("input {} of shape {} leaves more open than the batch",
                         base::quoted_name(input.name), nn::to_string(input.shape)),
             kOption,
             fmt::format("{} {}=3x224x224, or whatever the extents of a sample are", kOption,
                         base::quoted_name(input.name)));
}

std::string extents_of_samples(const nn::SampleSet& samples, const nn::Value& input) {
  const nn::Shape wanted(input.shape.begin() + 1, input.shape.end());
  const nn::Shape& stored = samples.values.shape;
  const auto agrees = [](std::int64_t a, std::int64_t b) { return a == nn::kUnknown || a == b; };
  for (const nn::Shape& form : forms_of({stored.begin() + 1, stored.end()}))
    if (std::ranges::equal(wanted, form, agrees)) return fmt::format("{}", fmt::join(form, "x"));
  refuse_open(input);
}

}  // namespace app
