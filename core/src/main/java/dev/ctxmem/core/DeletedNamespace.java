package dev.ctxmem.core;

/// A namespace that is gone, and the account's revision that its end made.
public record DeletedNamespace(String slug, long revision) {}
