# RTL to gates of a Liberty library; run by `yosys -c asic.tcl`. All settings are environment
# variables:
#   FPSA_TOP          top module
#   FPSA_RTL_DIR      folders with one module a file, named like the module
#   FPSA_LIBERTY      cell library
#   FPSA_LEF          optional: cell sizes; their product replaces the Liberty's areas
#   FPSA_OUT          folder for netlist.v, stat.json and cells.lib (the library with those areas)
#   FPSA_CLOCK_PS     clock period, picoseconds
#   FPSA_BLACKBOXES   optional: modules that have no gates, such as fpsa_xbar_macro
#   FPSA_PARAMS       optional: "Name=value ..." of the top module
#   FPSA_GOAL         optional: area (default) or speed
# A module is mapped once, however often it is used; drive.tcl fits buffers across modules.
# A library with a file in cells/ gets full-adder cells, latches for loaded registers and clock
# gates; any other gets gates and flip-flops.
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

# Cell name -> width * height, from a LEF file
proc lef_areas {path} {
  set areas [dict create]
  set macro ""
  foreach line [split [read_text $path] "\n"] {
    if {[regexp {^\s*MACRO\s+(\S+)} $line -> macro]} continue
    if {$macro ne "" && [regexp {^\s*SIZE\s+([0-9.]+)\s+BY\s+([0-9.]+)} $line -> width height]} {
      dict set areas $macro [format %.6g [expr {$width * $height}]]
      set macro ""
    }
  }
  return $areas
}

# The Liberty text with the areas of `areas`
proc with_areas {liberty areas} {
  set cell ""
  set lines {}
  foreach line [split $liberty "\n"] {
    if {[regexp {^\s*cell\s*\(\s*"?([^")\s]+)"?\s*\)} $line -> name]} {
      set cell $name
    } elseif {[dict exists $areas $cell] && [regexp {^(\s*)area\s*:} $line -> indent]} {
      set line "${indent}area : [dict get $areas $cell];"
      set cell ""
    }
    lappend lines $line
  }
  return [join $lines "\n"]
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

file mkdir $out
set liberty_text [read_text [required FPSA_LIBERTY]]
if {[setting FPSA_LEF] ne ""} {
  set liberty_text [with_areas $liberty_text [lef_areas [setting FPSA_LEF]]]
}
set liberty $out/cells.lib
write_text $liberty $liberty_text
if {![regexp {library\s*\(\s*"?([^")\s]+)} $liberty_text -> library]} {
  error "[setting FPSA_LIBERTY]: no library group"
}
set known [file exists $here/cells/$library.v]

# Read
verilog_defines -DSYNTHESIS
read_liberty -lib -ignore_miss_func $liberty
if {$known} {
  verilog_defines -DFPSA_INVERTED_WEIGHTS
  read_verilog -lib $here/cells/$library.v
  read_verilog -defer $here/fpsa_load_register.v $here/fpsa_column_sum.v
}
set own {fpsa_load_register fpsa_column_sum}
foreach module [setting FPSA_BLACKBOXES] { read_verilog -lib [source_of $module $rtl] }
# Deferred: elaborated with the parameters that are used, not with the defaults of 256 x 256.
foreach folder $rtl {
  foreach file [lsort [glob $folder/*.v]] {
    set module [file rootname [file tail $file]]
    if {$module in [setting FPSA_BLACKBOXES] || ($known && $module in $own)} continue
    read_verilog -defer $file
  }
}
set parameters {}
foreach pair [setting FPSA_PARAMS] {
  lappend parameters -chparam {*}[split $pair =]
}
hierarchy -check -top $top {*}$parameters
# A gate and its adder share logic; where adders are cells, fpsa_column_sum has a form of its own.
if {!$known} { flatten t:*fpsa_gated_adder* }

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
if {$known} {
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
}

# Fine: single gates and flip-flops; no library cell starts with a value
techmap
opt -fast
if {[count $out {a:init}] ne {0}} {
  error "registers start with values (preset memories), which no cell can: load them at run time"
}
if {$known} {
  dfflegalize -cell \$_DFF_P_ 01 -cell \$_DFFE_PP_ 01 -cell \$_DLATCH_P_ 01 -mince 4
  techmap -map $here/clock_gate.v
  opt_merge -share_all
  techmap -map $here/clock_gate_cell.v a:fpsa_clock_gate
} else {
  dfflegalize -cell \$_DFF_P_ 01 -cell \$_DLATCH_P_ 01
}
opt_clean -purge

# Cells. Yosys puts the working directory before the paths that it hands to ABC, which splits them at
# blanks; by this name it has none, and other paths than relative ones stay as they are.
set cwd /proc/self/cwd
if {$known} {
  techmap -map $here/cells/$library.v
  opt_merge
}
dfflibmap -liberty $liberty
if {$known} {
  source $here/cells/$library.tcl
  write_text $out/abc.constr "set_driving_cell $driving_cell\nset_load $output_load\n"
  if {[setting FPSA_GOAL area] eq "area"} {
    set script "+strash;ifraig;scorr;dc2;dch;amap,-m,-F,20,-A,20;topo;buffer,-p,-N,1000,-G,700"
    abc -liberty [file join $cwd $liberty] -constr [file join $cwd $out/abc.constr] -D $clock_ps -script $script
  } else {
    abc -liberty [file join $cwd $liberty] -constr [file join $cwd $out/abc.constr] -D $clock_ps
  }
} else {
  abc -liberty [file join $cwd $liberty] -D $clock_ps
}
opt_clean -purge
check -assert

# Out
write_verilog -noattr -noexpr -simple-lhs $out/netlist.v
if {$known} {
  source $here/drive.tcl
  write_text $out/netlist.v [drive_loads [read_text $out/netlist.v] $liberty_text $top $buffers]
  design -reset
  read_liberty -lib -ignore_miss_func $liberty
  foreach module [setting FPSA_BLACKBOXES] { read_verilog -lib [source_of $module $rtl] }
  read_verilog $out/netlist.v
  hierarchy -check -top $top
}
tee -q -o $out/stat.json stat -json
tee -q -o $out/stat.txt stat -liberty $liberty
# Black boxes with the parameters of each instance
set boxes [lmap module [setting FPSA_BLACKBOXES] { string cat t: $module }]
if {[llength $boxes] > 0} { json -o $out/blackboxes.json {*}$boxes }
