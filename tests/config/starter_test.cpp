// Specs to begin with: they read back, and every key is in them.
#include "config/starter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/schema.hpp"
#include "config/spec_io.hpp"

namespace {

using config::Key;
using config::Spec;
using testing::HasSubstr;

Spec small() {
  Spec spec;
  spec.name = "net";
  spec.model.file = "/m/net.onnx";
  return spec;
}

const std::map<std::string, config::Remark> kTwo{{"name", {}}, {"model.file", {}}};

TEST(Starter, WhatIsNotWrittenIsTheDefault) {
  EXPECT_EQ(config::parse_spec(config::starter_toml(small(), kTwo), "/m/x.toml"), small());
}

TEST(Starter, WrittenKeysHaveTheirValueAndRemark) {
  Spec spec = small();
  spec.pe.rows = 99;
  spec.data.inputs = "/m/a \"b\".npy";
  spec.synth.device = "up5k";
  auto remarks = kTwo;
  remarks["pe.rows"] = {"Why 99.\nBecause."};
  remarks["data.inputs"] = {};
  remarks["synth.device"] = {"Not chosen.", false};
  remarks["data.labels"] = {"Yours.", false, "{ \"a\" = \"a.npy\" }"};
  const std::string toml = config::starter_toml(spec, remarks);
  EXPECT_THAT(toml, HasSubstr("[pe]\n# Inputs of a crossbar: 1 to 1024\n# Why 99.\n# Because.\n"
                              "rows = 99\n\n"));
  EXPECT_THAT(toml, HasSubstr("# Not chosen.\n#device = \"hx8k\"\n"));
  EXPECT_THAT(toml, HasSubstr("# Yours.\n#labels = { \"a\" = \"a.npy\" }\n"));
  spec.synth.device = "hx8k";
  EXPECT_EQ(config::parse_spec(toml, "/m/x.toml"), spec);
}

// Taking the '#' away gives a file that reads, too.
TEST(Starter, EveryKeyIsThereWithItsMeaning) {
  std::string toml = config::starter_toml(small(), kTwo);
  for (const Key& key : config::keys()) {
    EXPECT_THAT(toml, HasSubstr("# " + key.doc)) << key.path();
    EXPECT_THAT(toml, HasSubstr("\n" + std::string(kTwo.contains(key.path()) ? "" : "#") +
                                key.name + " = "))
        << key.path();
  }
  for (std::size_t at = 0; (at = toml.find("\n#", at)) != std::string::npos;)
    toml[at + 2] == ' ' ? ++at : toml.erase(at + 1, 1).size();
  EXPECT_EQ(config::parse_spec(toml, "/m/x.toml"), small());
}

}  // namespace
