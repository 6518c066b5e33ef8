package dev.ctxmem.store.sqlite;

import static dev.ctxmem.store.sqlite.OpenStores.ACCOUNT;
import static dev.ctxmem.store.sqlite.OpenStores.NOTES;
import static dev.ctxmem.store.sqlite.OpenStores.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.ExactIndex;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The group commit: who shares one, what a failure does to the others, and when it is over.
class WriterTest {
    @TempDir
    Path directory;

    private OpenStores stores;

    @BeforeEach
    void start() {
        stores = new OpenStores(directory);
    }

    /// Ids that hold the writer up while a latch is there, and fail on demand: the first thing a put asks for
    /// after it has changed something.
    private static final class HeldIds implements Supplier<UUID> {
        private final UuidV7 ids = new UuidV7(InstantSource.system(), RandomGenerator.getDefault());
        private final CountDownLatch reached = new CountDownLatch(1);
        private volatile @Nullable CountDownLatch latch;
        private volatile boolean broken;

        @Override
        public UUID get() {
            CountDownLatch held = latch;
            if (held != null) {
                reached.countDown();
                awaitLatch(held);
            }
            if (broken) {
                throw new IllegalStateException("no ids left");
            }
            return ids.get();
        }
    }

    @Test
    void writesThatWaitTogether_shareACommit() {
        var ids = new HeldIds();
        stores.ids = ids;
        try (SqliteStore store = stores.open();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var latch = new CountDownLatch(1);
            ids.latch = latch;
            var writes = new ArrayList<CompletableFuture<?>>();
            writes.add(CompletableFuture.runAsync(() -> put(store, "first", "v"), executor));
            awaitLatch(ids.reached);
            for (int i = 0; i < 100; i++) {
                String key = "k" + i;
                writes.add(CompletableFuture.runAsync(() -> put(store, key, "v"), executor));
            }
            await(() -> store.metrics().writesWaiting() == 100);
            long groups = store.metrics().groups();
            ids.latch = null;
            latch.countDown();
            writes.forEach(CompletableFuture::join);

            assertEquals(2, store.metrics().groups() - groups);
        }
    }

    @Test
    void aFullQueue_refuses_andLosesNothing() {
        var ids = new HeldIds();
        stores.ids = ids;
        stores.settings = smallQueue();
        try (SqliteStore store = stores.open();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var latch = new CountDownLatch(1);
            ids.latch = latch;
            var taken = new ArrayList<CompletableFuture<?>>();
            taken.add(CompletableFuture.runAsync(() -> put(store, "first", "v"), executor));
            awaitLatch(ids.reached);
            for (int i = 0; i < 4; i++) {
                String key = "k" + i;
                taken.add(CompletableFuture.runAsync(() -> put(store, key, "v"), executor));
            }
            await(() -> store.metrics().writesWaiting() == 4);

            var failure = assertThrows(MemoryException.class, () -> put(store, "one too many", "v"));

            assertEquals(ErrorCode.OVERLOADED, failure.code());
            assertEquals(1, failure.retryAfter().orElseThrow().toSeconds());
            ids.latch = null;
            latch.countDown();
            taken.forEach(CompletableFuture::join);
            assertEquals(5, OpenStores.list(store).size());
        }
    }

    @Test
    void aWriteThatFailsHalfway_isUndone_andItsNeighboursAreNot() {
        try (Session session = openSession();
                Feed feed = new Feed();
                Writer writer = feed.writer(session);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var reached = new CountDownLatch(1);
            var latch = new CountDownLatch(1);
            var first = CompletableFuture.runAsync(
                    () -> writer.run(transaction -> {
                        reached.countDown();
                        awaitLatch(latch);
                    }),
                    executor);
            awaitLatch(reached);
            var writes = new ArrayList<CompletableFuture<Void>>();
            for (int i = 0; i < 10; i++) {
                int number = i;
                writes.add(CompletableFuture.runAsync(
                        () -> writer.run(transaction -> {
                            AccountRows.putSetting(transaction, "n" + number, "v");
                            if (number == 5) {
                                throw new IllegalStateException("halfway");
                            }
                        }),
                        executor));
                await(() -> writer.queueLength() == number + 1);
            }
            latch.countDown();
            first.join();

            for (int i = 0; i < 10; i++) {
                CompletableFuture<Void> write = writes.get(i);
                if (i == 5) {
                    var failure = assertThrows(CompletionException.class, write::join);
                    assertEquals("halfway", failure.getCause().getMessage());
                } else {
                    write.join();
                }
            }
            assertEquals(9, session.number("select count(*) from settings"));
        }
    }

