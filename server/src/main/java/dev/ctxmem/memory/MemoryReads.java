package dev.ctxmem.memory;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Hit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What can be read of entries.
public interface MemoryReads {
    /// Empty when namespace or entry is missing.
    Optional<Entry> get(UUID account, String namespace, String key);

    /// Live entries with all `tags`, newest update first; `after` is [Page#next()] of the page before.
    /// NOT_FOUND for the namespace.
    Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after);

    /// Versions of a live entry, newest first, deletions included. NOT_FOUND for namespace or entry.
    Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after);

    /// The best hits by `scorer`, each live, current, and matching at the moment of the answer; equal
    /// similarities by newest update first.
    List<Hit> search(CandidateQuery query, Scorer scorer);
}
