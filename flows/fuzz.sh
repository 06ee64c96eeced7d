#!/bin/sh
# Builds the fuzzers with clang in a build directory of their own and runs each for a bounded time.
# usage: fuzz.sh BUILD_DIR [SECONDS_EACH]
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
build=${1:?usage: fuzz.sh BUILD_DIR [SECONDS_EACH]}
seconds=${2:-15}

command -v clang++-14 >/dev/null || {
  echo "clang++-14 is missing; try: flows/setup.sh" >&2
  exit 5
}
cmake -S "$source" --preset fuzz -B "$build"
cmake --build "$build" --target fuzz_spec fuzz_onnx fuzz_names fuzz_liberty \
  fuzz_blif fuzz_bitstream

# run NAME CORPUS: on a copy, for libFuzzer adds what it finds; a finding stays in BUILD_DIR.
run() {
  rm -rf "$build/corpus_$1"
  cp -r "$source/$2" "$build/corpus_$1"
  "$build/tests/$1" -max_total_time="$seconds" -seed=1 -max_len=4096 -rss_limit_mb=2048 \
    -timeout=10 -print_final_stats=1 -verbosity=0 -print_funcs=0 -artifact_prefix="$build/$1-" "$build/corpus_$1"
}

run fuzz_spec tests/config/corpus
run fuzz_onnx tests/nn/corpus
run fuzz_names tests/emit/corpus
run fuzz_liberty tests/flow/corpus
run fuzz_blif tests/pnr/corpus
run fuzz_bitstream tests/fabric/corpus
