package dev.ctxmem;

import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.EmbeddingConfig;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Embeddings;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.store.Faults;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `ctx reembed`: gives every entry vectors of another model beside those it has, then lets the new ones serve, then
/// drops the old. What was embedded stays when the process ends; the same command goes on from there.
final class Reembedding {
    private static final Logger LOG = System.getLogger(Reembedding.class.getName());

    private static final int PORTION = 64;
    private static final int DROP_PORTION = 200;
    private static final int FAILURES_MAX = 30;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(30);

    private final Generations store;
    private final EmbeddingsInUse inUse;
    private final Duration grace;

    /// @param grace how long writes and searches that began before the switch may still come, here and elsewhere
    Reembedding(Generations store, EmbeddingsInUse inUse, Duration grace) {
        this.store = store;
        this.inUse = inUse;
        this.grace = grace;
    }

    /// UNAVAILABLE when the provider goes on failing; the work so far is kept.
    void run(StoreTask.Reembed task, TaskProgress progress) {
        EmbeddingConfig wanted = wanted(task);
        boolean serves = wanted.equals(inUse.config());
        EmbeddingParts parts = serves ? inUse.parts() : open(wanted);
        boolean adopted = serves;
        try {
            Embeddings embeddings = parts.embeddings();
            if (!embeddings.isConfigured()) {
                throw new MemoryException(
                        ErrorCode.INVALID_VALUE,
                        "There is no embedding provider to move to; name one with --provider.");
            }
            EmbeddingModel target = model(embeddings);
            progress.step("embedding for " + target.name() + ", " + target.dimension() + " dimensions");
            build(target, embeddings, progress);
            progress.step("indexing");
            store.index(target);
            // What was written while that took its time.
            build(target, embeddings, progress);
            String announcement = EmbeddingsInUse.announcement(wanted, target);
            EmbeddingParts old = inUse.change(wanted, parts, () -> store.switchTo(target, announcement));
            adopted = true;
            pause(grace);
            if (!serves) {
                old.close();
            }
            progress.step("dropping the old vectors");
            drop(target, progress);
            tell(wanted, target, serves, progress);
        } finally {
            if (!adopted) {
                parts.close();
            }
        }
    }

    private EmbeddingConfig wanted(StoreTask.Reembed task) {
        EmbeddingConfig now = inUse.config();
        if (task.provider() == null && task.model() == null && task.dimensions() == null) {
            return now;
        }
        String provider = task.provider() == null ? now.provider() : task.provider();
        // A model or a dimension of one provider means nothing to another.
        boolean same = provider.equals(now.provider());
        Optional<String> model =
                task.model() != null ? Optional.of(task.model()) : same ? now.model() : Optional.empty();
        Optional<Integer> dimensions = task.dimensions() != null
                ? Optional.of(task.dimensions())
                : same && model.equals(now.model()) ? now.dimensions() : Optional.empty();
        return now.with(provider, model, dimensions);
    }

    private EmbeddingParts open(EmbeddingConfig wanted) {
        try {
            return inUse.open(wanted);
        } catch (ConfigException e) {
            throw new MemoryException(ErrorCode.INVALID_VALUE, String.valueOf(e.getMessage()), e);
        }
    }

    /// A remote provider tells the dimension of its vectors with the first of them.
    private static EmbeddingModel model(Embeddings embeddings) {
        Optional<EmbeddingModel> known = embeddings.model();
        if (known.isPresent()) {
            return known.get();
        }
        patiently(() -> embeddings.backlog(List.of("dimension")));
        return embeddings
                .model()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.UNAVAILABLE, "The provider does not tell the dimension of its vectors."));
    }

    /// Passes until one finds less than a portion: the rest is what was written while it was looking.
    private void build(EmbeddingModel target, Embeddings embeddings, TaskProgress progress) {
        long found;
        do {
            found = 0;
            String after = null;
            Generations.Count before = store.count(target);
            do {
                Generations.Portion portion = store.lacking(target, after, PORTION);
                found += embed(target, portion.entries(), embeddings, progress);
                after = portion.next();
                long vectored = before.vectored() + found;
                progress.at(vectored, Math.max(vectored, before.entries()));
                Faults.hit("reembed");
            } while (after != null);
        } while (found >= PORTION);
    }

    /// How many got vectors.
    private int embed(
            EmbeddingModel target, List<Generations.Lacking> entries, Embeddings embeddings, TaskProgress progress) {
        if (entries.isEmpty()) {
            return 0;
        }
        List<String> texts = entries.stream().map(Reembedding::text).toList();
        List<List<float[]>> vectors;
        try {
            vectors = patiently(() -> embeddings.backlog(texts));
        } catch (IllegalArgumentException e) {
            return entries.size() == 1
                    ? refused(entries.getFirst().entry(), progress)
                    : oneByOne(target, entries, embeddings, progress);
        }
        var vectored = new ArrayList<Generations.Vectored>();
        for (int i = 0; i < entries.size(); i++) {
            vectored.add(entries.get(i).with(vectors.get(i)));
        }
        store.add(target, vectored);
        return (int) vectors.stream().filter(chunks -> !chunks.isEmpty()).count();
    }

    private int oneByOne(
            EmbeddingModel target, List<Generations.Lacking> entries, Embeddings embeddings, TaskProgress progress) {
        int embedded = 0;
        for (Generations.Lacking entry : entries) {
            embedded += embed(target, List.of(entry), embeddings, progress);
        }
        return embedded;
    }

    private static int refused(Entry entry, TaskProgress progress) {
        LOG.log(Level.WARNING, "Entry " + entry.id() + " cannot be embedded; it is found by words.");
        progress.note("Entry " + entry.id() + " cannot be embedded by this model; it is found by words.");
        return 0;
    }

    private void drop(EmbeddingModel target, TaskProgress progress) {
        long total = store.count(target).entries();
        long dropped = 0;
        for (int n = store.dropOthers(target, DROP_PORTION); n > 0; n = store.dropOthers(target, DROP_PORTION)) {
            dropped += n;
            progress.at(dropped, Math.max(total, dropped));
        }
    }

    private static void tell(EmbeddingConfig wanted, EmbeddingModel target, boolean serves, TaskProgress progress) {
        progress.note("The store is on " + target.name() + " with " + target.dimension() + " dimensions now.");
        if (!serves) {
            progress.note("Before the next start set EMBEDDING_PROVIDER=" + wanted.provider() + " and EMBEDDING_MODEL="
                    + wanted.model().orElse(target.name())
                    + wanted.dimensions()
                            .map(size -> " and EMBEDDING_DIMENSIONS=" + size)
                            .orElse("") + ".");
        }
    }

    /// Tries again for as long as a provider may take to come back.
    private static <T> T patiently(Supplier<T> call) {
        Duration wait = FIRST_PAUSE;
        for (int failures = 1; ; failures++) {
            try {
                return call.get();
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "Embedding failed " + failures + " times in a row.", e);
                if (failures == FAILURES_MAX) {
                    throw new MemoryException(
                            ErrorCode.UNAVAILABLE,
                            "The embedding provider goes on failing. What was done is kept: run this command again.",
                            e);
                }
                pause(wait);
                Duration doubled = wait.multipliedBy(2);
                wait = doubled.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : doubled;
            }
        }
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.UNAVAILABLE, "The server stopped before the task was done.", e);
        }
    }

    private static String text(Generations.Lacking lacking) {
        Entry entry = lacking.entry();
        return EntryText.toEmbed(entry.key(), entry.tags(), entry.value());
    }
}
