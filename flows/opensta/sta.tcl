# Static timing and power of a netlist; run by `sta -no_splash -exit sta.tcl`. Environment:
#   FPSA_LIBERTY   cell library      FPSA_NETLIST  gate-level Verilog     FPSA_TOP  its top module
#   FPSA_SDC       clock and input and output delays
#   FPSA_EXTRA_LIBERTY  optional: more libraries, such as one of a macro
#   FPSA_ACTIVITY  transitions a net makes a clock cycle (default 0.1)
#   FPSA_DUTY      share of the time a net is 1 (default 0.5)
# Results are lines "fpsa <key> <value>": times in ns, powers in W, frequency in MHz.

proc setting {name default} {
  return [expr {[info exists ::env($name)] ? $::env($name) : $default}]
}

proc result {key value} { puts "fpsa $key $value" }

read_liberty $::env(FPSA_LIBERTY)
foreach library [setting FPSA_EXTRA_LIBERTY ""] { read_liberty $library }
read_verilog $::env(FPSA_NETLIST)
link_design $::env(FPSA_TOP)
read_sdc $::env(FPSA_SDC)

# asic.tcl keeps loaded values in latches that open in the second half of a cycle. No tick is given
# in that cycle, so what they start has the whole next one as well.
set load_latches {}
foreach cell [all_registers -cells -level_sensitive] {
  if {[string match *latch.cell_ [get_full_name $cell]]} { lappend load_latches $cell }
}
if {[llength $load_latches] > 0} {
  set_multicycle_path 2 -setup -from $load_latches
  set_multicycle_path 1 -hold -from $load_latches
}

# {slack start end} of the worst path of each path group. Path ends do not outlive the next search,
# so they are read at once.
proc worst_paths {kind} {
  return [lmap path [find_timing_paths -path_delay $kind] {
    list [get_property $path slack] [get_property $path startpoint] [get_property $path endpoint]
  }]
}

# The least clock period with which a path is met. Its launching and capturing edges may be half a
# period apart (clock gates), so the report has to tell.
proc least_period {path period} {
  lassign $path slack from to
  with_output_to_variable text [list report_checks -from $from -to $to -digits 6]
  set edges [regexp -all -inline -line {([0-9.-]+)\s+clock \S+ \((?:rise|fall) edge\)} $text]
  return [expr {$period * (1.0 - $slack / ([lindex $edges 3] - [lindex $edges 1]))}]
}

# Timing: the path that limits the clock, over all path groups
set period [get_property [lindex [all_clocks] 0] period]
set limiting {}
set least 0.0
foreach path [worst_paths max] {
  set needed [least_period $path $period]
  if {$needed > $least} {
    set least $needed
    set limiting $path
  }
}
if {$limiting ne ""} {
  lassign $limiting slack from to
  result period_ns $period
  result worst_slack_ns $slack
  result fmax_mhz [format %.3f [expr {1000.0 / $least}]]
  result start [get_full_name $from]
  result end [get_full_name $to]
  result tns_ns [total_negative_slack]
}
set holds [lmap path [worst_paths min] { lindex $path 0 }]
if {[llength $holds] > 0} { result worst_hold_slack_ns [lindex [lsort -real $holds] 0] }

puts "fpsa_report path"
report_checks -path_delay max -format full -digits 4
puts "fpsa_report end"

# Power, while no values are loaded: the clocks of the latches that hold them stand still
foreach gate [get_cells -hierarchical *] {
  if {[string match *u_register.gate.cell_ [get_full_name $gate]]} {
    foreach pin [get_pins -of_objects $gate] {
      if {[get_property $pin direction] eq "output"} { set_case_analysis 0 $pin }
    }
  }
}
set_power_activity -global -activity [setting FPSA_ACTIVITY 0.1] -duty [setting FPSA_DUTY 0.5]
puts "fpsa_report power"
report_power -digits 6
puts "fpsa_report end"
