/// Load on a running server: how many requests it answers, how late, and in how much memory.
@NullMarked
package dev.ctxmem.bench.load;

import org.jspecify.annotations.NullMarked;
