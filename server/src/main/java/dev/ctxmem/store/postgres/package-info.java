/// The store of many instances: memories and accounts in PostgreSQL, vectors by pgvector.
@NullMarked
package dev.ctxmem.store.postgres;

import org.jspecify.annotations.NullMarked;
