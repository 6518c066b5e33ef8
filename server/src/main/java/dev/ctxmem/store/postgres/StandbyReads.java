package dev.ctxmem.store.postgres;

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

/// Reads that need no more than a revision of the account: by the standby if it has that, else by the primary. What
/// the standby does not find is asked of the primary, too: a namespace is made without a new revision.
record StandbyReads(Standby standby, long revision, MemoryReads primary, EntryReads rows, Search search)
        implements MemoryReads {
    @Override
    public Optional<Entry> get(UUID account, String namespace, String key) {
        Entry entry = standby.read(account, revision, session -> rows.get(session, account, namespace, key));
        return entry == null ? primary.get(account, namespace, key) : Optional.of(entry);
    }

    @Override
    public Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after) {
        Page<Entry> page =
                standby.read(account, revision, session -> rows.list(session, account, namespace, tags, limit, after));
        return page == null ? primary.list(account, namespace, tags, limit, after) : page;
    }

    @Override
    public Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after) {
        Page<EntryVersion> page = standby.read(
                account, revision, session -> rows.history(session, account, namespace, key, limit, after));
        return page == null ? primary.history(account, namespace, key, limit, after) : page;
    }

    @Override
    public List<Hit> search(CandidateQuery query, Scorer scorer) {
        List<Hit> hits = standby.read(query.account(), revision, search.prepare(query, scorer));
        return hits == null ? primary.search(query, scorer) : hits;
    }
}