    @Test
    void aFullDisk_refusesWhatDoesNotFit_andGoesOn() {
        try (Session session = openSession();
                Feed feed = new Feed();
                Writer writer = feed.writer(session)) {
            writer.run(transaction -> AccountRows.putSetting(transaction, "before", "v"));
            session.list("pragma max_page_count = 80", Row::number);

            var failure = assertThrows(
                    MemoryException.class,
                    () -> writer.run(transaction -> AccountRows.putSetting(transaction, "large", "x".repeat(1 << 20))));

            assertEquals(ErrorCode.STORAGE_FULL, failure.code());
            assertTrue(writer.isHealthy());
            assertEquals(List.of(), stores.alarms.stops());
            writer.run(transaction -> AccountRows.putSetting(transaction, "small", "v"));
            assertEquals(2, session.number("select count(*) from settings"));
        }
    }

    @Test
    void anInputOutputError_endsAllWriting_andTellsTheOwner() {
        var broken = Failures.of(new SQLiteException("fsync failed", SQLiteErrorCode.SQLITE_IOERR_FSYNC));
        try (Session session = openSession();
                Feed feed = new Feed();
                Writer writer = feed.writer(session)) {
            writer.run(transaction -> AccountRows.putSetting(transaction, "before", "v"));

            var failure = assertThrows(
                    MemoryException.class,
                    () -> writer.run(transaction -> {
                        AccountRows.putSetting(transaction, "lost", "v");
                        throw broken;
                    }));

            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            await(() -> !stores.alarms.stops().isEmpty());
            assertSame(broken, stores.alarms.stops().getFirst());
            assertEquals(1, stores.alarms.stops().size());
            assertEquals(
                    ErrorCode.UNAVAILABLE,
                    assertThrows(
                                    MemoryException.class,
                                    () -> writer.run(transaction -> AccountRows.putSetting(transaction, "more", "v")))
                            .code());
            assertEquals(1, session.number("select count(*) from settings"));
        }
    }

    @Test
    void aStoreThatCannotWrite_stillReads_andSaysSo() {
        var ids = new HeldIds();
        stores.ids = ids;
        SqliteStore store = stores.open();
        put(store, "k", "v");
        ids.broken = true;
        assertThrows(IllegalStateException.class, () -> put(store, "other", "v"));
        ids.broken = false;
        put(store, "other", "v");

        assertTrue(store.get(ACCOUNT, NOTES, "other").isPresent());
        store.ping();
        store.close();
        Records.verify(directory);
    }

    private Session openSession() {
        directory.toFile().mkdirs();
        return new Database(directory.resolve("ctx.db"), SqliteSettings.DEFAULT).openWriter();
    }

    private static SqliteSettings smallQueue() {
        SqliteSettings usual = SqliteSettings.DEFAULT;
        return new SqliteSettings(
                4,
                1,
                usual.pointReaders(),
                usual.readers(),
                usual.readQueue(),
                usual.indexLagMax(),
                usual.indexCommitInterval(),
                usual.searchWaitMax(),
                usual.writerCacheKib(),
                usual.readerCacheKib(),
                usual.walPages());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /// What a writer needs around it.
    private final class Feed implements AutoCloseable {
        private final IndexReader reader = new IndexReader(
                new Database(directory.resolve("ctx.db"), SqliteSettings.DEFAULT).openReader(),
                new DamageReports(stores.alarms));
        private final IndexFeed feed =
                new IndexFeed(new ExactIndex(OpenStores.WORDS), reader, stores.alarms, SqliteSettings.DEFAULT, 0);

        Writer writer(Session session) {
            return new Writer(session, stores.clock, feed, stores.alarms, SqliteSettings.DEFAULT);
        }

        @Override
        public void close() {
            feed.close();
            reader.close();
        }
    }
}
