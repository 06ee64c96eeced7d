#!/bin/bash
# Places and routes circuits of LUTs on the default fabric, at 100 tracks a channel and at the fewest
# that are found, and prints both as Markdown, with seconds of CPU time; then, of a golden_results.txt of
# VTR, whose VPR looks for the fewest tracks too, its figures for the same circuits, what ours are to
# them, and the geometric means of that.
# usage: mcnc.sh FOLDER_OF_BLIF [GOLDEN_RESULTS] [OUT] (default: out/mcnc); FPSA
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
fpsa=${FPSA:-$source/build/fpsa}
folder=${1:?usage: mcnc.sh FOLDER_OF_BLIF [GOLDEN_RESULTS] [OUT]}
golden=${2:-}
out=${3:-out/mcnc}
mkdir -p "$out"

# `document` and `seconds` (of CPU time) of fpsa pnr with the options behind $1
placed() {
  local circuit=$1 before after
  shift
  before=$(ticks)
  document=$("$fpsa" pnr --blif "$folder/$circuit.blif" -o "$out/pnr" -q --json "$@" | tr -d ' \n')
  after=$(ticks)
  seconds=$(awk -v a="$before" -v b="$after" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", (b - a) / hz }')
}
# CPU time of all ended children, in ticks of the clock
ticks() { awk '{ sub(/.*\) /, ""); print $14 + $15 }' /proc/$$/stat; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" <<< "$document"; }
thousands() { printf '%s' "$1" | sed ':a; s/\B[0-9]\{3\}\>/,&/; ta'; }
nanoseconds() { awk -v ps="$1" 'BEGIN { printf "%.2f", ps / 1000 }'; }

echo "| circuit | tiles | grid | wires at 100 tracks | longest path, ns | s | least tracks | wires there | s |"
echo "|---|--:|---|--:|--:|--:|--:|--:|--:|"
: > "$out/ours.txt"
for file in "$folder"/*.blif; do
  circuit=$(basename "$file" .blif)
  echo "mcnc: $circuit ..." >&2
  placed "$circuit"
  line="| ${circuit%.pre-vpr} | $(number tiles) | $(number columns)x$(number rows) |"
  line+=" $(thousands "$(number wirelength)") | $(nanoseconds "$(number period_ps)") | $seconds |"
  period=$(number period_ps)
  placed "$circuit" --least-width
  echo "$line $(number channel_width) | $(thousands "$(number wirelength)") | $seconds |"
  echo "$circuit $(number channel_width) $(number wirelength) $period $seconds" >> "$out/ours.txt"
done
[ -n "$golden" ] || exit 0

echo
echo "| circuit | VPR: least tracks | wires there | path at 1.3 of them, ns | s | ours to VPR's: tracks | wires | path | s |"
echo "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
awk -F'\t' -v ours="$out/ours.txt" '
  function trim(text) { gsub(/^ +| +$/, "", text); return text }
  function thousands(n) { n = sprintf("%d", n); return n < 1000 ? n : substr(n, 1, length(n) - 3) "," substr(n, length(n) - 2) }
  function value(name) { return trim($(column[name])) }
  BEGIN { while ((getline line < ours) > 0) { split(line, f, " "); mine[f[1]] = line } }
  NR == 1 { for (i = 1; i <= NF; i++) column[trim($i)] = i; next }
  {
    circuit = value("circuit")
    sub(/\.blif$/, "", circuit)
    if (!(circuit in mine)) next
    split(mine[circuit], f, " ")
    vpr[2] = value("min_chan_width"); vpr[3] = value("routed_wirelength")
    vpr[4] = value("critical_path_delay"); vpr[5] = value("vtr_flow_elapsed_time")
    f[4] /= 1000
    line = sprintf("| %s | %d | %s | %.2f | %.1f |", circuit, vpr[2], thousands(vpr[3]), vpr[4], vpr[5])
    sub(/\.pre-vpr/, "", line)
    for (i = 2; i <= 5; i++) { line = line sprintf(" %.2f |", f[i] / vpr[i]); sum[i] += log(f[i] / vpr[i]) }
    print line
    ++count
  }
  END {
    line = "| geometric mean | | | | |"
    for (i = 2; i <= 5 && count > 0; i++) line = line sprintf(" %.2f |", exp(sum[i] / count))
    print line
  }' "$golden"
