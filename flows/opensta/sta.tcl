# Static timing and power of a netlist; run by `sta -no_splash -exit sta.tcl`. Environment:
#   FPSA_LIBERTY   cell library      FPSA_NETLIST  gate-level Verilog     FPSA_TOP  its top module
#   FPSA_SDC       constraints, for the clock period in the variable clock_ns
#   FPSA_CLOCK_NS  the clock period asked for, ns
#   FPSA_FLOWS     the folder flows/
#   FPSA_EXTRA_LIBERTY  optional: more libraries, such as one of a macro
#   FPSA_ACTIVITY  transitions a net makes a clock cycle (default 0.1)
#   FPSA_DUTY      share of the time a net is 1 (default 0.5)
# Results are lines "fpsa <key> <value>": times in ns, powers in W, frequency in MHz, counts.

proc setting {name default} {
  return [expr {[info exists ::env($name)] ? $::env($name) : $default}]
}

proc result {key value} { puts "fpsa $key $value" }

source $::env(FPSA_FLOWS)/yosys/drive.tcl

proc read_text {path} {
  set channel [open $path r]
  set text [read $channel]
  close $channel
  return $text
}

# OpenSTA reads no parameters of instances, which only black boxes have.
proc read_netlist {path} {
  set text [read_text $path]
  if {[string first "#(" $text] < 0} { return [read_verilog $path] }
  set plain $path.sta
  set channel [open $plain w]
  puts -nonewline $channel [regsub -all {#\(\s*(?:\.\w+\([^()]*\)[,\s]*)+\)} $text ""]
  close $channel
  read_verilog $plain
  file delete $plain
}

read_liberty $::env(FPSA_LIBERTY)
foreach library [setting FPSA_EXTRA_LIBERTY ""] { read_liberty $library }
read_netlist $::env(FPSA_NETLIST)
link_design $::env(FPSA_TOP)

pin_facts [read_text $::env(FPSA_LIBERTY)] facts

# Outputs of a library cell and their limits: {pin limit ...}
proc outputs_of {type} {
  global facts
  set outputs {}
  foreach name [array names facts out:$type/*] {
    lappend outputs [lindex [split $name /] end] $facts($name)
  }
  return $outputs
}

# How many of the outputs of a cell see more than their max_capacitance. `outputs` caches
# outputs_of().
proc overloads_of {cell type corner outputs_} {
  upvar 1 $outputs_ outputs
  if {![info exists outputs($type)]} { set outputs($type) [outputs_of [get_name $type]] }
  set count 0
  foreach {name limit} $outputs($type) {
    set pin [sta::Instance_find_pin $cell $name]
    if {$pin eq "NULL"} continue
    set load [sta::capacitance_sta_ui [sta::Pin_pin_capacitance $pin rise $corner max]]
    if {$load <= 1.0001 * $limit} continue
    incr count
    puts "overloaded [get_full_name $pin]: $load, limit $limit"
  }
  return $count
}

# Cells without a model, such as macro crossbars: paths end at them, and their power is not counted.
set untimed 0
set overloads 0
set corner [sta::cmd_corner]
set load_gates {}
foreach cell [get_cells -hierarchical *] {
  if {![sta::Instance_is_leaf $cell]} continue
  set type [sta::Instance_liberty_cell $cell]
  if {$type eq "NULL"} {
    incr untimed
    continue
  }
  incr overloads [overloads_of $cell $type $corner outputs]
  # The separator of hierarchy is a slash, of generate blocks a dot.
  if {[string match *u_register?gate.cell_ [get_full_name $cell]]} { lappend load_gates $cell }
}
result untimed_cells $untimed
result overloads $overloads

# Sets the constraints for a clock period. Times are in ns, whatever the library counts in.
proc constrain {period} {
  set ::clock_ns $period
  read_sdc $::env(FPSA_SDC)
  foreach clock [all_clocks] {
    if {abs([get_property $clock period] - $period) > 1e-3 * $period} {
      error "the SDC file does not take its clock period from clock_ns"
    }
  }
}

# The least slack over all path groups, those of clock gates as well; "" if there is no path.
proc worst_slack_of {kind} {
  with_output_to_variable text [list report_checks -path_delay $kind -format slack_only -digits 9]
  set worst ""
  foreach {all slack} [regexp -all -inline -line {^\S.*\s(-?[0-9.]+(?:e[-+]?[0-9]+)?)$} $text] {
    if {$worst eq "" || $slack < $worst} { set worst $slack }
  }
  return $worst
}

# The clock period that leaves no slack, and the constraints set for it. Delays outside the ports
# are shares of the period and some paths have half of it or two of it, so the slack is not the
# period less a constant: the root is found by secants.
proc root_of_slack {period slack} {
  set before $period
  set at [expr {max($period - $slack, 0.01 * $period)}]
  for {set round 0} {$round < 20} {incr round} {
    constrain $at
    set left [worst_slack_of max]
    if {abs($left) < 2e-6 * $at} { return $at }
    set next [expr {$left == $slack ? $at - $left : $at - $left * ($at - $before) / ($left - $slack)}]
    lassign [list $at $left [expr {max($next, 0.1 * $at)}]] before slack at
  }
  error "no clock period leaves just no slack"
}

proc is_met {period} {
  constrain $period
  return [expr {[worst_slack_of max] > -2e-6 * $period}]
}

# The least clock period that is met, and the constraints set for it. Below a root a shorter one may
# be met as well: a transparent latch lends what a path lacks, which leaves its slack at none.
proc least_period {period slack} {
  set met [root_of_slack $period $slack]
  set missed [expr {0.9995 * $met}]
  while {[is_met $missed]} {
    set met $missed
    set missed [expr {0.8 * $missed}]
    if {$missed < 1e-4 * $period} { error "no clock period leaves just no slack" }
  }
  while {$met > 1.0006 * $missed} {
    set middle [expr {0.5 * ($met + $missed)}]
    if {[is_met $middle]} { set met $middle } else { set missed $middle }
  }
  constrain $met
  return $met
}

# {start end} of the worst path
proc worst_path {} {
  with_output_to_variable text [list report_checks -path_delay max -format full -digits 9]
  set worst ""
  foreach block [lrange [split [string map {Startpoint: \x01} $text] \x01] 1 end] {
    regexp {([-0-9.]+)\s+slack} $block -> slack
    if {$worst ne "" && $slack >= $worst} continue
    set worst $slack
    regexp {^\s*(\S+)} $block -> from
    regexp {Endpoint:\s+(\S+)} $block -> to
  }
  return [list $from $to]
}

# Timing: how the clock asked for is met, then the fastest clock and the path that limits it
set period $::env(FPSA_CLOCK_NS)
constrain $period
set slack [worst_slack_of max]
if {$slack ne ""} {
  result period_ns $period
  result worst_slack_ns $slack
  result tns_ns [total_negative_slack]
}
set hold [worst_slack_of min]
if {$hold ne ""} { result worst_hold_slack_ns $hold }
if {$slack ne ""} {
  result fmax_mhz [format %.3f [expr {1000.0 / [least_period $period $slack]}]]
  lassign [worst_path] from to
  result start $from
  result end $to
}

puts "fpsa_report path"
report_checks -path_delay max -format full -digits 4
puts "fpsa_report end"

# Power at the clock asked for, while no values are loaded: the clocks of the latches that hold them
# stand still
constrain $period
foreach gate $load_gates {
  foreach pin [get_pins -of_objects $gate] {
    if {[get_property $pin direction] eq "output"} { set_case_analysis 0 $pin }
  }
}
set_power_activity -global -activity [setting FPSA_ACTIVITY 0.1] -duty [setting FPSA_DUTY 0.5]
puts "fpsa_report power"
report_power -digits 6
puts "fpsa_report end"
