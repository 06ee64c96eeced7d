#!/bin/sh
# Configures and builds into build/ (or $FPSA_BUILD). Usage: flows/build.sh [target...]
set -eu
cd "$(dirname "$0")/.."
build=${FPSA_BUILD:-build}
[ -f "$build/build.ninja" ] || cmake -S . -B "$build" -G Ninja
if [ $# -eq 0 ]; then
  cmake --build "$build"
else
  cmake --build "$build" --target "$@"
fi
