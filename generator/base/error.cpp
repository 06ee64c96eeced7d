#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>

#include "base/text.hpp"

namespace base {

Exit exit_of(Code code) {
  switch (code) {
#define FPSA_CODE(name, number, exit) \
  case Code::name:                    \
    return Exit::exit;
#include "base/codes.def"
#undef FPSA_CODE
  }
  return Exit::kInternal;
}

namespace {

// Lines after the first (a tool's last words) are indented: none can pass for a message. Names get
// none of their own making.
std::string indented_lines(const std::string& text) {
  std::istringstream stream(text);
  std::string result;
  for (std::string line; std::getline(stream, line);)
    result += (result.empty() ? "" : "\n  ") + printable(line);
  return result;
}

}  // namespace

std::string to_string(const Fault& fault) {
  std::string text =
      fmt::format("error[E{:04}]: {}\n", static_cast<int>(fault.code), indented_lines(fault.what));
  if (!fault.where.empty()) text += fmt::format("  at: {}\n", printable(fault.where));
  if (!fault.cure.empty()) text += fmt::format("  try: {}\n", printable(fault.cure));
  return text;
}

namespace {

std::string joined(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) text += to_string(fault);
  return text;
}

// What helps against any fault of a kind, where the place that found it knows nothing better.
std::string usual_cure(Code code) {
  switch (code) {
    case Code::kInternal:
    case Code::kNetlistInvalid:
    case Code::kRoutingInvalid:
    case Code::kPlacementInvalid:
      return "this is a fault of fpsa: please report it, with the model and the spec";
    case Code::kModelUnreadable:
    case Code::kBadAttribute:
    case Code::kBadShape:
    case Code::kBadWeights:
    case Code::kBadTensor:
    case Code::kBadGraph:
    case Code::kBadType:
    case Code::kCyclicGraph:
    case Code::kDivisionByZero:
      return "check the model with onnx.checker, and export it again";
    case Code::kUnsupportedOpset:
      return "export the model again, with one opset from 7 to 23";
    case Code::kUnsupportedFeature:
      return "export the model without it";
    case Code::kEmptyNetwork:
      return "export a model with at least one matrix product";
    case Code::kFileUnreadable:
      return "check the path, and who may read it";
    case Code::kFileUnwritable:
      return "check the free space, and who may write there";
    case Code::kBadSamples:
      return "give samples of the input's shape and type; data.layout moves their axes";
    case Code::kCannotLower:
      return "`fpsa check MODEL` says which nodes are in the way";
    case Code::kSpecSyntax:
      return "`fpsa init MODEL` writes a spec to start from";
    case Code::kBadText:
      return "give plain UTF-8 text";
    case Code::kWrongType:
    case Code::kOutOfRange:
    case Code::kBadChoice:
      return "`fpsa schema --table` lists every key with its values";
    case Code::kToolFailed:
    case Code::kToolOutput:
    case Code::kToolTimeout:
      return "read the log; `fpsa doctor` says whether the tools are those that were tested";
    case Code::kMismatch:
    case Code::kSimulationHang:
      return "if nothing in the directory was edited, report it with the model and the spec";
    default:
      return {};
  }
}

std::vector<Fault> cured(std::vector<Fault> faults) {
  for (Fault& fault : faults)
    if (fault.cure.empty()) fault.cure = usual_cure(fault.code);
  return faults;
}

// Levenshtein distance, one row of the table at a time.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

Error::Error(std::vector<Fault> faults)
    : std::runtime_error(joined(cured(faults))), faults_(cured(std::move(faults))) {}

void fail(Code code, std::string what, std::string where, std::string cure) {
  throw Error({Fault{code, std::move(what), std::move(where), std::move(cure)}});
}

void Diagnostics::add(Code code, std::string what, std::string where, std::string cure) {
  faults_.push_back({code, std::move(what), std::move(where), std::move(cure)});
}

void Diagnostics::throw_if_any() const {
  if (!faults_.empty()) throw Error(faults_);
}

std::string nearest(const std::string& name, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  return best ? *best : std::string{};
}

}  // namespace base
