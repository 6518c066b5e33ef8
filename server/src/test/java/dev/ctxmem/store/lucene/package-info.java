@NullMarked
package dev.ctxmem.store.lucene;

import org.jspecify.annotations.NullMarked;
