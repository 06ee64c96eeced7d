# RTL to a library's gates; run by `yosys -c asic.tcl`. All settings are environment variables:
#   FPSA_TOP          top module
#   FPSA_RTL_DIR      folders with one module a file, named like the module
#   FPSA_LIBERTY      cell library, as `fpsa synth` leaves it in build/asic/cells.lib
#   FPSA_CELLS        which of its cells do what: cells.txt beside it
#   FPSA_OUT          folder for netlist.v and stat.json
#   FPSA_CLOCK_PS     clock period, picoseconds; for the goal speed only
#   FPSA_BLACKBOXES   optional: modules that have no gates, such as fpsa_xbar_macro
#   FPSA_PARAMS       optional: "Name=value ..." of the top module
#   FPSA_GOAL         optional: area (default) or speed
# A module is mapped once, however often it is used; drive.tcl fits buffers across modules.
# A library without full adders gets gates in their place; one without latches, flip-flops with
# multiplexers for loaded values.
yosys -import

proc setting {name {default ""}} {
  return [expr {[info exists ::env($name)] ? $::env($name) : $default}]
}

proc required {name} {
  if {[setting $name] eq ""} { error "$name is not set" }
  return [setting $name]
}

proc read_text {path} {
  set channel [open $path r]
  set text [read $channel]
  close $channel
  return $text
}

proc write_text {path text} {
  set channel [open $path w]
  puts -nonewline $channel $text
  close $channel
}

# The file of `module` in one of `folders`
proc source_of {module folders} {
  foreach folder $folders {
    if {[file exists $folder/$module.v]} { return $folder/$module.v }
  }
  error "no $module.v in $folders"
}

# FPSA_CELLS as {role {cell {port pin ...}} ...}; of buffers a list of {cell pins}
proc read_roles {path} {
  set roles [dict create FPSA_BUFFER {}]
  foreach line [split [string trim [read_text $path]] "\n"] {
    set words [split $line " "]
    lassign $words role cell
    if {$role eq "FPSA_BUFFER"} {
      dict lappend roles $role [list $cell [lrange $words 2 end]]
    } else {
      dict set roles $role [list $cell [lrange $words 2 end]]
    }
  }
  return $roles
}

# A module `name` with `inputs` and one or more `outputs` that is the cell of a role
proc cell_module {name inputs outputs cell pins} {
  set connections {}
  set inverters ""
  foreach {port pin} $pins {
    if {[string index $pin 0] eq "!"} {
      set pin [string range $pin 1 end]
      set ends [expr {$port in $inputs ? ".A($port), .Y(not_$port)" : ".A(not_$port), .Y($port)"}]
      append inverters "  wire not_$port;\n  \\\$_NOT_ invert_$port ($ends);\n"
      set port not_$port
    } elseif {$port in {0 1}} {
      set port 1'b$port
    }
    lappend connections ".${pin}($port)"
  }
  return "module $name ([join [concat $inputs $outputs] ", "]);
  input  [join $inputs ", "];
  output [join $outputs ", "];
$inverters  $cell cell_ ([join $connections ", "]);
endmodule\n"
}

# The modules of cells.v that a library has cells for
proc role_modules {roles} {
  set text ""
  foreach {role inputs outputs} {
    FPSA_ADDER_BIT {A B C} {S K} FPSA_HALF_ADDER_BIT {A B} {S K}
    FPSA_LATCH {E D} Q FPSA_LATCH_N {E D} Q FPSA_AND {A B} Y FPSA_FLIP_FLOP {C D} Q
    FPSA_FLIP_FLOP_R {C D R} Q
  } {
    if {![dict exists $roles $role]} continue
    append text [cell_module $role $inputs $outputs {*}[dict get $roles $role]]
  }
  return $text
}

# The inputs of the library's cell in a role, in pF: the largest
proc input_load {roles role facts_} {
  upvar 1 $facts_ facts
  lassign [dict get $roles $role] cell pins
  set most 0.0
  foreach {port pin} $pins {
    if {[info exists facts(in:$cell/$pin)]} { set most [expr {max($most, $facts(in:$cell/$pin))}] }
  }
  return $most
}

# How many objects match each of `patterns`
proc count {out patterns} {
  return [lmap pattern $patterns {
    tee -q -o $out/count.txt select -count $pattern
    lindex [regexp -inline {(\d+) object} [read_text $out/count.txt]] 1
  }]
}

set here     [file dirname [info script]]
set top      [required FPSA_TOP]
set rtl      [required FPSA_RTL_DIR]
set out      [required FPSA_OUT]
set clock_ps [required FPSA_CLOCK_PS]
set liberty  [required FPSA_LIBERTY]
set roles    [read_roles [required FPSA_CELLS]]
set latches  [expr {[dict exists $roles FPSA_LATCH] && [dict exists $roles FPSA_AND]}]

source $here/drive.tcl
file mkdir $out
set liberty_text [read_text $liberty]
pin_facts $liberty_text facts

