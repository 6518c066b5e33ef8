/// The embedded store: SQLite is the truth, a [dev.ctxmem.store.SearchIndex] proposes what to look at. The door
/// is [SqliteStore].
///
/// One thread writes ([Writer]), so that a commit and its fsync serve many writes. Reads take a [Session] of
/// their own ([Readers]). The index pulls what was committed ([IndexFeed]) and can be thrown away at any time.
@NullMarked
package dev.ctxmem.store.sqlite;

import org.jspecify.annotations.NullMarked;
