package dev.ctxmem.core;

import java.util.UUID;

/// The outcome of a delete: what is gone, and the account's revision that the delete made.
public record DeletedEntry(UUID id, String key, long revision) {}
