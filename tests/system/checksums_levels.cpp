// The examples' trees, byte for byte (tests/emit/checksums_test.cpp: small designs of all kinds).
#include <gtest/gtest.h>

#include "app/jobs.hpp"
#include "config/spec_io.hpp"
#include "golden.hpp"
#include "temporary_folder.hpp"
#include "tree_checksums.hpp"

namespace {

namespace fs = std::filesystem;

TEST(Checksums, OfTheExamples) {
  if (!fs::exists("/usr/share/datasets/fashion-mnist"))
    GTEST_SKIP() << "package dataset-fashion-mnist is not installed";
  std::string lines;
  for (const std::string name : {"fashion_mlp", "fashion_qdq", "fashion_qonnx"}) {
    const config::Spec spec =
        config::load_spec(fs::path(FPSA_SOURCE_DIR) / "examples" / name / "spec.toml");
    const test::TemporaryFolder folder;
    base::Progress silent(0, stderr, true);
    base::StagedDirectory run = app::output_directory(folder / name, {}, false);
    app::compile_into(spec, run, silent);
    const std::string hash = config::spec_hash(spec).substr(0, 8);
    lines += test::tree_checksums(name, folder / name,
                                  static_cast<std::uint32_t>(std::stoul(hash, nullptr, 16)));
  }
  expect_golden("system/checksums.txt", lines);
}

}  // namespace
