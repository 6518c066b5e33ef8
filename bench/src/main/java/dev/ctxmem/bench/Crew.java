package dev.ctxmem.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// So many clients at once: each takes the next piece of work when it has done its last.
public final class Crew {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int clients;

    /// `clients` is 1 or more.
    public Crew(int clients) {
        this.clients = clients;
    }

    /// What came of the work, in the order of the work, and how long it took. The first failure ends it all.
    public <T, R> Done<R> work(List<T> pieces, Function<T, R> task) {
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            List<Future<R>> futures = pieces.stream()
                    .map(piece -> threads.submit(() -> task.apply(piece)))
                    .toList();
            var results = new ArrayList<R>(futures.size());
            try {
                for (Future<R> future : futures) {
                    results.add(future.get());
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw new IllegalStateException("The server did not do its part.", e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return new Done<>(results, (System.nanoTime() - start) / NANOS_PER_SECOND);
        }
    }

    /// In the order of the work.
    public record Done<R>(List<R> results, double seconds) {
        /// Pieces of work.
        public double perSecond() {
            return results.size() / seconds;
        }
    }
}
