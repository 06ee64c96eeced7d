// The names that a model's nodes and values have once they are imported.
#include <gtest/gtest.h>

#include "nn/model_builder.hpp"

namespace nn {
namespace {

using testing::ModelBuilder;

// A chain of Relus that bear `names`.
std::vector<std::string> imported_names(const std::vector<std::string>& names) {
  ModelBuilder builder;
  builder.input("0", {1});
  for (std::size_t i = 0; i < names.size(); ++i)
    builder.node("Relu", {std::to_string(i)}, {std::to_string(i + 1)}, names[i]);
  const Graph graph = builder.output(std::to_string(names.size())).import();
  std::vector<std::string> imported;
  for (const Node& node : graph.nodes) imported.push_back(node.name);
  return imported;
}

TEST(ImportNames, NodesWithoutOneGetOneThatIsFree) {
  EXPECT_EQ(imported_names({"", "Relu_0", "Relu_3", ""}),
            (std::vector<std::string>{"Relu_0#2", "Relu_0", "Relu_3", "Relu_3#2"}));
}

TEST(ImportNames, NodesOfOneNameAreToldApart) {
  EXPECT_EQ(imported_names({"fc", "fc", "fc#2", "Fc"}),
            (std::vector<std::string>{"fc", "fc#2", "fc#2#2", "Fc"}));
}

TEST(ImportNames, AreOneLineOfPrintableText) {
  EXPECT_EQ(imported_names({"a\nb", "a\\nb", "\x1b[2J", "\xff", " ", "卷积"}),
            (std::vector<std::string>{"a\\nb", "a\\nb#2", "\\x1b[2J", "\\xff", " ", "卷积"}));
}

TEST(ImportNames, OfValuesAreToldApartToo) {
  ModelBuilder builder;
  builder.input("a\n", {1}).node("Relu", {"a\n"}, {"a\\n"}).node("Relu", {"a\\n"}, {"a"});
  const Graph graph = builder.output("a").import();
  std::vector<std::string> names;
  for (const Value& value : graph.values) names.push_back(value.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a\\n", "a\\n#2", "a"}));
}

}  // namespace
}  // namespace nn
