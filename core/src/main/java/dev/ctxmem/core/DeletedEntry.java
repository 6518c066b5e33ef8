package dev.ctxmem.core;

import java.util.UUID;

/// The outcome of a delete: what is gone.
public record DeletedEntry(UUID id, String key) {}
