/// A flat index: what a search needs to know of all entries of one account, in memory, to look at every one of them.
/// It knows no database; a store makes it, keeps it up to date, and looks up in its records what it proposes.
@NullMarked
package dev.ctxmem.store.flat;

import org.jspecify.annotations.NullMarked;
