package dev.ctxmem.core;

/// The outcome of a write: the entry as stored, and whether its key was free before.
public record Saved(Entry entry, boolean created) {}
