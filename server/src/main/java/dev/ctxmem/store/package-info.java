/// Where memories are kept: `sqlite` (records) with `lucene` (index) is the embedded store. Stores do not know
/// each other.
@NullMarked
package dev.ctxmem.store;

import org.jspecify.annotations.NullMarked;
