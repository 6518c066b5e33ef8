package dev.ctxmem.embed;

import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Calls of the embedder, and what is learnt from how they end: whether a text is to blame or the provider, and
/// whether it is worth waiting for. Questions and writes have a circuit each, for a flood of long texts makes
/// writes late and leaves questions fast. Thread-safe.
final class Calls {
    private static final Logger LOG = System.getLogger(Batcher.class.getName());

    private final CheckedEmbedder embedder;
    private final Ticker ticker;
    private final Circuit queryCircuit;
    private final Circuit passageCircuit;
    private final LongAdder embedded = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder questionNanos = new LongAdder();

    /// How long callers wait: a probe that takes longer has not helped them.
    private volatile Duration deadline = Circuit.OPEN_MAX;

    Calls(CheckedEmbedder embedder, Ticker ticker) {
        this.embedder = embedder;
        this.ticker = ticker;
        this.queryCircuit = new Circuit(ticker);
        this.passageCircuit = new Circuit(ticker);
    }

    void learnModel() {
        try {
            embedder.learnModel();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The embedding provider does not tell its model yet; entries wait for it.", e);
        }
    }

    /// True, and counted as refused, when nobody with a deadline should wait for this lane now.
    boolean isHopeless(Lane lane) {
        if (circuit(lane).isOpen()) {
            refused();
            return true;
        }
        return false;
    }

    void refused() {
        refused.increment();
    }

    void waitedForQuestion(long nanos) {
        questionNanos.add(nanos);
    }

    void late(Lane lane, Duration deadline) {
        this.deadline = deadline;
        late.increment();
        if (circuit(lane).failed()) {
            LOG.log(Level.WARNING, "Embeddings are late; for now nobody waits for them ({0}).", lane);
        }
    }

    /// Embeds jobs of one lane, and completes each of them.
    void run(List<Job> jobs) {
        Lane lane = jobs.getFirst().lane();
        try {
            List<List<float[]>> vectors =
                    embedder.embed(lane, jobs.stream().map(Job::text).toList());
            embedded.add(jobs.size());
            if (lane != Lane.BACKLOG) {
                circuit(lane).succeeded();
            }
            for (int i = 0; i < jobs.size(); i++) {
                jobs.get(i).vectors().complete(vectors.get(i));
            }
        } catch (IllegalArgumentException e) {
            if (jobs.size() > 1) {
                // One of them is to blame: halve until it stands alone.
                run(jobs.subList(0, jobs.size() / 2));
                run(jobs.subList(jobs.size() / 2, jobs.size()));
            } else {
                fail(jobs, e);
            }
        } catch (RuntimeException | Error e) {
            fail(jobs, e);
        }
    }

    /// Nobody gives up on a text of the backlog while the provider fails for every text: an outage, or a
    /// provider that is set up wrong and refuses everything.
    private void fail(List<Job> jobs, Throwable failure) {
        boolean backlog = jobs.getFirst().lane() == Lane.BACKLOG;
        if (backlog && embedder.answers()) {
            failures.increment();
            jobs.forEach(job -> job.vectors().completeExceptionally(failure));
            return;
        }
        if (!(failure instanceof IllegalArgumentException) || backlog) {
            failures.increment();
            failed(queryCircuit, failure);
            failed(passageCircuit, failure);
        }
        var outage = new MemoryException(ErrorCode.UNAVAILABLE, "The embedding provider fails.", failure);
        jobs.forEach(job -> job.vectors().completeExceptionally(outage));
    }

    private void failed(Circuit circuit, Throwable failure) {
        Optional<Duration> retryAfter = failure instanceof MemoryException e ? e.retryAfter() : Optional.empty();
        boolean opened = retryAfter.map(circuit::failedFor).orElseGet(circuit::failed);
        if (opened && circuit == passageCircuit) {
            LOG.log(
                    Level.WARNING,
                    "The embedding provider fails; entries wait for their vectors, search goes by words.",
                    failure);
        }
    }

    /// How long until [#probeIfDue] has something to do.
    Duration untilProbe() {
        Duration query = queryCircuit.untilProbe();
        Duration passage = passageCircuit.untilProbe();
        return query.compareTo(passage) < 0 ? query : passage;
    }

    void probeIfDue() {
        boolean query = queryCircuit.claimProbe();
        boolean passage = passageCircuit.claimProbe();
        if (query || passage) {
            long start = ticker.read();
            boolean success = embedder.answers() && ticker.read() - start <= deadline.toNanos();
            if (query) {
                queryCircuit.probed(success);
            }
            if (passage) {
                passageCircuit.probed(success);
            }
            LOG.log(success ? Level.INFO : Level.DEBUG, success ? "Embeddings are back." : "Embeddings still fail.");
        }
    }

    EmbeddingStatistics statistics(int queued, CacheStats questions) {
        return new EmbeddingStatistics(
                queued,
                embedded.sum(),
                failures.sum(),
                late.sum(),
                refused.sum(),
                queryCircuit.isOpen() || passageCircuit.isOpen(),
                questions.hitCount(),
                questions.missCount(),
                Duration.ofNanos(questionNanos.sum()));
    }

    private Circuit circuit(Lane lane) {
        return lane == Lane.QUERY ? queryCircuit : passageCircuit;
    }
}
