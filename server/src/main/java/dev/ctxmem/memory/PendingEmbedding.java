package dev.ctxmem.memory;

import dev.ctxmem.core.Entry;

/// An entry that waits for its vectors, after `attempts` failed ones. The result belongs to this version only.
public record PendingEmbedding(Entry entry, int attempts) {}
