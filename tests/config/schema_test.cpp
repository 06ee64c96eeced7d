#include "config/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "base/files.hpp"
#include "config/names.hpp"
#include "config/spec_io.hpp"

namespace config {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// The fields of the structs in spec.hpp as "section.name", read from the source: what the key table
// must hold.
std::set<std::string> fields_of_spec() {
  const std::string source =
      base::read_file(std::string(FPSA_SOURCE_DIR) + "/generator/config/spec.hpp");
  std::set<std::string> fields;
  std::istringstream lines(source);
  const std::regex start(R"(struct (\w+) \{)");
  const std::regex field(R"(^  [\w:<>]+ (\w+)( = [^;]+)?;.*)");
  std::smatch match;
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, match, start)) section = match[1];
    if (!std::regex_match(line, match, field) || section.empty()) continue;
    const std::string name = match[1];
    if (section != "Spec")
      fields.insert(std::string(1, static_cast<char>(std::tolower(section[0]))) +
                    section.substr(1) + "." + name);
    else if (name == "name")
      fields.insert(name);
  }
  return fields;
}

TEST(Keys, AreTheFieldsOfTheSpec) {
  std::set<std::string> paths;
  for (const Key& key : keys())
    EXPECT_TRUE(paths.insert(key.path()).second) << key.path() << " is there twice";
  EXPECT_EQ(paths, fields_of_spec());
  EXPECT_GT(paths.size(), 25u);
}

TEST(Keys, EachWritesItsOwnFieldAndItsDefaultIsAllowed) {
  for (const Key& key : keys()) {
    EXPECT_FALSE(key.doc.empty()) << key.path();
    EXPECT_NE(key.doc.back(), '.') << key.path();
    Spec spec;
    const std::string other =
        key.type == Type::kChoice
            ? key.choices[0] == literal(key.get(spec)) ? key.choices[1] : key.choices.back()
        : key.type == Type::kInteger ? literal(std::int64_t(key.high))
        : key.type == Type::kNumber  ? literal(key.high)
        : key.type == Type::kExtents ? "3x4"
                                     : "other";
    set_key(spec, key.path(), other);
    for (const Key& each : keys())
      EXPECT_EQ(literal(each.get(spec)) == literal(each.get(Spec{})),
                &each != &key || literal(key.get(Spec{})) == literal(Value(other)))
          << key.path() << " changed " << each.path();
    const Value value = key.get(Spec{});
    const auto* text = std::get_if<std::string>(&value);
    const std::string written = text ? *text : literal(value);
    EXPECT_NO_THROW(written.empty() || (set_key(spec, key.path(), written), true)) << key.path();
  }
}

TEST(Keys, SectionsFollowEachOther) {
  std::vector<std::string> names = sections();
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Names, EveryWordIsTheTextOfItsEnumerator) {
  EXPECT_EQ(to_string(Crossbar::kParallel), "parallel");
  EXPECT_EQ(to_string(Crossbar::kSerial), "serial");
  EXPECT_EQ(to_string(Crossbar::kMacro), "macro");
  EXPECT_EQ(to_string(Neuron::kExact), "exact");
  EXPECT_EQ(to_string(Neuron::kSigned), "signed");
  EXPECT_EQ(to_string(Neuron::kPaired), "paired");
  EXPECT_EQ(to_string(Train::kBinary), "binary");
  EXPECT_EQ(to_string(Train::kRate), "rate");
  EXPECT_EQ(to_string(Calibration::kMax), "max");
  EXPECT_EQ(to_string(Calibration::kPercentile), "percentile");
  EXPECT_EQ(to_string(Calibration::kMse), "mse");
  EXPECT_EQ(to_string(TallLayers::kCascade), "cascade");
  EXPECT_EQ(to_string(TallLayers::kSplitMerge), "split_merge");
  EXPECT_EQ(to_string(Simulator::kVerilator), "verilator");
  EXPECT_EQ(to_string(Simulator::kIcarus), "icarus");
  EXPECT_EQ(to_string(Load::kBus), "bus");
  EXPECT_EQ(to_string(Load::kFiles), "files");
  EXPECT_EQ(to_string(SynthFlow::kAsic), "asic");
  EXPECT_EQ(to_string(SynthFlow::kIce40), "ice40");
  EXPECT_EQ(to_string(SynthFlow::kEcp5), "ecp5");
  EXPECT_EQ(to_string(SynthFlow::kXilinx), "xilinx");
}

TEST(JsonSchema, ListsEveryKeyAndNoOther) {
  const json schema = json::parse(json_schema());
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema.at("required"), json({"model"}));
  std::size_t listed = 0;
  for (const auto& [name, property] : schema.at("properties").items())
    listed += property.at("type") == "object" ? property.at("properties").size() : 1;
  EXPECT_EQ(listed, keys().size());
  for (const Key& key : keys()) {
    const json& parent = key.section.empty() ? schema : schema.at("properties").at(key.section);
    EXPECT_EQ(parent.at("additionalProperties"), false);
    const json& property = parent.at("properties").at(key.name);
    EXPECT_EQ(property.at("description"), key.doc);
    EXPECT_EQ(property.contains("anyOf"), key.by_name);
    const json& value = key.by_name ? property.at("anyOf").at(0) : property;
    EXPECT_EQ(value.contains("enum"), key.type == Type::kChoice);
    EXPECT_EQ(value.contains("maximum"), key.type == Type::kInteger || key.type == Type::kNumber);
  }
}

TEST(JsonSchema, StatesRangesChoicesAndDefaults) {
  const json properties = json::parse(json_schema()).at("properties");
  const json rows = properties.at("pe").at("properties").at("rows");
  EXPECT_EQ(rows.at("type"), "integer");
  EXPECT_EQ(rows.at("minimum"), 1);
  EXPECT_EQ(rows.at("maximum"), 1024);
  EXPECT_EQ(rows.at("default"), 256);
  EXPECT_EQ(properties.at("pe").at("properties").at("neuron").at("enum"),
            json({"exact", "signed", "paired"}));
  EXPECT_EQ(properties.at("model").at("required"), json({"file"}));
  EXPECT_FALSE(properties.at("model").at("properties").at("file").contains("default"));
  EXPECT_TRUE(properties.at("name").contains("pattern"));
}

TEST(JsonSchema, KeysByNamesAreAValueOrATableOfValues) {
  const json scale =
      json::parse(json_schema()).at("properties").at("data").at("properties").at("scale");
  const json number = {{"type", "number"}, {"minimum", -1e9}, {"maximum", 1e9}};
  EXPECT_EQ(scale.at("anyOf"),
            json({number, {{"type", "object"}, {"additionalProperties", number}}}));
  EXPECT_EQ(scale.at("default"), 1.0);
  EXPECT_FALSE(scale.contains("type"));
}

TEST(KeyTable, HasALineForEveryKey) {
  const std::string text = key_table_text();
  EXPECT_EQ(std::ranges::count(text, '\n'), static_cast<std::ptrdiff_t>(keys().size() + 2));
  EXPECT_THAT(text,
              HasSubstr("| `pe.rows` | integer | `256` | 1 to 1024 | Inputs of a crossbar |"));
  EXPECT_THAT(text, HasSubstr("| `model.file` | path | required |  | "));
  EXPECT_THAT(text, HasSubstr("| `synth.liberty` | paths |  |  | "));
  EXPECT_THAT(text, HasSubstr("| `data.inputs` | path or table |  |  | "));
  for (const Key& key : keys()) EXPECT_THAT(text, HasSubstr("| `" + key.path() + "` |"));
}

}  // namespace
}  // namespace config
