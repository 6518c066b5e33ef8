/// Promises that only a whole server process can keep or break: kills, damaged files, shutdown.
@NullMarked
package dev.ctxmem.process;

import org.jspecify.annotations.NullMarked;
