// Signals that ask the program to stop: noted when they come, obeyed where the work can be wound
// up.
#pragma once

namespace base {

/// Makes SIGINT, SIGTERM, SIGHUP (unless it is ignored, as under nohup) and SIGPIPE set a flag that
/// run() and interruption_point() look at, and clears that flag. Further signals change nothing for
/// three seconds, in which the work is wound up; after that one ends the program at once. SIGXFSZ
/// is ignored: a file that may not grow is a fault of the write.
void catch_interrupts();

/// Throws kInterrupted (SIGINT), kTerminated (SIGTERM) or kHungUp (SIGHUP, SIGPIPE) if such a
/// signal has come; cheap enough for inner loops. A loop that can run for a second must call it.
void interruption_point();

}  // namespace base
