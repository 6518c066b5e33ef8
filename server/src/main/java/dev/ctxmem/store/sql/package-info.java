/// What both stores need around their records: checksums, pages, refusals. It knows no database.
@NullMarked
package dev.ctxmem.store.sql;

import org.jspecify.annotations.NullMarked;
