package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.LocalServerFile;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P23 on one machine: SIGTERM finishes what is under way, exits with 0, and leaves nothing acknowledged
/// behind.
class P23GracefulShutdownTest {
    private static final int WRITERS = 8;
    private static final int WRITES_BEFORE = 200;
    private static final int ROUNDS = Integer.getInteger("ctx.shutdown.rounds", 1);

    @TempDir
    Path home;

    @Test
    void sigtermUnderLoadExitsWithZeroAndKeepsEveryAcknowledgedWrite() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            stopUnderLoad("work-" + round);
        }
    }

    private void stopUnderLoad(String namespace) throws InterruptedException {
        var acknowledged = new ConcurrentLinkedQueue<String>();
        var warm = new CountDownLatch(WRITES_BEFORE);
        try (ServerProcess server = ServerProcess.start(home, "--embedding-provider", "none")) {
            try (HttpMemories memories = server.memories()) {
                memories.createNamespace(NewNamespace.of(namespace));
            }
            Thread[] writers = IntStream.range(0, WRITERS)
                    .mapToObj(writer ->
                            Thread.ofPlatform().start(() -> write(server, namespace, writer, acknowledged, warm)))
                    .toArray(Thread[]::new);
            warm.await();
            assertEquals(0, server.terminate(), server.log());
            for (Thread writer : writers) {
                writer.join();
            }
        }
        assertTrue(LocalServerFile.in(Map.of("XDG_STATE_HOME", home.toString()))
                .orElseThrow()
                .read()
                .isEmpty());
        try (ServerProcess server = ServerProcess.start(home, "--embedding-provider", "none");
                HttpMemories memories = server.memories()) {
            acknowledged.forEach(
                    key -> assertEquals(1, memories.get(namespace, key).version()));
        }
    }

    private static void write(
            ServerProcess server,
            String namespace,
            int writer,
            ConcurrentLinkedQueue<String> acknowledged,
            CountDownLatch warm) {
        try (HttpMemories memories = server.memories()) {
            for (int i = 0; ; i++) {
                String key = writer + "-" + i;
                memories.put(namespace, EntryDraft.of(key, Json.string("note")));
                acknowledged.add(key);
                warm.countDown();
            }
        } catch (MemoryException e) {
            assertTrue(
                    e.code() == ErrorCode.UNREACHABLE
                            || e.code() == ErrorCode.UNAVAILABLE
                            || e.code() == ErrorCode.OVERLOADED,
                    e.code() + " " + e.detail());
        }
    }
}
