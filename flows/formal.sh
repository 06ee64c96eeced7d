#!/bin/sh
# Proves leaves with Yosys and yosys-smtbmc. tests/formal/proofs.txt lists the proofs.
# Usage: flows/formal.sh [--proofs] [NAME...]  proves them, or all
#        flows/formal.sh --broken [NAME...]    shows that each fails for the broken copies of leaves
#                                              in tests/formal/broken.txt, at the rule named there
# Models, logs and counterexamples (.vcd) stay in $FPSA_BUILD/formal (build/formal).
set -eu
cd "$(dirname "$0")/.."
work=${FPSA_BUILD:-build}/formal
solver=${FPSA_SOLVER:-z3}
mkdir -p "$work"
for tool in yosys yosys-smtbmc "$solver"; do
  command -v "$tool" >/dev/null || { echo "formal: $tool is missing; try: flows/setup.sh" >&2; exit 5; }
done

# Lines of a table, without comments, whose first word is $2.
rows() { awk -v name="$2" '!/^#/ && $1 == name' "tests/formal/$1"; }

# model NAME TOP PARAMETERS FOLDER RULES: writes $work/NAME.smt2 with the asserts that match RULES;
# leaves come from FOLDER, else from rtl/.
# Bits and gates: solvers take them faster than words. Registers named `registered` must not depend
# on an input of the same cycle.
model() {
  sets=""
  [ "$3" = - ] || sets=$(echo ",$3" | sed 's/,/ -chparam /g; s/=/ /g')
  yosys -q -l "$work/$1.yosys.log" -p "
    read_verilog -formal -sv -defer tests/formal/*_rules.v tests/formal/*_source.v tests/formal/*_model.v
    read_verilog -formal -sv -defer tests/formal/$2.v
    hierarchy -check -top $2 $sets -libdir $4 -libdir rtl
    proc; async2sync; memory_dff; memory_collect; memory_map; flatten
    delete t:\$assert c:$5 %d
    opt -full; wreduce; opt -full; techmap; opt -full; dffunmap
    select -assert-none a:registered %ci*:-\$_DFF_P_ i:* %i
    abc -g AND -script \"+strash; map\"; opt_clean
    write_smt2 -wires $work/$1.smt2"
}

# smt NAME KIND OPTIONS...: one run of the solver, its log in $work/NAME.KIND.log.
smt() {
  run=$work/$1.$2 smt2=$work/$1.smt2
  shift 2
  yosys-smtbmc -s "$solver" --noprogress "$@" --dump-vcd "$run.vcd" "$smt2" >"$run.log" 2>&1
}

failed() {
  echo "formal: $1: $2 failed; see $work/$1.$3.log" >&2
  grep -E 'Assert|Unreached|ERROR|Unexpected' "$work/$1.$3.log" >&2 || true
  exit 1
}

# prove NAME: base case, induction unless bounded, and every cover reached. Prints what it proved
# and the seconds of processor time.
prove() {
  rows proofs.txt "$1" | {
    read -r name top parameters method depth || { echo "formal: no proof $1" >&2; exit 2; }
    model "$name" "$top" "$parameters" rtl "*" || failed "$name" model yosys
    smt "$name" base -t "$depth" || failed "$name" "the rules" base
    [ "$method" = bounded ] || smt "$name" induction -i -t "$depth" || failed "$name" induction induction
    smt "$name" cover -c -t "$depth" || failed "$name" cover cover
    times >"$work/$name.times"
    awk -v text="$name $method $depth" 'NR == 2 { split(text, t); split($1, user, /[ms]/)
      printf "%-20s %-10s %3d  %6.1f s\n", t[1], t[2], t[3], 60 * user[1] + user[2] }' \
      "$work/$name.times"
  }
}

# breaks NAME RULE LEAF EDIT: the proof of a copy of LEAF with EDIT (sed) must fail at RULE.
breaks() {
  copy=$work/$1.broken
  rm -rf "$copy"
  mkdir -p "$copy"
  sed -e "$4" "rtl/$3.v" >"$copy/$3.v"
  ! cmp -s "rtl/$3.v" "$copy/$3.v" || { echo "formal: $1: edit changes nothing: $4" >&2; exit 1; }
  rows proofs.txt "$1" | {
    read -r name top parameters method depth
    rule=$2
    if ! model "$name.broken" "$top" "$parameters" "$copy" "*$rule" 2>/dev/null; then
      [ "$rule" = registered ] && grep -q 'selection is not empty' "$work/$name.broken.yosys.log"
    elif smt "$name.broken" base -t "$depth"; then
      false
    else
      grep -q "Assert failed in .*$rule\$" "$work/$name.broken.base.log"
    fi || { echo "formal: $name holds, or fails elsewhere than at $rule: $3, $4" >&2; exit 1; }
    echo "$name fails at $rule: $3, $4"
  }
}

broken() {
  [ -n "$(rows broken.txt "$1")" ] || echo "$1: no broken copy"
  rows broken.txt "$1" | while read -r name rule leaf edit; do
    breaks "$name" "$rule" "$leaf" "$edit" </dev/null
  done
}

case "${1:-}" in
  --broken) action=broken; shift ;;
  --proofs) action=prove; shift ;;
  *) action=prove ;;
esac
[ $# -gt 0 ] || set -- $(awk '!/^#/ && NF { print $1 }' tests/formal/proofs.txt)
for proof in "$@"; do
  $action "$proof"
done
