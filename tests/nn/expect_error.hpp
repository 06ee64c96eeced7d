// Checks the faults that a call throws.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "base/error.hpp"

namespace nn::testing {

/// Expects `call` to throw base::Error whose first fault is `code` and whose text holds `part`.
inline void expect_error(base::Code code, const std::string& part,
                         const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown; wanted: " << part;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.faults().front().code, code) << error.what();
    EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
  }
}

}  // namespace nn::testing
