#!/bin/bash
# What one tile of each kind takes: area on osu018, cells on iCE40 and ECP5, bits, and the share of
# routing, as Markdown. On an ASIC the crossbar and, in its second line, the words of the memory are
# black boxes by the technology file; FPGAs have serial crossbars and block RAM.
# usage: tiles.sh [OUT] [key=value of [fabric]...] (default: out/tiles); FPSA
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
fpsa=${FPSA:-$source/build/fpsa}
out=${1:-out/tiles}
[ $# -gt 0 ] && shift
settings=()
for setting in "$@"; do settings+=(--set "$setting"); done
mkdir -p "$out"

# The number behind $2 in the document $1, which is one line without blanks
number() { sed -n "s/.*$2\([-0-9.e]*\).*/\1/p" <<< "$1"; }
percent() { awk -v part="$1" 'BEGIN { printf "%.1f %%", 100 * part }'; }
thousands() { printf '%.0f' "$1" | sed ':a; s/\B[0-9]\{3\}\>/,&/; ta'; }

# Makes tile $1 with the settings behind $3, and synthesises it with flow $3 into folder $2: `document`
made() {
  local unit=$1 folder=$out/$2 flow=$3
  shift 3
  echo "tiles: $unit on $flow ..." >&2
  "$fpsa" generate "$unit" "${settings[@]}" "$@" -o "$folder" -q --force > "$out/log" || { cat "$out/log"; exit 1; }
  document=$("$fpsa" synth "$folder" --flow "$flow" -q --json | tr -d ' \n')
}

routing() {
  share=$(percent "$(number "$document" '"routing":{[^}]*"share":')")
  of_bits=$(percent "$(number "$document" '"routing":{[^}]*"share_of_configuration":')")
}

# Cells of the document whose types match $1
cells() {
  sed 's/.*"cell_types":{\([^}]*\)}.*/\1/; s/,/\n/g' <<< "$document" |
    awk -F: -v pattern="^\"($1)\"" '$1 ~ pattern { n += $2 } END { print n + 0 }'
}

asic() {
  local name=$1 unit=$2
  shift 2
  made "$unit" "${unit}_asic" asic "$@"
  routing
  echo "| $name | $(number "$document" '"configuration_bits":') |" \
    "$(number "$document" '"routing":{"bits":') |" \
    "$(thousands "$(number "$document" '"area":{"area_um2":')") |" \
    "$(thousands "$(number "$document" '"blackbox_um2":')") | $share | $of_bits |"
}

fpga() {
  local name=$1 unit=$2
  shift 2
  local line="| $name |"
  for flow in ice40 ecp5; do
    made "$unit" "${unit}_$flow" "$flow" "$@"
    routing
    line+=" $(thousands "$(cells 'SB_LUT4|LUT4')") | $(thousands "$(cells 'SB_DFF[A-Z]*|TRELLIS_FF')") |"
    line+=" $(cells 'SB_RAM40_4K|DP16KD') | $share |"
  done
  echo "$line"
}

pe=(--set pe_rows=128 --set pe_cols=128 --set pe_cascade=7)
echo "| tile | bits | of routing | um2 | black boxes, um2 | routing | of it for bits |"
echo "|---|--:|--:|--:|--:|--:|--:|"
asic logic tile
asic pads io_tile
asic "PE of 128 x 128" pe_tile "${pe[@]}"
asic "memory of 256 x 32" memory_tile
asic "the same, a macro" memory_tile --set synth.memories=macro
echo
echo "| tile | iCE40 LUTs | flip-flops | RAMs | routing | ECP5 LUTs | flip-flops | RAMs | routing |"
echo "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
fpga logic tile
fpga pads io_tile
fpga "PE of 128 x 128" pe_tile "${pe[@]}" --set pe.crossbar=serial
fpga "memory of 256 x 32" memory_tile
