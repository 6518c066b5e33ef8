@NullMarked
package dev.ctxmem.bench.quality;

import org.jspecify.annotations.NullMarked;
