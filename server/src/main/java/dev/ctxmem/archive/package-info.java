/// The files that hold a whole store: the archive, one JSON document a line, and the backup of the embedded store.
@NullMarked
package dev.ctxmem.archive;

import org.jspecify.annotations.NullMarked;
