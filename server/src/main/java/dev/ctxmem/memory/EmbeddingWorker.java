package dev.ctxmem.memory;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.MemoryException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Gives pending entries their vectors, a batch at a time, and notes what failed. Run by one thread.
public final class EmbeddingWorker {
    private static final Logger LOG = System.getLogger(EmbeddingWorker.class.getName());

    private static final int BATCH_MAX = 16;
    /// A text that failed this often is given up: its entry is found by words.
    private static final int ATTEMPTS_MAX = 8;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LAST_RETRY = Duration.ofMinutes(10);

    private final MemoryStore store;
    private final Supplier<Embeddings> source;
    private Embeddings embeddings = Embeddings.NONE;

    /// `embeddings` is asked at every run.
    public EmbeddingWorker(MemoryStore store, Supplier<Embeddings> embeddings) {
        this.store = store;
        this.source = embeddings;
    }

    /// Works on what is due now; true when there may be more.
    public boolean runOnce() {
        embeddings = source.get();
        if (!embeddings.isConfigured()) {
            return false;
        }
        List<PendingEmbedding> due = store.pending(BATCH_MAX);
        if (due.isEmpty()) {
            return false;
        }
        try {
            complete(
                    due,
                    embeddings.backlog(due.stream().map(EmbeddingWorker::text).toList()));
        } catch (MemoryException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A batch of pending embeddings failed; trying its texts one by one.", e);
            due.forEach(this::tryAlone);
        }
        return due.size() == BATCH_MAX;
    }

    /// A text that no attempt will help must not hold up its neighbours.
    private void tryAlone(PendingEmbedding pending) {
        Entry entry = pending.entry();
        try {
            complete(List.of(pending), embeddings.backlog(List.of(text(pending))));
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "Entry {0} cannot be embedded; it is found by words.", entry.id());
            store.failEmbedding(entry.id(), entry.version(), null);
        } catch (MemoryException e) {
            throw e;
        } catch (RuntimeException e) {
            boolean lastAttempt = pending.attempts() + 1 >= ATTEMPTS_MAX;
            store.failEmbedding(entry.id(), entry.version(), lastAttempt ? null : retryAfterMillis(pending.attempts()));
        }
    }

    private void complete(List<PendingEmbedding> pending, List<List<float[]>> vectors) {
        EmbeddingModel model = embeddings.model().orElseThrow();
        for (int i = 0; i < pending.size(); i++) {
            Entry entry = pending.get(i).entry();
            store.completeEmbedding(entry.id(), entry.version(), new Vectorization.Ready(model, vectors.get(i)));
        }
    }

    private static String text(PendingEmbedding pending) {
        Entry entry = pending.entry();
        return EntryText.toEmbed(entry.key(), entry.tags(), entry.value());
    }

    /// Doubles with every attempt.
    private static long retryAfterMillis(int attempts) {
        return Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(attempts, 20));
    }
}
