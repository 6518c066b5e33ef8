package dev.ctxmem.bench.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What goes wrong during a trial, and when: a server is killed every ten seconds, or as soon as all are there again;
/// others are restarted in good order; Redis is killed; the standby stops following, and then stops altogether.
final class Faults implements AutoCloseable {
    static final Duration KILL_EVERY = Duration.ofSeconds(10);

    private static final Duration FIRST_KILL = Duration.ofSeconds(5);
    private static final Duration REDIS_AWAY = Duration.ofSeconds(4);
    /// What the proxy needs to tell the clients of a server that has gone.
    private static final long CUT_OFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LOOK_MAX = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<Part> servers;
    private final List<URI> ready;
    private final Part redis;
    private final Part standby;
    private final Consumer<String> log;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LOOK_MAX)
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CompletableFuture<?>> planned = new CopyOnWriteArrayList<>();
    private final List<Long> kills = new CopyOnWriteArrayList<>();
    private final AtomicInteger redisKills = new AtomicInteger();
    private final AtomicInteger graceful = new AtomicInteger();
    private int turn;
    private volatile long endNanos;

    /// `serverPorts` in the order of the servers.
    Faults(Path directory, List<Integer> serverPorts, Consumer<String> log) {
        servers = new ArrayList<>();
        ready = new ArrayList<>();
        for (int i = 0; i < serverPorts.size(); i++) {
            servers.add(new Part(directory, "server-" + (i + 1)));
            ready.add(URI.create("http://127.0.0.1:" + serverPorts.get(i) + "/readyz"));
        }
        redis = new Part(directory, "redis");
        standby = new Part(directory, "standby");
        this.log = log;
    }

    List<Part> servers() {
        return servers;
    }

    /// Plans a trial of that length, which begins now.
    void begin(Duration length) {
        endNanos = System.nanoTime() + length.toNanos();
        long seconds = length.toSeconds();
        for (long at = FIRST_KILL.toSeconds(); at < seconds - 4; at += KILL_EVERY.toSeconds()) {
            plan(at, this::killOne);
        }
        // In the middle between two kills, so that one server at least is always there.
        for (long at : new long[] {seconds / 5, seconds / 2, seconds * 4 / 5}) {
            plan(at / 10 * 10, this::restartOne);
        }
        plan(seconds / 4 / 10 * 10, this::killRedis);
        plan(seconds * 2 / 5, () -> pauseStandby("startup recovering", length.dividedBy(8), "stops following"));
        plan(seconds * 3 / 5, () -> pauseStandby("", length.dividedBy(8), "is paused"));
        plan(seconds * 17 / 20 / 10 * 10, this::killRedis);
    }

    /// Whether a request between these two moments may have been cut off by a kill.
    boolean wasCutOff(long fromNanos, long toNanos) {
        return kills.stream().anyMatch(kill -> kill - toNanos <= 0 && fromNanos - (kill + CUT_OFF_NANOS) <= 0);
    }

    int kills() {
        return kills.size();
    }

    int graceful() {
        return graceful.get();
    }

    int redisKills() {
        return redisKills.get();
    }

    /// How often a server has changed between Redis and its own count so far, as their logs tell.
    long changes() {
        return servers.stream().mapToLong(Part::changesOfLimiter).sum();
    }

    /// Returns once everything runs again.
    void end() {
        CompletableFuture.allOf(planned.toArray(CompletableFuture[]::new)).join();
        ready.forEach(this::awaitReady);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }

    private void plan(long atSecond, Runnable fault) {
        planned.add(CompletableFuture.runAsync(
                fault, CompletableFuture.delayedExecutor(atSecond, TimeUnit.SECONDS, threads)));
    }

    /// The next server, once all are there: one that goes while another starts would leave too much to the third.
    private int next() {
        ready.forEach(this::awaitReady);
        return turn++ % servers.size();
    }

    private synchronized void killOne() {
        int number = next();
        if (isOver()) {
            return;
        }
        Part server = servers.get(number);
        // Clients hear of it before the process is known to have ended.
        kills.add(System.nanoTime());
        server.kill();
        server.start();
        log.accept("killed " + server.name());
        awaitReady(ready.get(number));
    }

    private synchronized void restartOne() {
        int number = next();
        if (isOver()) {
            return;
        }
        Part server = servers.get(number);
        log.accept("restarts " + server.name() + " in good order");
        server.terminate();
        server.start();
        awaitReady(ready.get(number));
        graceful.incrementAndGet();
    }

    /// What comes too late would find no requests.
    private boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    private void killRedis() {
        redis.kill();
        log.accept("killed Redis");
        pause(REDIS_AWAY);
        redis.start();
        redisKills.incrementAndGet();
        log.accept("started Redis");
    }

    private void pauseStandby(String which, Duration length, String what) {
        List<Long> paused = standby.pause(which);
        log.accept("the standby " + what);
        pause(length);
        standby.resume(paused);
        log.accept("the standby goes on");
    }

    private void awaitReady(URI address) {
        while (!isReady(address)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean isReady(URI address) {
        var request = HttpRequest.newBuilder(address).timeout(LOOK_MAX).build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
