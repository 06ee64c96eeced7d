#!/bin/sh
# Measures with rtl_speed_bench and writes the table of bench/README.md anew.
#   bench/update_readme.sh BUILD_FOLDER [REPETITIONS]
# The best of the repetitions counts: whatever else runs on the machine only slows a model down.
set -eu

build=${1:?usage: update_readme.sh BUILD_FOLDER [REPETITIONS]}
repetitions=${2:-5}
readme=$(dirname "$0")/README.md
table=$(mktemp)
trap 'rm -f "$table" "$table.csv"' EXIT

cmake --build "$build" --target rtl_speed_bench >&2
"$build/bench/rtl_speed_bench" --benchmark_format=csv --benchmark_min_time=0.3 \
  --benchmark_repetitions="$repetitions" --benchmark_enable_random_interleaving=true \
  > "$table.csv"

awk -F, '
  $9 == "true" { print "update_readme.sh: " $1 ": " $10 > "/dev/stderr"; next }
  match($1, /(loop|serial|parallel|macro)_(binary|rate)/) && $1 !~ /_(mean|median|stddev|cv)"?$/ {
    name = substr($1, RSTART, RLENGTH)
    if ($7 + 0 > best[name]) { best[name] = $7 + 0; time[name] = $4 + 0 }
  }
  END {
    print "| crossbar | train | ticks/s | synaptic operations/s | against the loop |"
    print "|---|---|--:|--:|--:|"
    split("loop serial parallel macro", crossbars, " ")
    split("binary rate", trains, " ")
    for (t = 1; t <= 2; t++) for (x = 1; x <= 4; x++) {
      name = crossbars[x] "_" trains[t]
      if (!(name in best)) { print "update_readme.sh: no " name > "/dev/stderr"; exit 1 }
      printf "| %s | %s | %.0f | %.2fe9 | %.1fx |\n", crossbars[x], trains[t], 1e9 / time[name],
             best[name] / 1e9, best[name] / best["loop_" trains[t]]
    }
  }' "$table.csv" > "$table"

awk -v table="$table" '
  /<!-- rtl_speed begin -->/ { print; while ((getline line < table) > 0) print line; skip = 1 }
  /<!-- rtl_speed end -->/ { skip = 0 }
  !skip { if ($0 !~ /<!-- rtl_speed begin -->/) print }' "$readme" > "$table.csv"
cp "$table.csv" "$readme"
