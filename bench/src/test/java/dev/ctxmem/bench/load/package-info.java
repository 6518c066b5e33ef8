@NullMarked
package dev.ctxmem.bench.load;

import org.jspecify.annotations.NullMarked;
