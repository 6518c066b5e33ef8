package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.disk.Fault;
import dev.ctxmem.disk.FaultLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P2 on the whole server: when its disk fails it does not acknowledge what failed, says why, and ends.
class P02FailedDiskTest {
    private static final int EX_SOFTWARE = 70;
    private static final int PUTS_MAX = 1_000;
    private static final String NS = "notes";
    private static final Set<ErrorCode> STOPPED = Set.of(ErrorCode.UNAVAILABLE, ErrorCode.UNREACHABLE);

    @TempDir
    Path home;

    @Test
    void aServerWhoseLogCannotBeSynced_ends_andHasAllItAcknowledged() {
        List<String> acknowledged = writeUntil(new Fault("sync", "*/ctx.db-wal", 40, Fault.IO_ERROR, false));
        try (ServerProcess again = ServerProcess.start(home, "--embedding-provider", "none");
                HttpMemories memories = again.memories()) {
            for (String key : acknowledged) {
                assertEquals(key, memories.get(NS, key).value().asString());
            }
        }
    }

    /// What was acknowledged before the server ended by the fault.
    private List<String> writeUntil(Fault fault) {
        var environment = new HashMap<>(fault.environment());
        environment.put(FaultLibrary.PRELOAD, FaultLibrary.compile(home).toString());
        try (ServerProcess server = ServerProcess.start(home, environment, "--embedding-provider", "none");
                HttpMemories memories = server.memories()) {
            memories.createNamespace(NewNamespace.of(NS));
            var acknowledged = new ArrayList<String>();
            try {
                for (int i = 0; i < PUTS_MAX; i++) {
                    String key = "key-" + i;
                    memories.put(NS, EntryDraft.of(key, Json.string(key)));
                    acknowledged.add(key);
                }
            } catch (MemoryException e) {
                assertTrue(STOPPED.contains(e.code()), () -> e.code() + " " + e.detail());
            }
            assertEquals(EX_SOFTWARE, server.awaitEnd(), server::log);
            assertTrue(server.log().contains("The store cannot write any more; the server stops."), server::log);
            assertFalse(acknowledged.isEmpty());
            assertTrue(acknowledged.size() < PUTS_MAX, "nothing failed");
            return acknowledged;
        }
    }
}