# Read
verilog_defines -DSYNTHESIS -DFPSA_INVERTED_WEIGHTS
read_liberty -lib -ignore_miss_func $liberty
set own [expr {$latches ? {fpsa_column_sum fpsa_load_register} : {fpsa_column_sum}}]
read_verilog -lib $here/cell_ports.v
foreach module $own { read_verilog -defer $here/$module.v }
foreach module [setting FPSA_BLACKBOXES] { read_verilog -lib [source_of $module $rtl] }
# Deferred: elaborated with the parameters that are used, not with the defaults of 256 x 256.
foreach folder $rtl {
  foreach file [lsort [glob $folder/*.v]] {
    set module [file rootname [file tail $file]]
    if {$module in [setting FPSA_BLACKBOXES] || $module in $own} continue
    read_verilog -defer $file
  }
}
set parameters {}
foreach pair [setting FPSA_PARAMS] {
  lappend parameters -chparam {*}[split $pair =]
}
hierarchy -check -top $top {*}$parameters

# Coarse: words. Names of nets that nothing needs go at once: they slow every pass.
procs
opt_clean -purge
opt -full
memory -nomap
memory_map
wreduce
peepopt
share -aggressive
opt -full

# Adders
alumacc
maccmap
techmap -map $here/adders.v
opt_expr
opt_clean
set adders {t:FPSA_ADDER_BIT t:FPSA_HALF_ADDER_BIT %u}
set before ""
while {[set left [count $out {t:FPSA_ADDER_BIT t:FPSA_HALF_ADDER_BIT}]] ne $before} {
  set before $left
  techmap -map $here/adder_bit.v {*}$adders
  opt_expr {*}$adders %m
}
opt_clean -purge

# Fine: single gates and flip-flops; no library cell starts with a value
techmap
opt -fast
if {[count $out {a:init}] ne {0}} {
  error "registers start with values (preset memories), which no cell can: load them at run time"
}
set flip_flops {-cell $_DFF_P_ 01}
if {[count $out {t:$_DFF_PN0_}] ne {0}} {
  if {![dict exists $roles FPSA_FLIP_FLOP_R]} {
    error "the library has no flip-flop with a clear, which an asynchronous reset needs"
  }
  lappend flip_flops -cell {$_DFF_PN0_} 01
}
if {$latches} {
  dfflegalize {*}$flip_flops -cell \$_DFFE_PP_ 01 -cell \$_DLATCH_P_ 01 -mince 4
  techmap -map $here/clock_gate.v
  opt_merge -share_all
  techmap -map $here/clock_gate_cell.v a:fpsa_clock_gate
} else {
  dfflegalize {*}$flip_flops
}
opt_clean -purge

# Cells. Yosys puts the working directory before the paths that it hands to ABC, which splits them at
# blanks; by this name it has none, and other paths than relative ones stay as they are.
set cwd /proc/self/cwd
write_text $out/roles.v [role_modules $roles]
techmap -map $out/roles.v
techmap -map $here/cells.v
simplemap
techmap -map $out/roles.v
opt_merge
set buffers [lmap buffer [dict get $roles FPSA_BUFFER] {
  lassign $buffer cell pins
  list $cell [dict get $pins A] [dict get $pins Y]
}]
set sink [expr {[dict exists $roles FPSA_ADDER_BIT] ? "FPSA_ADDER_BIT" : "FPSA_FLIP_FLOP"}]
write_text $out/abc.constr "set_driving_cell [lindex $buffers 0 0]
set_load [format %.0f [expr {1000 * [input_load $roles $sink facts]}]]\n"
set abc [list -liberty [file join $cwd $liberty] -constr [file join $cwd $out/abc.constr] -D $clock_ps]
if {[setting FPSA_GOAL area] eq "area"} {
  set last "dch;amap,-m,-F,20,-A,20;topo;buffer,-p,-N,1000,-G,700"
  # Trees of multiplexers are as small as they get; rewriting them only takes them apart.
  set trees {*fpsa_route_mux* *fpsa_lut* %u}
  abc {*}$abc -script "+strash;$last" {*}$trees
  abc {*}$abc -script "+strash;ifraig;scorr;dc2;$last" {*}$trees %n
} else {
  abc {*}$abc
}
opt_clean -purge
check -assert

# Out
write_verilog -noattr -noexpr -simple-lhs $out/netlist.v
# An empty text comes out as a repetition of nothing, which is no Verilog.
set netlist [string map [list "{0{1'b0}}" {""}] [read_text $out/netlist.v]]
write_text $out/netlist.v [drive_loads $netlist $liberty_text $top $buffers]
design -reset
read_liberty -lib -ignore_miss_func $liberty
foreach module [setting FPSA_BLACKBOXES] { read_verilog -lib [source_of $module $rtl] }
read_verilog $out/netlist.v
hierarchy -check -top $top
tee -q -o $out/stat.json stat -json
tee -q -o $out/stat.txt stat -liberty $liberty
# Black boxes with the parameters of each instance
set boxes [lmap module [setting FPSA_BLACKBOXES] { string cat t: $module }]
if {[llength $boxes] > 0} { json -o $out/blackboxes.json {*}$boxes }
