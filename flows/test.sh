#!/bin/sh
# Every test on a fresh Debian 12: installs what is missing, builds, tests.
# Usage: flows/test.sh [options of ctest]       flows/test.sh -L unit    only the quick ones
set -eu
cd "$(dirname "$0")/.."
flows/setup.sh
flows/build.sh
exec ctest --test-dir "${FPSA_BUILD:-build}" --output-on-failure -j "$(nproc)" "$@"
