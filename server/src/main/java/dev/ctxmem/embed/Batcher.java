package dev.ctxmem.embed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Embeddings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The way to any embedder: callers with a deadline in front, bounded queues, a few platform threads that call.
///
/// Questions go before texts being written, and both before the backlog, which never has the last free thread
/// where there is more than one. Who cannot be served in time is told at once where that is known: the queue is
/// full, or the provider has been failing or late (then the batcher itself finds out when that is over, so that
/// no caller waits in vain for it). Thread-safe.
public final class Batcher implements Embeddings, AutoCloseable {
    static final int CACHED_QUESTIONS_MAX = 1_000;
    private static final int BACKLOG_SLICE = 64;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final CheckedEmbedder embedder;
    private final Lanes lanes;
    private final Calls calls;
    private final Ticker ticker;
    private final Cache<Question, float[]> questions;
    private final List<Thread> threads = new ArrayList<>();

    private Batcher(Embedder embedder, Batching batching, Ticker ticker) {
        this.embedder = new CheckedEmbedder(embedder);
        this.lanes = new Lanes(batching);
        this.calls = new Calls(this.embedder, ticker);
        this.ticker = ticker;
        this.questions = Caffeine.newBuilder()
                .maximumSize(CACHED_QUESTIONS_MAX)
                .recordStats()
                .build();
    }

    /// Asks the embedder for its model, once, and starts the threads. An embedder that cannot tell is asked
    /// again with every call. Owns the embedder from now on.
    public static Batcher start(Embedder embedder, Batching batching, Ticker ticker) {
        var batcher = new Batcher(embedder, batching, ticker);
        batcher.calls.learnModel();
        for (int i = 0; i < batching.threads(); i++) {
            boolean withBacklog = i > 0 || batching.threads() == 1;
            boolean probes = i == 0;
            batcher.threads.add(
                    Thread.ofPlatform().name("embed-" + i).daemon().start(() -> batcher.work(withBacklog, probes)));
        }
        return batcher;
    }

    @Override
    public boolean isConfigured() {
        return true;
    }

    @Override
    public Optional<EmbeddingModel> model() {
        return embedder.model();
    }

    @Override
    public Optional<List<float[]>> passage(String text, Duration deadline) {
        var job = new Job(Lane.PASSAGE, text);
        return await(job, job.vectors(), deadline);
    }

    /// The vector is shared with later callers: do not change it.
    @Override
    public Optional<float[]> query(UUID account, String text, Duration deadline) {
        var question = new Question(account, text);
        float[] known = questions.getIfPresent(question);
        if (known != null) {
            return Optional.of(known);
        }
        var job = new Job(Lane.QUERY, text);
        // Remembered even when it comes too late: the same question is likely to be asked again.
        CompletableFuture<float[]> vector = job.vectors().thenApply(vectors -> {
            questions.put(question, vectors.getFirst());
            return vectors.getFirst();
        });
        long start = ticker.read();
        try {
            return await(job, vector, deadline);
        } finally {
            calls.waitedForQuestion(ticker.read() - start);
        }
    }

    /// Throws [IllegalArgumentException] for a text that will never work, UNAVAILABLE while the provider fails
    /// for any text, and any other exception for a text that it fails while it takes others. A failure for one
    /// of several texts is thrown for all.
    @Override
    public List<List<float[]>> backlog(List<String> texts) {
        var vectors = new ArrayList<List<float[]>>(texts.size());
        for (int from = 0; from < texts.size(); from += BACKLOG_SLICE) {
            List<Job> jobs = texts.subList(from, Math.min(texts.size(), from + BACKLOG_SLICE)).stream()
                    .map(text -> new Job(Lane.BACKLOG, text))
                    .toList();
            try {
                for (Job job : jobs) {
                    if (!lanes.offer(job)) {
                        throw closed();
                    }
                }
                for (Job job : jobs) {
                    vectors.add(get(job));
                }
            } finally {
                jobs.forEach(lanes::withdraw);
            }
        }
        return vectors;
    }

    public EmbeddingStatistics statistics() {
        return calls.statistics(lanes.size(), questions.stats());
    }

    /// Ends the threads, waiting for the calls under way, and closes the embedder. Who still waits gets
    /// nothing.
    @Override
    public void close() {
        lanes.close().forEach(job -> job.vectors().completeExceptionally(closed()));
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        embedder.close();
    }

    private <T> Optional<T> await(Job job, Future<T> result, Duration deadline) {
        if (calls.isHopeless(job.lane())) {
            if (calls.untilProbe().isZero()) {
                lanes.wake();
            }
            return Optional.empty();
        }
        if (!lanes.offer(job)) {
            calls.refused();
            return Optional.empty();
        }
        try {
            return Optional.of(result.get(deadline.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            lanes.withdraw(job);
            calls.late(job.lane(), deadline);
            lanes.wake();
            return Optional.empty();
        } catch (ExecutionException | CancellationException e) {
            return Optional.empty(); // counted and logged where it happened
        } catch (InterruptedException e) {
            lanes.withdraw(job);
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static List<float[]> get(Job job) {
        try {
            return job.vectors().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("The embedder failed.", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw closed();
        }
    }

    private void work(boolean withBacklog, boolean probes) {
        try {
            while (!lanes.isClosed()) {
                List<Job> jobs = lanes.take(withBacklog, calls.untilProbe());
                if (!jobs.isEmpty()) {
                    calls.run(jobs);
                }
                if (probes) {
                    calls.probeIfDue();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private static MemoryException closed() {
        return new MemoryException(ErrorCode.UNAVAILABLE, "The embedder is closed.");
    }

    /// A cached question: of one account, so that nobody learns from an answer's time what others asked.
    private record Question(UUID account, String text) {}
}
