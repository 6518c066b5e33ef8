/// How well a search finds what was asked for: test sets, measures, the harness over HTTP, and the fit of the
/// ranking's weights.
@NullMarked
package dev.ctxmem.bench.quality;

import org.jspecify.annotations.NullMarked;
