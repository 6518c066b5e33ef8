/// The contract that every store keeps, and what its tests share.
@NullMarked
package dev.ctxmem.store;

import org.jspecify.annotations.NullMarked;
