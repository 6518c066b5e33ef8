/// What the PostgreSQL store costs beside plain SQL for the same work, and how much of the truth its searches find.
@NullMarked
package dev.ctxmem.bench.postgres;

import org.jspecify.annotations.NullMarked;
