#!/bin/bash
# Kills `fpsa run` at random moments by INT, TERM, HUP and KILL in turn, and holds it to what it
# promises: no process and no temporary file of it stays, nothing is claimed that was not found, and
# the next run works. One line a kill; exit status 1 if a promise was broken.
# usage: kills.sh [COUNT] [SPEC] (default: 20 kills of examples/fashion_qonnx); FPSA, SEED
set -u
source=$(cd "$(dirname "$0")/.." && pwd)
fpsa=${FPSA:-$source/build/fpsa}
count=${1:-20}
spec=$(realpath "${2:-$source/examples/fashion_qonnx/spec.toml}")
RANDOM=${SEED:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"
export TMPDIR=$work/tmp
broken=0

# In a shell of its own, whose process the program becomes.
run() { exec "$fpsa" run "$spec" -o "$work/net" > "$work/out" 2> "$work/err"; }

# Processes that work in the run directory or have been started by the program.
processes() {
  for process in /proc/[0-9]*; do
    case "$(readlink "$process/cwd" 2> /dev/null)" in "$work"/net*) echo "${process#/proc/}" ;; esac
  done
}

# What is left after a moment for the dying to die
left() {
  for _ in $(seq 30); do
    [ -z "$(processes)$(ls -A "$TMPDIR")" ] && break
    sleep 0.1
  done
  [ -n "$(processes)" ] && printf ' process'
  [ -n "$(ls -A "$TMPDIR")" ] && printf ' temporary-file'
}

# Temporary files and half-made trees in the run directory
inside() { [ ! -d "$work/net" ] || find "$work/net" -name '.fpsa*' -o -name '*.fpsa-tmp'; }

# What is said of a run that did not end well
claims() {
  metrics=$work/net/metrics.json
  [ -e "$work/net/reports/report.txt" ] && printf ' report'
  [ -e "$metrics" ] || return
  grep -q '"simulation"' "$metrics" && ! grep -q '"verdict": "pass"' "$work/net/reports/results.json" &&
    printf ' simulation'
  grep -q '"synthesis"' "$metrics" && [ ! -s "$work/net/build/asic/netlist.v" ] && printf ' synthesis'
}

start=$(date +%s%N)
(run) || { cat "$work/err"; exit 1; }
whole=$((($(date +%s%N) - start) / 1000000))
echo "a whole run takes $whole ms"
printf '%-3s %-5s %8s %7s %7s  %s\n' '' signal 'at ms' status 'took ms' 'left, claimed'

signals=(INT TERM HUP KILL)
expected=(130 143 129 137)
for ((i = 0; i < count; ++i)); do
  kind=$((i % 4))
  moment=$(((RANDOM * 32768 + RANDOM) % whole))
  run &
  runner=$!
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  kill -${signals[kind]} $runner 2> /dev/null
  start=$(date +%s%N)
  wait $runner 2> /dev/null
  status=$?
  took=$((($(date +%s%N) - start) / 1000000))
  fault=$(left)
  [ $status -ne 0 ] && fault+=$(claims)
  [ ${signals[kind]} != KILL ] && [ -n "$(inside)" ] && fault+=' inside'
  [ $status -ne ${expected[kind]} ] && [ $status -ne 0 ] && fault+=' status'
  # What a kill has left is gone with the next verb; every fourth time that is a whole run.
  if [ $kind -eq 3 ]; then next="run $spec -o"; else next="compile $spec -o"; fi
  "$fpsa" $next "$work/net" > /dev/null 2> "$work/err" || fault+=' next-run'
  [ -n "$(inside)" ] && fault+=' inside-after'
  [ -n "$fault" ] && broken=1
  printf '%-3d %-5s %8d %7d %7d  %s\n' $((i + 1)) ${signals[kind]} $moment $status $took "${fault:-nothing}"
done
exit $broken
