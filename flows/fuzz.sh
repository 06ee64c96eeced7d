#!/bin/sh
# Builds the fuzzers with clang in a build directory of their own, and runs each for so many inputs,
# the same ones every time; or, to look for more, for so many seconds, from another seed.
# usage: fuzz.sh BUILD_DIR [SECONDS_EACH [SEED]]
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
build=${1:?usage: fuzz.sh BUILD_DIR [SECONDS_EACH [SEED]]}
seconds=${2:-}
seed=${3:-1}

command -v clang++-14 >/dev/null || {
  echo "clang++-14 is missing; try: flows/setup.sh" >&2
  exit 5
}
cmake -S "$source" --preset fuzz -B "$build"
cmake --build "$build" --target fuzz_spec fuzz_onnx fuzz_names fuzz_liberty \
  fuzz_blif fuzz_bitstream

# Addresses find their way into the inputs that libFuzzer makes up.
fixed=
if setarch -R true 2>/dev/null; then fixed="setarch -R"; fi

# run NAME CORPUS RUNS: on a copy, for libFuzzer adds what it finds; a finding stays in BUILD_DIR.
run() {
  rm -rf "$build/corpus_$1"
  cp -r "$source/$2" "$build/corpus_$1"
  echo "$1"
  if [ -n "$seconds" ]; then set -- "$1" -max_total_time="$seconds"; else set -- "$1" -runs="$3"; fi
  $fixed "$build/tests/$1" "$2" -reload=0 -seed="$seed" -max_len=4096 -rss_limit_mb=2048 \
    -timeout=10 -print_final_stats=1 -verbosity=0 -print_funcs=0 -artifact_prefix="$build/$1-" \
    "$build/corpus_$1" 2>"$build/$1.log" || {
    cat "$build/$1.log"
    exit 1
  }
  grep stat:: "$build/$1.log"
}

run fuzz_spec tests/config/corpus 60000
run fuzz_onnx tests/nn/corpus 100000
run fuzz_names tests/emit/corpus 400
run fuzz_liberty tests/flow/corpus 100000
run fuzz_blif tests/pnr/corpus 60000
run fuzz_bitstream tests/fabric/corpus 300000
