// Golden files: plain text beside the tests, rewritten when FPSA_UPDATE_GOLDEN=1 is set.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// Compares `text` with tests/<folder>/golden/<file>, where `name` is "<folder>/<file>".
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path given(name);
  const auto path = std::filesystem::path(FPSA_SOURCE_DIR) / "tests" / given.parent_path() /
                    "golden" / given.filename();
  if (const char* update = std::getenv("FPSA_UPDATE_GOLDEN");
      update && std::string(update) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; FPSA_UPDATE_GOLDEN=1 writes it";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(golden.str(), text) << "differs from " << path
                                << "; if the change is right, FPSA_UPDATE_GOLDEN=1 writes it";
}
