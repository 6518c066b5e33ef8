/// The index of the embedded store, in Lucene. It is derived from the records and may be deleted at any time.
@NullMarked
package dev.ctxmem.store.lucene;

import org.jspecify.annotations.NullMarked;
