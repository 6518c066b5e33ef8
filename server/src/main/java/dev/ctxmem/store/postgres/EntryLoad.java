package dev.ctxmem.store.postgres;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.sql.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// The rows of an entry that comes from an archive.
///
/// A key that has former versions is at first the tombstone that these refer to; its present state, which comes last,
/// takes that one's place.
final class EntryLoad {
    private static final String JOB = """
            insert into embedding_jobs (account_id, entry_id, version, due_at)
            values (:account, :entry, :version, case when :pending then :now end)
            """;

    private final EntryRows rows;
    private final VectorColumn vectors;
    private final Lexicon lexicon;

    EntryLoad(EntryRows rows, VectorColumn vectors, Lexicon lexicon) {
        this.rows = rows;
        this.vectors = vectors;
        this.lexicon = lexicon;
    }

    void begin(Script script, ArchiveItem.OfEntry head, UUID namespace) {
        if (head.state() == ArchiveItem.KeyState.PURGED || mayHaveFormer(head)) {
            script.update(
                    EntryRows.INSERT_TOMBSTONE,
                    head.account(),
                    namespace,
                    head.key(),
                    head.id(),
                    head.version(),
                    head.revision(),
                    head.createdAt());
        }
    }

    /// A version of it, the present one last. How many bytes it takes, about.
    long add(Script script, ArchiveItem.OfEntry head, UUID namespace, ArchiveItem.OfVersion item) {
        StoredEntry stored = stored(head, item);
        long bytes = stored.content().bytes();
        if (item.version() < head.version()) {
            addFormer(script, head, namespace, item, stored);
            return bytes;
        }
        addCurrent(script, head, namespace, item, stored);
        for (Vectorization.Ready ready : head.vectors()) {
            bytes += (long) ready.chunks().size() * ready.model().dimension() * Float.BYTES;
        }
        return bytes;
    }

    private static void addFormer(
            Script script, ArchiveItem.OfEntry head, UUID namespace, ArchiveItem.OfVersion item, StoredEntry stored) {
        script.update(
                EntryRows.INSERT_FORMER,
                head.account(),
                namespace,
                head.key(),
                item.version(),
                item.revision(),
                head.id(),
                item.deleted(),
                item.value().text(),
                item.tags().toArray(String[]::new),
                item.metadata().text(),
                item.importance(),
                item.ttlSeconds(),
                item.expiresAt(),
                head.createdAt(),
                item.changedAt(),
                item.keyId(),
                item.requestId(),
                stored.checksum());
    }

    private void addCurrent(
            Script script, ArchiveItem.OfEntry head, UUID namespace, ArchiveItem.OfVersion item, StoredEntry stored) {
        UUID account = head.account();
        boolean isLive = head.state() == ArchiveItem.KeyState.LIVE;
        var change = new EntryRows.Change(
                account,
                namespace,
                head.namespace(),
                null,
                "",
                stored,
                item.tags(),
                isLive ? lexicon.index(account, head.key(), item.tags(), item.value()) : Lexicon.Indexed.NOTHING,
                embedding(head));
        rows.entry(script, change, mayHaveFormer(head));
        for (Vectorization.Ready ready : head.vectors()) {
            if (!ready.model().equals(change.embedding().model())) {
                long model = vectors.modelNumber(ready.model());
                EntryRows.beside(script, account, head.id(), Embedding.of(ready), model, 0);
            }
        }
        if (isLive && change.embedding().state() != EmbeddingState.READY) {
            script.update(JOB, account, head.id(), head.version(), head.embedding() == EmbeddingState.PENDING);
        }
    }

    private static boolean mayHaveFormer(ArchiveItem.OfEntry head) {
        return head.version() > 1;
    }

    /// Of several models the one whose vectors fit into the column is the entry's own.
    private Embedding embedding(ArchiveItem.OfEntry head) {
        return head.vectors().stream()
                .filter(ready -> !ready.chunks().isEmpty())
                .min(Comparator.comparing(ready -> !vectors.holds(ready.model())))
                .map(Embedding::of)
                .orElseGet(() -> new Embedding(head.embedding(), null, List.of()));
    }

    private static StoredEntry stored(ArchiveItem.OfEntry head, ArchiveItem.OfVersion item) {
        Instant expiresAt = item.expiresAt();
        var content = new Content(
                item.importance(),
                item.ttlSeconds(),
                expiresAt == null ? null : (Long) expiresAt.toEpochMilli(),
                item.changedAt().toEpochMilli(),
                utf8(new JsonWriter().value(item.tags()).toString()),
                utf8(item.metadata().text()),
                utf8(item.value().text()));
        return new StoredEntry(
                head.key(),
                head.id(),
                item.version(),
                item.revision(),
                item.deleted(),
                item.keyId(),
                item.requestId(),
                head.createdAt().toEpochMilli(),
                content,
                0);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
