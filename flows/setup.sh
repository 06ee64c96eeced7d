#!/bin/sh
# Installs what building, running and testing need: the one list of Debian 12 packages.
# Usage: flows/setup.sh        does nothing when all is there; needs root or sudo otherwise.
set -eu

PACKAGES="
  g++ cmake ninja-build ccache pkg-config
  libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libeigen3-dev
  libonnx-dev libprotobuf-dev protobuf-compiler libssl-dev zlib1g-dev
  libgtest-dev libgmock-dev libbenchmark-dev libfftw3-dev clang-14 libclang-rt-14-dev
  universal-ctags
  verilator iverilog yosys z3 opensta nextpnr-ice40 fpga-icestorm qflow-tech-osu018
  libonnx-testdata dataset-fashion-mnist
"

missing=""
for package in $PACKAGES; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done

if [ -z "$missing" ]; then
  echo "setup: all packages are installed"
  exit 0
fi

echo "setup: installing$missing"
if [ "$(id -u)" -eq 0 ]; then
  sudo=""
elif command -v sudo >/dev/null; then
  sudo="sudo"
else
  echo "setup: run as root, or install sudo" >&2
  exit 5
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing
