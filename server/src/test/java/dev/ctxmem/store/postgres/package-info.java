@NullMarked
package dev.ctxmem.store.postgres;

import org.jspecify.annotations.NullMarked;
