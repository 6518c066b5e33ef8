package dev.ctxmem.store.flat;

import java.util.UUID;

/// What an entry is called, whatever becomes of it.
public record Name(UUID namespace, String key) {}
