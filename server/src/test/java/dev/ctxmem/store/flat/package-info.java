@NullMarked
package dev.ctxmem.store.flat;

import org.jspecify.annotations.NullMarked;
