package dev.ctxmem.core;

/// The outcome of a write: the entry as stored, whether its key was free before, and the account's revision that
/// the write made. A later read that asks for this revision or a newer one sees the write.
public record Saved(Entry entry, boolean created, long revision) {}
