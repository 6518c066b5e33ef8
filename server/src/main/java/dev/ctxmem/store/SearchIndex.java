package dev.ctxmem.store;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The derived index beside a system of record: it proposes candidates and may be lost at any time. The record
/// feeds it changes in the order of their sequence, re-joins every candidate to what is true now, and rebuilds
/// the index from scratch where it lags or is damaged. Thread-safe; changes come from one thread.
public interface SearchIndex extends AutoCloseable {
    /// The sequence of the last change that is durable in the index; 0 when it is empty or was found damaged
    /// and set aside.
    long durableSequence();

    /// Applies changes; they are seen by every [#candidates] that starts afterwards. Durable at a later
    /// [#commit].
    void apply(List<Change> changes, long sequence);

    /// Makes everything applied so far durable, and with it the sequence.
    void commit();

    /// Forgets everything: a rebuild follows.
    void clear();

    Candidates candidates(Query query);

    @Override
    void close();

    /// One change to the index.
    sealed interface Change {
        /// Adds or replaces a live entry.
        record Put(Document document) implements Change {}

        record Remove(long rowId) implements Change {}

        record RemoveNamespace(long namespaceId) implements Change {}
    }

    /// What the index knows of an entry. `text` is [dev.ctxmem.memory.EntryText]; `vectors` are one for each model
    /// that has some.
    record Document(
            long rowId,
            UUID account,
            long namespaceId,
            List<String> tags,
            String text,
            List<Vectorization.Ready> vectors) {
        public Document {
            tags = List.copyOf(tags);
            vectors = List.copyOf(vectors);
        }

        /// With the vectors of one model, or none.
        public Document(
                long rowId,
                UUID account,
                long namespaceId,
                List<String> tags,
                String text,
                @Nullable EmbeddingModel model,
                List<float[]> chunks) {
            this(
                    rowId,
                    account,
                    namespaceId,
                    tags,
                    text,
                    model == null ? List.of() : List.of(new Vectorization.Ready(model, chunks)));
        }
    }

    /// Asks for the best `limit` by vector and the best `limit` by stems, within the account, any of
    /// `namespaceIds` (empty: all) and with all `tags`.
    record Query(
            UUID account,
            Set<Long> namespaceIds,
            List<String> tags,
            List<String> stems,
            float @Nullable [] vector,
            @Nullable EmbeddingModel model,
            int limit) {}

    /// The candidates, each row once, in no order; `documents` and `frequencies` count the account's live
    /// entries: all, and those that have stem i of the query.
    record Candidates(long documents, long[] frequencies, List<Candidate> candidates) {}

    /// Bit i of `matches`: the entry has stem i of the query. `length`: its content stems, repeats included.
    record Candidate(long rowId, long matches, int length) {}
}
