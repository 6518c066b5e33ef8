package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.disk.Needs;
import dev.ctxmem.disk.PowerCutDisk;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.process.Threads;
import dev.ctxmem.process.Written;
import dev.ctxmem.store.CannotOpenStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P2 on PostgreSQL: the database loses its power, the server that writes to it does not. `-Psoak` cuts 50 times.
class P02PostgresPowerCutTest {
    private static final long SEED = 20_260_102;
    private static final int CUTS = Integer.getInteger("ctx.powercut.postgres", 3);
    private static final int ACKS_MIN = 100 * CUTS;
    private static final int WRITERS = 8;
    private static final int KEYS_PER_WRITER = 15;
    private static final int CUT_ACKS_MIN = 100;
    private static final int CUT_ACKS_MAX = 600;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String NS = "power";
    private static final UUID ACCOUNT = new UUID(1, 1);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Principal principal = TestPrincipals.of(ACCOUNT, new UUID(2, 1), "req_power");

    /// The last acknowledged version of each key, with its value.
    private final Map<String, Written> acknowledged = new ConcurrentHashMap<>();

    private final AtomicInteger acks = new AtomicInteger();

    @TempDir
    Path home;

    @BeforeEach
    void prepare() throws IOException {
        Needs.powerCuts();
        Needs.programs("setpriv");
        // The server's user must come through.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void everyAcknowledgedWrite_survivesPowerCutsOfTheDatabase() {
        try (var disk = PowerCutDisk.mount(home);
                var server = started(disk)) {
            TestDatabase database = TestDatabase.create(server.url());
            for (int cut = 1; cut <= CUTS; cut++) {
                cycle(disk, server, database, false);
                assertEquals(List.of(), lost(database), "seed " + SEED + ", cut " + cut);
                Records.verify(database);
            }
            assertTrue(acks.get() >= ACKS_MIN, acks + " acknowledged writes");
            System.out.println("P2: PostgreSQL, " + CUTS + " power cuts, " + acks + " acknowledged writes, 0 lost");
        }
    }

    /// The negative control: what the start checks refuse loses acknowledged writes.
    @Test
    void aCommitThatIsNotSynced_isRefused_andFound() {
        try (var disk = PowerCutDisk.mount(home);
                var server = started(disk)) {
            TestDatabase database = TestDatabase.create(server.url());
            database.execute("""
                    do $$ begin
                        execute format('alter database %I set synchronous_commit = off', current_database());
                    end $$
                    """);
            database.execute("alter system set wal_writer_delay = '10s'");
            database.execute("select pg_reload_conf()");
            disk.sync();

            assertThrows(CannotOpenStoreException.class, () -> open(database, false));
            cycle(disk, server, database, true);

            List<String> lost = lost(database);
            System.out.println("P2: PostgreSQL without a sync at commits, 1 power cut, of " + acks
                    + " acknowledged writes at least " + lost.size() + " lost");
            assertTrue(!lost.isEmpty(), acks + " acknowledged writes");
        }
    }

    private OwnServer started(PowerCutDisk disk) {
        OwnServer server = OwnServer.create(disk.directory().resolve("data"), home.resolve("log"));
        disk.sync();
        server.start();
        return server;
    }

    /// Writers work until the power is cut under the database, which comes back with what is on its disk.
    private void cycle(PowerCutDisk disk, OwnServer server, TestDatabase database, boolean allowUnsafe) {
        var isCut = new AtomicBoolean();
        Map<String, Written> told;
        try (PostgresStore store = open(database, allowUnsafe)) {
            if (store.account(ACCOUNT).isEmpty()) {
                OpenStores.signUp(store, principal, NS);
            }
            int enough = acks.get() + random.nextInt(CUT_ACKS_MIN, CUT_ACKS_MAX);
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(Thread.ofPlatform().start(() -> writeUntilCut(store, number, isCut)));
            }
            while (acks.get() < enough && writers.stream().allMatch(Thread::isAlive)) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            told = disk.cut(() -> Map.copyOf(acknowledged));
            isCut.set(true);
            server.kill();
            disk.restart();
            server.start();
            Threads.join(writers);
        }
        acknowledged.clear();
        acknowledged.putAll(told);
    }

    private void writeUntilCut(PostgresStore store, int writer, AtomicBoolean isCut) {
        try {
            for (int i = 0; !isCut.get(); i++) {
                String key = "w" + writer + "-" + i % KEYS_PER_WRITER;
                String text = i + " " + "x".repeat(i % 700);
                var draft = EntryDraft.of(key, Json.string(text));
                Entry entry = store.put(principal, NS, draft, new Vectorization.Pending(), OpenStores.UNLIMITED)
                        .entry();
                acknowledged.put(key, new Written(entry.version(), text));
                acks.incrementAndGet();
            }
        } catch (MemoryException e) {
            assertTrue(e.code().status() >= 500, e.detail());
        }
    }

    /// The keys that are behind their last acknowledged version, or have another value in it. What was written
    /// without an answer may be there, one version past it, and counts from now on.
    private List<String> lost(TestDatabase database) {
        var lost = new ArrayList<String>();
        try (PostgresStore store = open(database, true)) {
            acknowledged.forEach((key, last) -> {
                Entry entry = store.get(ACCOUNT, NS, key).orElse(null);
                if (entry == null || entry.version() < last.version()) {
                    lost.add(key + " has lost version " + last.version());
                } else if (entry.version() == last.version()
                        && !entry.value().asString().equals(last.text())) {
                    lost.add(key + " has another value in version " + last.version());
                }
            });
        }
        return lost;
    }

    private static PostgresStore open(TestDatabase database, boolean allowUnsafe) {
        var credentials = database.settings().database();
        return OpenStores.open(PostgresSettings.of(credentials, credentials, WRITERS, allowUnsafe), null);
    }
}
