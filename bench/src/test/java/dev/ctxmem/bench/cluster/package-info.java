@NullMarked
package dev.ctxmem.bench.cluster;

import org.jspecify.annotations.NullMarked;
