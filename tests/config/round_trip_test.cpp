#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/rng.hpp"
#include "config/ice40.hpp"
#include "config/schema.hpp"
#include "config/spec_io.hpp"

namespace config {
namespace {

namespace fs = std::filesystem;
using base::Code;
using testing::HasSubstr;

std::string random_text(base::Rng& rng, std::string_view alphabet) {
  std::string text;
  for (std::uint64_t i = rng.below(12) + 1; i > 0; --i)
    text += alphabet[rng.below(alphabet.size())];
  return text;
}

Value random_scalar(const Key& key, base::Rng& rng) {
  switch (key.type) {
    case Type::kInteger:
      return rng.between(static_cast<std::int64_t>(key.low), static_cast<std::int64_t>(key.high));
    case Type::kNumber:
      return key.low + (key.high - key.low) * rng.uniform();
    case Type::kChoice:
      return key.choices[rng.below(key.choices.size())];
    case Type::kIdentifier:
      return "n" + random_text(rng, "abcXYZ019_-");
    case Type::kPath:
      return "/p/" + random_text(rng, "ab\"\\'# =[]~$") + "\u00e4x";
    case Type::kNameOrPath:
      return rng.below(2) ? "/p/tech" : random_text(rng, "abc019 \"");
    case Type::kPaths:
      return std::vector<std::string>{"/p/" + random_text(rng, "ab\"\\'# ,]"), "/p/b.lib"};
    case Type::kExtents:
      return "3x" + std::to_string(rng.between(1, 999999999));
    case Type::kTexts:
      return std::vector<std::string>(rng.below(3), random_text(rng, "ab*?[]\", "));
  }
  return {};
}

// Of a key by names half of the time a table.
Value random_value(const Key& key, base::Rng& rng) {
  if (!key.by_name || rng.below(2)) return random_scalar(key, rng);
  std::map<std::string, Value> named;
  for (std::uint64_t i = rng.below(3) + 1; i > 0; --i)
    named.emplace(random_text(rng, "xy./:0\"\\#= ") + "\u00e4", random_scalar(key, rng));
  return Table{{named.begin(), named.end()}};
}

// A spec with about half of its keys at random values, that breaks no rule.
Spec random_spec(base::Rng& rng) {
  for (;;) {
    Spec spec;
    spec.name = "name";
    spec.model.file = "/p/m.onnx";
    for (const Key& key : keys())
      if (rng.below(2)) key.set(spec, random_value(key, rng));
    const std::vector<std::string> devices = ice40_devices();
    spec.synth.device = devices[rng.below(devices.size())];
    const std::vector<std::string> packages = ice40_packages(spec.synth.device);
    spec.synth.package = rng.below(2) ? "" : packages[rng.below(packages.size())];
    try {
      check_rules(spec);
      return spec;
    } catch (const base::Error&) {
      continue;  // drawn again
    }
  }
}

TEST(RoundTrip, RandomSpecsSurviveTomlAndJson) {
  base::Rng rng(20240501);
  std::set<std::string> hashes;
  for (int i = 0; i < 300; ++i) {
    const Spec spec = random_spec(rng);
    const std::string toml = to_toml(spec);
    ASSERT_EQ(parse_spec(toml, "/elsewhere/x.toml"), spec) << toml;
    ASSERT_EQ(from_json(to_json(spec)), spec) << toml;
    ASSERT_EQ(to_toml(parse_spec(toml, "/y.toml")), toml);
    hashes.insert(spec_hash(spec));
  }
  EXPECT_EQ(hashes.size(), 300u);
}

TEST(RoundTrip, TomlIsExactlyThis) {
  Spec spec;
  spec.name = "n";
  spec.model.file = "/p/a \"b\".onnx";
  const std::string toml = to_toml(spec);
  EXPECT_TRUE(
      toml.starts_with("name = \"n\"\n\n[model]\nfile = \"/p/a \\\"b\\\".onnx\"\n\n"
                       "[data]\ncalibration_samples = 0\nscale = 1.0\noffset = 0.0\n"))
      << toml;
  EXPECT_THAT(toml,
              HasSubstr("\n[pe]\nrows = 256\ncols = 256\nweight_bits = 8\n"
                        "activation_bits = 6\ncrossbar = \"macro\"\nneuron = \"exact\"\n"
                        "train = \"binary\"\ntop = \"full\"\nrounding = "
                        "\"half_up\"\ntall_layers = \"cascade\"\n\n[recurrent]\nblock = 1\n"
                        "bits = 16\nlanes = 8\nelements = 1\nmultipliers = 0\n\n[map]\n"
                        "islands = \"auto\"\nduplicate = 1\npes = 0\narea = 0.0\n\n[macro]\n"));
}

TEST(Hash, DependsOnEveryKey) {
  Spec spec;
  spec.name = "n";
  base::Rng rng(5);
  for (const Key& key : keys()) {
    Spec changed = spec;
    while (changed == spec) key.set(changed, random_value(key, rng));
    EXPECT_NE(spec_hash(changed), spec_hash(spec)) << key.path();
  }
}

TEST(RoundTrip, TablesAreWrittenInOneLine) {
  Spec spec =
      parse_spec("model.file = \"m\"\n[data]\nscale.b = 2\nscale.\"a.0\" = 0.5\n", "/p/s.toml");
  EXPECT_THAT(to_toml(spec), HasSubstr("\nscale = { \"a.0\" = 0.5, \"b\" = 2.0 }\n"));
  EXPECT_THAT(to_json(spec), HasSubstr("\"scale\": {\n      \"a.0\": 0.5,\n      \"b\": 2.0\n"));
}

TEST(Hash, DependsOnFileNamesButNotOnFolders) {
  const std::string text = "model.file = \"nets/m.onnx\"\nsynth.technology = \"t/own.toml\"\n";
  const std::string hash = spec_hash(parse_spec(text, "/home/ann/project/s.toml"));
  EXPECT_EQ(hash, spec_hash(parse_spec(text, "/data/bob/s.toml")));
  EXPECT_NE(hash, spec_hash(parse_spec("model.file = \"nets/k.onnx\"\n", "/data/bob/s.toml")));
  const auto with_table = [](const std::string& file, const std::string& folder) {
    return spec_hash(parse_spec("model.file = \"m\"\ndata.inputs.a = \"" + file + "\"\n", folder));
  };
  EXPECT_EQ(with_table("x/a.npy", "/p/s.toml"), with_table("a.npy", "/q/s.toml"));
  EXPECT_NE(with_table("a.npy", "/p/s.toml"), with_table("b.npy", "/p/s.toml"));
  // A published value: it may change only with the key table, never with the machine.
  Spec spec;
  spec.name = "n";
  spec.model.file = "/p/m.onnx";
  Spec moved = spec;
  moved.model.file = "/q/m.onnx";
  EXPECT_EQ(spec_hash(spec), spec_hash(moved));
  EXPECT_EQ(base::sha256([&] {
              std::string toml = to_toml(spec);
              return toml.replace(toml.find("/p/"), 3, "");
            }()),
            spec_hash(spec));
}

TEST(Json, HoldsEveryKeyAndRefusesWhatIsNotComplete) {
  Spec spec;
  spec.name = "n";
  const nlohmann::ordered_json whole = nlohmann::ordered_json::parse(to_json(spec));
  for (const Key& key : keys()) {
    nlohmann::ordered_json cut = whole;
    const std::size_t erased =
        key.section.empty() ? cut.erase(key.name) : cut.at(key.section).erase(key.name);
    EXPECT_EQ(erased, 1u) << key.path();
    try {
      from_json(cut.dump());
      ADD_FAILURE() << key.path();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.faults().front().code, Code::kMissingKey);
      EXPECT_THAT(error.what(), HasSubstr(key.path() + " is missing"));
    }
  }
}

TEST(Json, FaultsAreThoseOfTheSpec) {
  const auto code = [](const std::string& text) {
    try {
      from_json(text);
    } catch (const base::Error& error) {
      return error.faults().front().code;
    }
    return Code::kInternal;
  };
  for (const char* text : {"", "[]", "3", "{\"pe\":", "{\"name\": \"\xff\"}"})
    EXPECT_EQ(code(text), Code::kSpecSyntax) << text;
  EXPECT_EQ(code(R"({"pe": {"row": 1}})"), Code::kUnknownKey);
  EXPECT_EQ(code(R"({"pee": {"rows": 1}})"), Code::kUnknownKey);
  EXPECT_EQ(code(R"({"pe": {"rows": null}})"), Code::kWrongType);
  EXPECT_EQ(code(R"({"pe": {"rows": {"a": 1}}})"), Code::kWrongType);
  EXPECT_EQ(code(R"({"data": {"scale": {"a": {"b": 1}}}})"), Code::kWrongType);
  EXPECT_EQ(code(R"({"pe": {"rows": 18446744073709551615}})"), Code::kWrongType);
  EXPECT_EQ(code(R"({"pe": {"rows": 0}})"), Code::kOutOfRange);
  EXPECT_EQ(code(R"({"pe": 1})"), Code::kUnknownKey);
  Spec spec;
  spec.name = "n";
  spec.pe.neuron = Neuron::kSigned;
  EXPECT_EQ(code(to_json(spec)), Code::kKeyConflict);
}

}  // namespace
}  // namespace config
