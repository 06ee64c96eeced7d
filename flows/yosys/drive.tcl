# Keeps every net of a mapped netlist within its driver's max_capacitance. ABC does so for the
# logic it maps, but it does not see what latches, adders, flip-flops and other modules load its
# outputs with.
#
# Modules come after those that they use. A used module is then like a cell: an input loads with
# what is behind it (a buffer, if that is much), an output drives what its driver has left. A clock
# keeps its name in all modules and is left to the clock tree. Inputs of the top module are taken to
# be driven by the buffer that is used here, and so are outputs of black boxes.
#
# Pins are known as facts(in:TYPE/PIN), loads, and facts(out:TYPE/PIN), limits: lists with a figure
# a bit, lowest first. facts(through:TYPE) lists {output bit input bit} that are one net in a module.

# Fills `facts_` from a Liberty text; also facts(clock:TYPE/PIN)
proc pin_facts {liberty facts_} {
  upvar 1 $facts_ facts
  set pin ""
  foreach line [split $liberty "\n"] {
    if {[regexp {^\s*cell\s*\(\s*"?([^")\s]+)} $line -> cell]} {
      set pin ""
    } elseif {[regexp {^\s*pin\s*\(\s*"?([^")\s]+)} $line -> pin]} {
      set direction ""
    } elseif {$pin eq ""} {
    } elseif {[regexp {^\s*direction\s*:\s*"?(\w+)} $line -> direction]} {
    } elseif {[regexp {^\s*clock\s*:\s*"?true} $line]} {
      set facts(clock:$cell/$pin) 1
    } elseif {$direction eq "input" && [regexp {^\s*capacitance\s*:\s*([0-9.e+-]+)} $line -> c]} {
      set facts(in:$cell/$pin) $c
    } elseif {$direction eq "output" &&
              [regexp {^\s*max_capacitance\s*:\s*([0-9.e+-]+)} $line -> c]} {
      set facts(out:$cell/$pin) $c
    }
  }
}

# The bits of a net, lowest first, each as Verilog names it; of a constant, 1'b0 and 1'b1. `ranges`
# has {high low} of vectors.
proc net_bits {expression ranges} {
  set text [string trim $expression]
  set bits {}
  if {$text eq ""} { return {} }
  if {[string index $text 0] eq "\{"} {
    foreach part [lreverse [split [string range $text 1 end-1] ,]] {
      lappend bits {*}[net_bits $part $ranges]
    }
    return $bits
  }
  if {[regexp {^(\d+)'h([0-9a-f]+)} $text -> width digits]} {
    set value [format %0${width}llb [scan $digits %llx]]
    return [lmap digit [lreverse [split $value ""]] { string cat 1'b $digit }]
  }
  regexp {^(\\\S+ ?|[^\s\[]+)\s*(?:\[(\d+)(?::(\d+))?\])?} $text -> name high low
  if {$high eq ""} {
    set name [string trimright $name]
    if {![dict exists $ranges $name]} { return [list $name] }
    lassign [dict get $ranges $name] high low
    if {[string index $name 0] eq "\\"} { append name " " }
  }
  if {$low eq ""} { set low $high }
  for {set i $low} {$i <= $high} {incr i} { lappend bits "$name\[$i\]" }
  return $bits
}

# A module's text as a dictionary: name, statements, inputs, outputs (names), ranges, assigns
# {to from ...} and instances {{statement type {pin net ...}} ...}
proc read_module {text} {
  set statements [split $text ";"]
  set module [dict create statements {} inputs {} outputs {} ranges {} assigns {}]
  set instances {}
  set index -1
  foreach statement $statements {
    incr index
    if {[regexp {^\s*(wire|input|output)\s+(?:\[(\d+):(\d+)\]\s*)?(\S+)} $statement -> \
             kind high low net]} {
      if {$kind ne "wire"} { dict lappend module ${kind}s $net }
      if {$high ne ""} { dict set module ranges $net [list $high $low] }
    } elseif {[regexp {^\s*assign\s+(.*?)\s+=\s+(.*)$} $statement -> to from]} {
      dict lappend module assigns $to $from
    } elseif {[regexp {module\s+(\S+)\s*\(} $statement -> name]} {
      dict set module name $name
    } elseif {[regexp {^\s*(\S+)\s.*\(\s*\.} $statement -> type]} {
      set pins {}
      foreach {all pin net} [regexp -all -inline {\.(\w+)\(([^()]*)\)} $statement] {
        lappend pins $pin $net
      }
      lappend instances [list $index $type $pins]
    }
  }
  dict set module statements $statements
  dict set module instances $instances
  return $module
}

# Names of inputs that are connected to clock pins
proc clock_names {module facts_} {
  upvar 1 $facts_ facts
  set names {}
  foreach instance [dict get $module instances] {
    lassign $instance - type pins
    foreach {pin net} $pins {
      if {[info exists facts(clock:$type/$pin)]} { dict set names [string trim $net] 1 }
    }
  }
  return [lmap name [dict keys $names] {
    if {$name ni [dict get $module inputs]} continue
    set name
  }]
}

# Fills `same_` with the bits that are another name of a bit
proc join_nets {module facts_ same_} {
  upvar 1 $facts_ facts $same_ same
  set ranges [dict get $module ranges]
  foreach {to from} [dict get $module assigns] {
    foreach bit [net_bits $to $ranges] source [net_bits $from $ranges] { set same($bit) $source }
  }
  foreach instance [dict get $module instances] {
    lassign $instance - type pins
    if {![info exists facts(through:$type)]} continue
    array unset bits
    foreach {pin net} $pins { set bits($pin) [net_bits $net $ranges] }
    foreach {output i input j} $facts(through:$type) {
      set same([lindex $bits($output) $i]) [lindex $bits($input) $j]
    }
  }
}

proc root {bit same_} {
  upvar 1 $same_ same
  while {[info exists same($bit)]} { set bit $same($bit) }
  return $bit
}

# Fills `load` and `limit` of the nets
proc count_loads {module facts_ same_ load_ limit_} {
  upvar 1 $facts_ facts $same_ same $load_ load $limit_ limit
  set ranges [dict get $module ranges]
  foreach instance [dict get $module instances] {
    lassign $instance - type pins
    foreach {pin net} $pins {
      if {[info exists facts(in:$type/$pin)]} {
        foreach bit [net_bits $net $ranges] c $facts(in:$type/$pin) {
          set bit [root $bit same]
          set load($bit) [expr {[info exists load($bit)] ? $load($bit) + $c : $c}]
        }
      } elseif {[info exists facts(out:$type/$pin)]} {
        foreach bit [net_bits $net $ranges] c $facts(out:$type/$pin) {
          set limit([root $bit same]) $c
        }
      }
    }
  }
}

# Sinks {statement pin bit load} of each net that is a key of `nets`
proc sinks_of {module facts_ same_ nets} {
  upvar 1 $facts_ facts $same_ same
  set ranges [dict get $module ranges]
  foreach instance [dict get $module instances] {
    lassign $instance index type pins
    foreach {pin net} $pins {
      if {![info exists facts(in:$type/$pin)]} continue
      set i 0
      foreach bit [net_bits $net $ranges] c $facts(in:$type/$pin) {
        set bit [root $bit same]
        if {[dict exists $nets $bit]} { dict lappend nets $bit [list $index $pin $i $c] }
        incr i
      }
    }
  }
  return $nets
}

proc total_load {sinks} {
  set sum 0.0
  foreach sink $sinks { set sum [expr {$sum + [lindex $sink 3]}] }
  return $sum
}

# Puts the sinks of `net` behind buffers, level by level, until it sees at most `limit`:
# moved({statement pin bit}) becomes their new net. A buffer is a sink as well: {buffer number ""
# load}. `buffers` lists {cell in out load limit} from small to large; `chosen` gets {net cell in
# out} of each new one.
proc share_out {net sinks limit buffers moved_ chosen_} {
  upvar 1 $moved_ moved $chosen_ chosen
  while {[set total [total_load $sinks]] > 1.000001 * $limit} {
    if {[info exists before] && $total >= $before} {
      error "$net: a limit of $limit is too low for buffers"
    }
    set before $total
    set groups [even_groups $sinks $total [lindex $buffers end 4]]
    set sinks {}
    foreach group $groups {
      set load [total_load $group]
      foreach buffer $buffers { if {$load <= [lindex $buffer 4]} break }
      set number [llength $chosen]
      foreach sink $group { set moved([lrange $sink 0 2]) drive_n$number }
      lappend chosen [list $net {*}[lrange $buffer 0 2]]
      lappend sinks [list buffer $number "" [lindex $buffer 3]]
    }
  }
}

# Sinks in as few groups as loads of at most `most` allow, and alike
proc even_groups {sinks total most} {
  set share [expr {$total / ceil($total / $most)}]
  set groups {}
  set group {}
  set load 0.0
  foreach sink $sinks {
    set c [lindex $sink 3]
    if {$load > 0 && ($load + $c > $most || $load + $c / 2 > $share)} {
      lappend groups $group
      set group {}
      set load 0.0
    }
    lappend group $sink
    set load [expr {$load + $c}]
  }
  return [lappend groups $group]
}

# The statements of a module with moved sinks at their new nets, and with the buffers of `chosen`
proc with_buffers {module moved_ chosen} {
  upvar 1 $moved_ moved
  set statements [dict get $module statements]
  foreach sink [lsort [array names moved]] {
    lassign $sink index pin i
    if {$index eq "buffer"} continue
    dict set changes $index $pin $i $moved($sink)
  }
  dict for {index pins} $changes {
    set statement [lindex $statements $index]
    dict for {pin bits} $pins {
      regexp -indices "\\.${pin}\\((\[^()\]*)\\)" $statement -> range
      set nets [net_bits [string range $statement {*}$range] [dict get $module ranges]]
      dict for {i net} $bits { lset nets $i $net }
      set statement [string replace $statement {*}$range "{ [join [lreverse $nets] " , "] }"]
    }
    lset statements $index $statement
  }
  set added {}
  set number 0
  foreach buffer $chosen {
    lassign $buffer net cell in out
    if {[info exists moved([list buffer $number {}])]} { set net $moved([list buffer $number {}]) }
    lappend added "\n  wire drive_n$number" \
        "\n  $cell drive_u$number (.${in}($net ), .${out}(drive_n$number))"
    incr number
  }
  return [concat [lrange $statements 0 end-1] $added [lrange $statements end end]]
}

# Keeps what facts a module's own ports have, once it is driven
proc add_port_facts {module facts_ same_ load_ limit_} {
  upvar 1 $facts_ facts $same_ same $load_ load $limit_ limit
  set name [dict get $module name]
  set ranges [dict get $module ranges]
  foreach input [dict get $module inputs] {
    set i 0
    set facts(in:$name/$input) {}
    foreach bit [net_bits $input $ranges] {
      set from($bit) [list $input $i]
      lappend facts(in:$name/$input) [expr {[info exists load($bit)] ? $load($bit) : 0.0}]
      incr i
    }
  }
  foreach output [dict get $module outputs] {
    set i 0
    set facts(out:$name/$output) {}
    foreach bit [net_bits $output $ranges] {
      set bit [root $bit same]
      set used [expr {[info exists load($bit)] ? $load($bit) : 0.0}]
      lappend facts(out:$name/$output) \
          [expr {[info exists limit($bit)] ? $limit($bit) - $used : Inf}]
      if {[info exists from($bit)]} {
        lappend facts(through:$name) $output $i {*}$from($bit)
      }
      incr i
    }
  }
}

# The text of a module, its nets within their limits; its ports are facts from then on.
proc drive_module {module facts_ buffers is_top clocks} {
  upvar 1 $facts_ facts
  set input [lindex $buffers 0 3]
  set most [lindex $buffers end 4]
  set ranges [dict get $module ranges]
  join_nets $module facts same
  foreach port [dict get $module inputs] {
    foreach bit [net_bits $port $ranges] {
      set limit($bit) [expr {$port in $clocks ? Inf : $is_top ? $most : $most / 2}]
    }
  }
  count_loads $module facts same load limit
  foreach port [dict get $module outputs] {
    foreach bit [net_bits $port $ranges] {
      set bit [root $bit same]
      if {[info exists limit($bit)]} { set room($bit) $input }
    }
  }
  set over [dict create]
  foreach net [lsort [array names load]] {
    if {[string match 1'* $net]} continue
    if {![info exists limit($net)]} { set limit($net) $most }
    set most_here [expr {$limit($net) - ([info exists room($net)] ? $room($net) : 0.0)}]
    if {$load($net) > $most_here} { dict set over $net {} ; set here($net) $most_here }
  }
  set chosen {}
  dict for {net sinks} [sinks_of $module facts same $over] {
    share_out $net $sinks $here($net) $buffers moved chosen
    set load($net) $here($net)
  }
  add_port_facts $module facts same load limit
  if {[llength $chosen] == 0} { return [join [dict get $module statements] ";"] }
  return [join [with_buffers $module moved $chosen] ";"]
}

# The netlist text with buffers, cells `buffers` = {{name input output} ...} from small to large
proc drive_loads {netlist liberty top buffers} {
  pin_facts $liberty facts
  set buffers [lmap buffer $buffers {
    lassign $buffer cell in out
    list $cell $in $out $facts(in:$cell/$in) $facts(out:$cell/$out)
  }]
  set modules [dict create]
  set clocks {}
  foreach text [split [string map {endmodule \x01} $netlist] \x01] {
    set module [read_module $text]
    if {![dict exists $module name]} continue
    dict set modules [dict get $module name] $module
    lappend clocks {*}[clock_names $module facts]
  }
  set texts {}
  foreach name [children_first $modules $top] {
    lappend texts [drive_module [dict get $modules $name] facts $buffers \
                       [expr {$name eq $top}] $clocks]
  }
  return "[join $texts endmodule]endmodule\n"
}

# Names of the modules below `name`, each after those that it uses
proc children_first {modules name {done {}}} {
  foreach instance [dict get $modules $name instances] {
    set type [lindex $instance 1]
    if {[dict exists $modules $type] && $type ni $done} {
      set done [children_first $modules $type $done]
    }
  }
  return [concat $done [list $name]]
}
