/// Benchmarks: load, retrieval quality, embedding throughput.
@NullMarked
package dev.ctxmem.bench;

import org.jspecify.annotations.NullMarked;
