/// The embedded store under the contract, under damage, and under kill -9.
@NullMarked
package dev.ctxmem.store.sqlite;

import org.jspecify.annotations.NullMarked;
