package dev.ctxmem.trace;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.MemoryReads;
import dev.ctxmem.memory.Page;
import dev.ctxmem.memory.Scorer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What requests read, a span each; a search with its stages.
record TracedReads(MemoryReads store, Stages stages) implements MemoryReads {
    @Override
    public Optional<Entry> get(UUID account, String namespace, String key) {
        return stages.traced("store get", () -> store.get(account, namespace, key));
    }

    @Override
    public Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after) {
        return stages.traced("store list", () -> store.list(account, namespace, tags, limit, after));
    }

    @Override
    public Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after) {
        return stages.traced("store history", () -> store.history(account, namespace, key, limit, after));
    }

    @Override
    public List<Hit> search(CandidateQuery query, Scorer scorer) {
        if (!stages.isTraced()) {
            return store.search(query, scorer);
        }
        return stages.traced(
                "store search",
                () -> {
                    var timed = new TimedScorer(scorer, stages);
                    long start = stages.now();
                    List<Hit> hits = store.search(query, timed);
                    timed.tell(start, stages.now());
                    return hits;
                },
                (span, hits) -> span.setAttribute("ctx.search.hits", hits.size()));
    }
}
