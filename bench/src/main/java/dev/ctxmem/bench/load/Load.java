package dev.ctxmem.bench.load;

import dev.ctxmem.bench.Crew;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/// Clients in a closed loop: each sends its next request when the last is answered.
final class Load {
    private static final int CONFLICT = 409;
    private static final int ERRORS_FROM = 400;

    private final int clients;
    private final int entries;

    Load(int clients, int entries) {
        this.clients = clients;
        this.entries = entries;
    }

    /// Writes the entries that [Scenario#GET] reads.
    Measured preload(Target target) {
        try (var connection = new Connection(target.server())) {
            int status = connection.exchange(new Requests(target, "setup", entries, 0).createNamespace());
            if (status >= ERRORS_FROM && status != CONFLICT) {
                throw new IllegalStateException(target.name() + " answers " + status + " to a new namespace");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return together(target, (connection, requests, client, samples) -> {
            for (int number = client; number < entries; number += clients) {
                samples.take(connection, requests.entry(number));
            }
        });
    }

    /// The first requests, for as long as `warmup`, do not count.
    Measured run(Target target, Scenario scenario, Duration warmup, Duration length) {
        long start = System.nanoTime() + warmup.toNanos();
        long end = start + length.toNanos();
        return together(target, (connection, requests, client, samples) -> {
            while (System.nanoTime() - start < 0) {
                samples.check(connection.exchange(requests.next(scenario)));
            }
            samples.begin();
            while (System.nanoTime() - end < 0) {
                samples.take(connection, requests.next(scenario));
            }
        });
    }

    private Measured together(Target target, Work work) {
        var run = UUID.randomUUID().toString();
        List<Integer> numbers = IntStream.range(0, clients).boxed().toList();
        return Samples.sum(new Crew(clients)
                .work(numbers, client -> samples(target, work, run, client))
                .results());
    }

    private Samples samples(Target target, Work work, String run, int client) {
        var samples = new Samples();
        try (var connection = new Connection(target.server())) {
            var requests = new Requests(target, run + "-" + client, entries, run.hashCode() + client);
            samples.begin();
            work.run(connection, requests, client, samples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        samples.end();
        return samples;
    }

    private interface Work {
        void run(Connection connection, Requests requests, int client, Samples samples) throws IOException;
    }

    /// What one client saw.
    private static final class Samples {
        private long[] latencies = new long[1 << 12];
        private int count;
        private long errors;
        private long start;
        private long nanos;

        void begin() {
            start = System.nanoTime();
        }

        void end() {
            nanos = System.nanoTime() - start;
        }

        void take(Connection connection, byte[] request) throws IOException {
            long sent = System.nanoTime();
            boolean good = check(connection.exchange(request));
            if (good) {
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, count * 2);
                }
                latencies[count++] = System.nanoTime() - sent;
            }
        }

        boolean check(int status) {
            if (status >= ERRORS_FROM) {
                errors++;
            }
            return status < ERRORS_FROM;
        }

        static Measured sum(List<Samples> all) {
            long[] latencies = all.stream()
                    .flatMapToLong(samples -> Arrays.stream(samples.latencies, 0, samples.count))
                    .toArray();
            long nanos = all.stream().mapToLong(samples -> samples.nanos).max().orElse(1);
            return new Measured(
                    nanos / 1e9,
                    latencies,
                    all.stream().mapToLong(samples -> samples.errors).sum());
        }
    }
}
