package dev.ctxmem.embed;

/// What a text is embedded for, the most urgent first.
enum Lane {
    /// Somebody searches.
    QUERY,
    /// Somebody writes, and can do without.
    PASSAGE,
    /// Nobody waits.
    BACKLOG
}
