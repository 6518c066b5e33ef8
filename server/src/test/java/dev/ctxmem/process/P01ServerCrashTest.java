package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P1 on the whole server: what was acknowledged over HTTP is there after SIGKILL at any moment, and what was
/// not is there whole or not at all.
class P01ServerCrashTest {
    private static final int CYCLES = Integer.getInteger("ctx.crash.server.cycles", 60);
    private static final int ACKS_MIN = Integer.getInteger("ctx.crash.acks", 20_000);
    private static final int WRITERS = 8;
    private static final int KEYS = 500;
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long SEED = 20_260_102;

    /// The last acknowledged version of each key, with its value.
    private final Map<String, Written> acknowledged = new ConcurrentHashMap<>();

    private final AtomicInteger acks = new AtomicInteger();

    @TempDir
    Path home;

    @Test
    void noAcknowledgedWriteIsLostAndNoneIsTorn_afterManyKills() {
        var random = new SplittableRandom(SEED);
        for (int cycle = 0; cycle < CYCLES || acks.get() < ACKS_MIN; cycle++) {
            ServerProcess server = ServerProcess.start(home, "--embedding-provider", "none", "--log-level", "warning");
            try (server;
                    HttpMemories memories = server.memories()) {
                if (cycle == 0) {
                    memories.createNamespace(NewNamespace.of("crash"));
                }
                verify(memories, "seed " + SEED + ", cycle " + cycle);
                write(server, cycle, 50 + random.nextInt(600));
            }
        }
        try (ServerProcess server = ServerProcess.start(home, "--embedding-provider", "none");
                HttpMemories memories = server.memories()) {
            verify(memories, "the end");
        }
        assertTrue(acks.get() >= ACKS_MIN, acks + " acknowledged writes");
    }

    /// Writers work until the server is killed under them, after `count` more acknowledged writes.
    private void write(ServerProcess server, int cycle, int count) {
        int enough = acks.get() + count;
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> Thread.ofPlatform().start(() -> writeUntilKilled(server, cycle, writer)))
                .toList();
        while (acks.get() < enough) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        server.kill();
        Threads.join(writers);
    }

    private void writeUntilKilled(ServerProcess server, int cycle, int writer) {
        try (HttpMemories memories = server.memories()) {
            for (int i = 0; ; i++) {
                String key = "w" + writer + "-" + i % (KEYS / WRITERS);
                String text = cycle + "." + i + " " + "x".repeat(i % 700);
                Entry entry = memories.put("crash", EntryDraft.of(key, Json.string(text)))
                        .entry();
                acknowledged.put(key, new Written(entry.version(), text));
                acks.incrementAndGet();
            }
        } catch (MemoryException e) {
            assertEquals(ErrorCode.UNREACHABLE, e.code(), e.detail());
        }
    }

    /// Each key has its last acknowledged version, or one later one that was never acknowledged.
    private void verify(HttpMemories memories, String when) {
        acknowledged.forEach((key, last) -> {
            Entry entry = memories.get("crash", key);
            assertTrue(
                    entry.version() == last.version() || entry.version() == last.version() + 1,
                    () -> when + ": " + key + " is at " + entry.version() + ", acknowledged " + last.version());
            if (entry.version() == last.version()) {
                assertEquals(last.text(), entry.value().asString(), when);
            }
            var newest = memories.history("crash", key, new HistoryOptions(1, null))
                    .history()
                    .getFirst();
            assertEquals(entry.version(), newest.version(), when);
            assertEquals(entry.value(), newest.value(), when);
            acknowledged.put(key, new Written(entry.version(), entry.value().asString()));
        });
    }
}
