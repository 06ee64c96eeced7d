#!/bin/bash
# Puts networks on one and the same fabric and runs them there, one after the other: each is compiled,
# placed and routed; the RTL of all fabrics must be the same bytes. Then the hardwired RTL and what the
# bitstream makes of the fabric run on the same samples, and both must give the integers' results.
# Prints a table; exit status 1 if fabrics or values differ.
# usage: share_fabric.sh [-n SAMPLES] [-o OUT] [-s "key=value ..." of [fabric]] [SPEC...]
# default: 100 samples of three classifiers of Fashion-MNIST, into out/shared; FPSA
set -u
source=$(cd "$(dirname "$0")/.." && pwd)
fpsa=${FPSA:-$source/build/fpsa}
samples=100
out=out/shared
fabric="columns=56 rows=54 channel_width=224 memory_columns=2
  pe_rows=128 pe_cols=128 pe_cascade=7 pe_columns=4"
while getopts n:o:s: option; do
  case $option in
    n) samples=$OPTARG ;;
    o) out=$OPTARG ;;
    s) fabric=$OPTARG ;;
    *) sed -n 's/^# \(usage.*\)/\1/p' "$0" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "$source/examples/fashion_mlp/fabric.toml" \
  "$source/examples/fashion_mlp_small/spec.toml" "$source/examples/fashion_cnn/spec.toml"
settings=()
for setting in $fabric; do settings+=(--set "$setting"); done
mkdir -p "$out"

# What fpsa tells of its stages is shown, what it finds is in its directories.
run() {
  echo "share_fabric: fpsa $*" >&2
  "$fpsa" "$@" > "$out/log" || { status=$?; cat "$out/log"; exit $status; }
}

# The number behind $2 in the metrics of directory $1: of those that the pattern fits the last
number() { tr -d ' \n' < "$1/metrics.json" | sed -n "s/.*$2\([-0-9.e]*\).*/\1/p"; }

# All numbers behind "$2": in section $3 of the metrics of directory $1, added up
sum() {
  tr -d ' \n' < "$1/metrics.json" | sed -n "s/.*\"$3\":\[\([^]]*\)\].*/\1/p" |
    sed 's/[,{}]/\n/g' | awk -F: -v key="\"$2\"" '$1 == key { sum += $2 } END { print sum + 0 }'
}

names=()
for spec in "$@"; do
  name=$(sed -n 's/^name *= *"\(.*\)".*/\1/p' "$spec" | head -1)
  name=${#names[@]}_${name:-network}
  names+=("$name")
  run compile "$spec" -o "$out/$name"
  run pnr "$out/$name" -o "$out/$name.fabric" "${settings[@]}"
  if ! diff -rq "$out/${names[0]}.fabric/fabric/rtl" "$out/$name.fabric/fabric/rtl"; then
    echo "share_fabric: the fabric of $spec is another than that of $1" >&2
    exit 1
  fi
done
for name in "${names[@]}"; do
  run simulate "$out/$name" --samples "$samples"
  run simulate "$out/$name.fabric" --samples "$samples"
done

modules=$(find "$out/${names[0]}.fabric/fabric/rtl" -name '*.v' | wc -l)
echo "Fabric of $(number "$out/${names[0]}.fabric" '"configuration_bits":') configuration bits," \
  "$modules Verilog files, the same bytes for each network"
echo
echo "| network | PEs | LUTs | flip-flops | memories | wires | bitstream, bytes | fabric | samples |" \
  "values | hardwired differ | fabric differ | layers' values | from integers differ |"
echo "|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|"
differing=0
for name in "${names[@]}"; do
  wired=$out/$name
  placed=$out/$name.fabric
  fingerprint=$(od -An -tx4 -j8 -N4 "$placed/bitstream.bin" | tr -d ' ')
  apart=$(cmp -l "$wired/reports/outputs.bin" "$placed/reports/outputs.bin" | wc -l)
  hardwired=$(number "$wired" '"output_mismatches":')
  placed_differ=$(number "$placed" '"output_mismatches":')
  from_integers=$(sum "$placed" differing buses)
  echo "| ${name#*_} | $(number "$placed" '"hard":\[{"tile":"[^"]*","tiles":[0-9]*,"used":') | $(number "$placed" '"luts":') |" \
    "$(number "$placed" '"flip_flops":') | $(number "$placed" 'memory_tile","tiles":[0-9]*,"used":') |" \
    "$(number "$placed" '"wirelength":') | $(wc -c < "$placed/bitstream.bin") | $fingerprint |" \
    "$(number "$placed" '"simulation":{.*"samples":') | $(number "$placed" '"outputs_compared":') |" \
    "$hardwired | $placed_differ | $(sum "$placed" compared buses) | $from_integers |"
  [ "$apart $hardwired $placed_differ $from_integers" = "0 0 0 0" ] || differing=1
done
exit $differing
