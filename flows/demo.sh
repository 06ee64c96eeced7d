#!/bin/sh
# The main job on a fresh Debian 12: installs what is missing, builds, and takes a residual CNN from ONNX
# to Verilog that is proven equal to its golden reference. Usage: flows/demo.sh [options of fpsa run]
set -eu
cd "$(dirname "$0")/.."
flows/setup.sh
flows/build.sh fpsa
exec "${FPSA_BUILD:-build}/fpsa" run examples/fashion_rescnn/spec.toml --out out/fashion_rescnn --force "$@"
