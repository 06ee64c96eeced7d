# Keeps every net of a mapped netlist within its driver's max_capacitance. ABC does so for the
# logic it maps, but it does not see what latches, adders and flip-flops load its outputs with.
# A clock that comes in by a port is left to the clock tree; any other port is taken to be driven by
# the buffer that is used here.

# Of a Liberty text: dictionaries "input" (cell/pin -> capacitance), "output" (cell/pin ->
# max_capacitance) and "clock" (cell/pin -> 1)
proc pin_facts {liberty} {
  set facts [dict create input {} output {} clock {}]
  set cell ""
  set pin ""
  set direction ""
  foreach line [split $liberty "\n"] {
    if {[regexp {^\s*cell\s*\(\s*"?([^")\s]+)} $line -> cell]} {
      set pin ""
    } elseif {[regexp {^\s*pin\s*\(\s*"?([^")\s]+)} $line -> pin]} {
      set direction ""
    } elseif {$pin eq ""} {
    } elseif {[regexp {^\s*direction\s*:\s*"?(\w+)} $line -> direction]} {
    } elseif {[regexp {^\s*clock\s*:\s*"?true} $line]} {
      dict set facts clock $cell/$pin 1
    } elseif {$direction eq "input" && [regexp {^\s*capacitance\s*:\s*([0-9.e+-]+)} $line -> c]} {
      dict set facts input $cell/$pin $c
    } elseif {$direction eq "output" &&
              [regexp {^\s*max_capacitance\s*:\s*([0-9.e+-]+)} $line -> c]} {
      dict set facts output $cell/$pin $c
    }
  }
  return $facts
}

# {type {pin net ...}} of an instance statement, {} of any other
proc instance_pins {statement} {
  if {![regexp {^\s*([A-Za-z_]\w*)\s+\S+\s*\(\s*\.} $statement -> type]} { return {} }
  set pins {}
  foreach {all pin net} [regexp -all -inline {\.(\w+)\(([^()]*)\)} $statement] {
    lappend pins $pin [string trim $net]
  }
  return [list $type $pins]
}

# Sinks {index pin load} of each net, and the limit of each net that has one
proc net_loads {statements facts} {
  set sinks [dict create]
  set limits [dict create]
  set clocks [dict create]
  set index -1
  foreach statement $statements {
    incr index
    lassign [instance_pins $statement] type pins
    foreach {pin net} $pins {
      set name $type/$pin
      if {[dict exists $facts output $name]} {
        dict set limits $net [dict get $facts output $name]
      } elseif {[dict exists $facts input $name]} {
        dict lappend sinks $net [list $index $pin [dict get $facts input $name]]
        if {[dict exists $facts clock $name]} { dict set clocks $net 1 }
      }
    }
  }
  dict for {net -} $clocks {
    if {![dict exists $limits $net]} { dict set limits $net inf }
  }
  return [list $sinks $limits]
}

proc total_load {sinks} {
  set sum 0.0
  foreach sink $sinks { set sum [expr {$sum + [lindex $sink 2]}] }
  return $sum
}

# Sinks in groups of at most `limit`
proc share_out {sinks limit} {
  set groups {}
  set group {}
  foreach sink $sinks {
    if {$group ne "" && [total_load $group] + [lindex $sink 2] > $limit} {
      lappend groups $group
      set group {}
    }
    lappend group $sink
  }
  lappend groups $group
  return $groups
}

# The statements of a module with buffers behind overloaded nets; buffers are numbered on from
# `count`. Returns {statements count}.
proc drive_module {statements facts buffer count} {
  lassign $buffer cell in out
  set limit_out [dict get $facts output $cell/$out]
  lassign [net_loads $statements $facts] sinks limits
  set added {}
  foreach net [lsort [dict keys $sinks]] {
    set limit [expr {[dict exists $limits $net] ? [dict get $limits $net] : $limit_out}]
    if {[string match {1'*} $net] || [total_load [dict get $sinks $net]] <= $limit} continue
    foreach group [share_out [dict get $sinks $net] $limit_out] {
      set driven drive_n$count
      foreach sink $group {
        lassign $sink index pin
        set statement [lindex $statements $index]
        regexp -indices "\\.${pin}\\((\[^()\]*)\\)" $statement -> range
        lset statements $index [string replace $statement {*}$range $driven]
      }
      lappend added "\n  wire $driven" "\n  $cell drive_u$count (.${in}($net ), .${out}($driven))"
      incr count
    }
  }
  return [list [concat [lrange $statements 0 end-1] $added [lrange $statements end end]] $count]
}

# The netlist text with buffers, cell `buffer` = {name input output}
proc drive_loads {netlist liberty buffer} {
  set facts [pin_facts $liberty]
  set modules {}
  foreach module [split [string map {endmodule \x01} $netlist] \x01] {
    set statements [split $module ";"]
    set count 0
    set before -1
    while {$count != $before} {
      set before $count
      lassign [drive_module $statements $facts $buffer $count] statements count
    }
    lappend modules [join $statements ";"]
  }
  return [join $modules "endmodule"]
}
