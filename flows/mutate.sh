#!/bin/sh
# How much the benches notice: every small fault of a leaf (tests/mutation) runs in Icarus on the
# leaf's lines of tests/rtl/benches.txt, in their order, until a bench does not pass.
# Usage: flows/mutate.sh [-j N] [-n MAX] [-o DIR] [leaf...]     default: all leaves of rtl/
#   -j N     at a time, default 2
#   -n MAX   at most MAX mutants a leaf, spread evenly over it
#   -o DIR   default out/mutate: verdicts in <leaf>/<N>.txt, the table in table.md
# A survivor that tests/mutation/equivalent.txt holds is equivalent; a proof that is noted there runs.
# Ends with status 1 if an unmutated leaf fails its benches or a mutant survives.
set -eu

cd "$(dirname "$0")/.."
mutants=${FPSA_BUILD:-build}/tests/mutants

# benches LEAF: its lines, "bench argument..."
benches() {
  sed -n "s/^both //; s/^\(fpsa_[^:]*\) :\(.* \)$1\( .*\)*$/\1/p" tests/rtl/benches.txt
}

# run DIR BENCH [Param=Value|+DEFINE|@LIBRARY]...: 0 the bench passes, 1 it does not, 2 does not compile.
# Modules that DIR holds replace those of rtl/. Limits are of processor time, so that no verdict hangs
# on what else the machine does.
run() {
  dir=$1 bench=$2
  shift 2
  options="-y $dir"
  for argument in "$@"; do
    case $argument in
      +*) options="$options -D${argument#+}" ;;
      @*) options="$options -y ${argument#@}" ;;
      *) options="$options -P$bench.$argument" ;;
    esac
  done
  # shellcheck disable=SC2086
  (ulimit -t 60 && iverilog -g2005 -s "$bench" -o "$dir/bench.vvp" $options -I tests/rtl \
    -y rtl -y tests/rtl "tests/rtl/$bench.v") >"$dir/build.log" 2>&1 || return 2
  (cd tests/rtl && ulimit -v 4000000 && ulimit -t 60 && vvp -n "$dir/bench.vvp") \
    >"$dir/run.log" 2>&1 || return 1
  grep -q '^PASS' "$dir/run.log"
}

# excuse LEAF LINE: why tests/mutation/equivalent.txt says that this faulty line is no fault
excuse() {
  LINE=$2 awk -v leaf="$1" '
    /^fpsa_/ { split($0, head, ": "); reason = substr($0, length(head[1]) + 3); next }
    head[1] == leaf && substr($0, 3) == ENVIRON["LINE"] { print reason; exit }' \
    tests/mutation/equivalent.txt
}

# proof DIR LEAF [Param=Value]...: Yosys finds no input on which the two differ
proof() {
  dir=$1 leaf=$2
  shift 2
  parameters=
  for argument in "$@"; do
    parameters="$parameters -chparam ${argument%%=*} ${argument#*=}"
  done
  for side in gold gate; do
    [ $side = gold ] && file=rtl/$leaf.v || file=$dir/$leaf.v
    echo "read_verilog $file"
    echo "hierarchy -libdir rtl -top $leaf $parameters"
    echo "prep -flatten -top $leaf; memory_map; opt -full; rename -top $side; design -stash $side"
  done >"$dir/proof.ys"
  cat >>"$dir/proof.ys" <<END
design -copy-from gold -as gold gold
design -copy-from gate -as gate gate
miter -equiv -flatten -make_assert gold gate miter
hierarchy -top miter
sat -verify -prove-asserts -tempinduct -set-init-undef -maxsteps 20 miter
END
  (ulimit -t 300 && yosys -q -s "$dir/proof.ys") >"$dir/proof.log" 2>&1
}

# noticed DIR LEAF: 0 and the bench that does not pass, 1 if all pass, 2 if the leaf does not compile
noticed() {
  benches "$2" >"$1/benches"
  while read -r bench arguments; do
    status=0
    # shellcheck disable=SC2086
    run "$1" "$bench" $arguments || status=$?
    [ $status -ne 1 ] || echo "$bench $arguments"
    case $status in 1) return 0 ;; 2) return 2 ;; esac
  done <"$1/benches"
  return 1
}

