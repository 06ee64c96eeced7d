# Static timing and power of a netlist; run by `sta -no_splash -exit sta.tcl`. Environment:
#   FPSA_LIBERTY   cell library      FPSA_NETLIST  gate-level Verilog     FPSA_TOP  its top module
#   FPSA_SDC       clock and input and output delays
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
read_sdc $::env(FPSA_SDC)

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

# asic.tcl keeps loaded values in latches that open in the second half of a cycle. No tick is given
# in that cycle, so what they start has the whole next one as well. Hardware sees to that, not
# software: fpsa_axil_csr refuses loads while busy and holds the tick while one is on its way.
set load_latches {}
foreach cell [all_registers -cells -level_sensitive] {
  if {[string match *latch.cell_ [get_full_name $cell]]} { lappend load_latches $cell }
}
if {[llength $load_latches] > 0} {
  set_multicycle_path 2 -setup -from $load_latches
  set_multicycle_path 1 -hold -from $load_latches
}

# {slack start end least} of the worst path of each path group: one search gives them all. `least` is
# the clock period with which the path is just met; its launching and capturing edges may be half a
# period apart (clock gates).
proc worst_paths {kind period} {
  with_output_to_variable text [list report_checks -path_delay $kind -format full -digits 6]
  set paths {}
  foreach block [lrange [split [string map {Startpoint: \x01} $text] \x01] 1 end] {
    regexp {^\s*(\S+)} $block -> from
    regexp {Endpoint:\s+(\S+)} $block -> to
    regexp {([-0-9.]+)\s+slack} $block -> slack
    set edges [regexp -all -inline -line {([0-9.-]+)\s+clock \S+ \((?:rise|fall) edge\)} $block]
    set between [expr {[lindex $edges 3] - [lindex $edges 1]}]
    set least [expr {$between > 0 ? $period * (1.0 - $slack / $between) : 0.0}]
    lappend paths [list $slack $from $to $least]
  }
  return $paths
}

# Timing: the path that limits the clock, over all path groups
set period [get_property [lindex [all_clocks] 0] period]
set limiting {}
foreach path [worst_paths max $period] {
  if {$limiting eq "" || [lindex $path 3] > [lindex $limiting 3]} { set limiting $path }
}
if {$limiting ne ""} {
  lassign $limiting slack from to least
  result period_ns $period
  result worst_slack_ns $slack
  result fmax_mhz [format %.3f [expr {1000.0 / $least}]]
  result start $from
  result end $to
  result tns_ns [total_negative_slack]
}
set holds [lmap path [worst_paths min $period] { lindex $path 0 }]
if {[llength $holds] > 0} { result worst_hold_slack_ns [lindex [lsort -real $holds] 0] }

puts "fpsa_report path"
report_checks -path_delay max -format full -digits 4
puts "fpsa_report end"

# Power, while no values are loaded: the clocks of the latches that hold them stand still
foreach gate $load_gates {
  foreach pin [get_pins -of_objects $gate] {
    if {[get_property $pin direction] eq "output"} { set_case_analysis 0 $pin }
  }
}
set_power_activity -global -activity [setting FPSA_ACTIVITY 0.1] -duty [setting FPSA_DUTY 0.5]
puts "fpsa_report power"
report_power -digits 6
puts "fpsa_report end"