# excused DIR LEAF LINE: 0 and the reason if the mutant is no fault
excused() {
  reason=$(excuse "$2" "$3")
  echo "$reason"
  case $reason in
    '') return 1 ;;
    # shellcheck disable=SC2086
    proved*) proof "$1" "$2" ${reason#proved} ;;
  esac
}

# one OUT LEAF N: the verdict on mutant N
one() {
  leaf=$2 number=$3
  work=$1/$leaf/$number
  mkdir -p "$work"
  "$mutants" "rtl/$leaf.v" "$number" >"$work/$leaf.v"
  line=$("$mutants" "rtl/$leaf.v" | sed -n "${number}s/^[0-9]*\t[0-9]*\t//p")
  status=0
  reason=$(noticed "$work" "$leaf") || status=$?
  case $status in
    0) verdict=killed ;;
    2) verdict=stillborn ;;
    *) reason=$(excused "$work" "$leaf" "$line") && verdict=equivalent || verdict=survived ;;
  esac
  printf '%s\t%s\t%s\t%s\n' "$verdict" "$number" "$line" "$reason" >"$1/$leaf/$number.txt"
  rm -rf "$work"
}

# pristine OUT LEAF: passes all its benches
pristine() {
  mkdir -p "$1/$2/none"
  benches "$2" >"$1/$2/benches"
  [ -s "$1/$2/benches" ] || {
    echo "mutate: tests/rtl/benches.txt has no bench of $2" >&2
    exit 1
  }
  while read -r bench arguments; do
    # shellcheck disable=SC2086
    run "$1/$2/none" "$bench" $arguments || {
      echo "mutate: $2 as it is does not pass $bench $arguments" >&2
      cat "$1/$2/none/"*.log >&2
      exit 1
    }
  done <"$1/$2/benches"
}

# numbers LEAF MAX: of the mutants to run
numbers() {
  "$mutants" "rtl/$1.v" | awk -v max="$2" '
    END { for (i = 1; i <= NR; ++i)
            if (max == 0 || int(i * max / NR) != int((i - 1) * max / NR)) print i }'
}

# count OUT LEAF VERDICT
count() {
  cat "$1/$2"/*.txt | grep -c "^$3" || true
}

if [ "${1:-}" = --one ]; then
  one "$2" "$3" "$4"
  exit 0
fi

jobs=2 max=0 out=out/mutate
while getopts j:n:o: option; do
  case $option in
    j) jobs=$OPTARG ;;
    n) max=$OPTARG ;;
    o) out=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- $(ls rtl/*.v | sed 's,rtl/,,; s,\.v$,,')
[ -x "$mutants" ] || flows/build.sh mutants >&2

mkdir -p "$out"
out=$(cd "$out" && pwd)
printf '| leaf | mutants | equivalent | killed | score |\n|---|---|---|---|---|\n' | tee "$out/table.md"
survivors=0
for leaf in "$@"; do
  rm -rf "${out:?}/$leaf"
  pristine "$out" "$leaf"
  numbers "$leaf" "$max" | xargs -P "$jobs" -n 1 "$0" --one "$out" "$leaf"
  killed=$(count "$out" "$leaf" killed)
  survived=$(count "$out" "$leaf" survived)
  equivalent=$(count "$out" "$leaf" equivalent)
  total=$((killed + survived))
  [ $total -gt 0 ] && score=$(awk "BEGIN { printf \"%.1f %%\", 100 * $killed / $total }") || score=-
  echo "| \`$leaf\` | $((total + equivalent)) | $equivalent | $killed | $score |" | tee -a "$out/table.md"
  [ "$survived" -eq 0 ] || grep -h "^survived" "$out/$leaf"/*.txt >&2
  survivors=$((survivors + survived))
done
[ $survivors -eq 0 ]
