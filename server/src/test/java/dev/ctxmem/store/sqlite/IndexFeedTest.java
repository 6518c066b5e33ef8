package dev.ctxmem.store.sqlite;

import static dev.ctxmem.store.sqlite.OpenStores.NOTES;
import static dev.ctxmem.store.sqlite.OpenStores.PRINCIPAL;
import static dev.ctxmem.store.sqlite.OpenStores.put;
import static dev.ctxmem.store.sqlite.OpenStores.search;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.ExactIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P13: the index is disposable; and it never shows less than what was answered before the search (P10, P12).
class IndexFeedTest {
    @TempDir
    Path directory;

    private OpenStores stores;
    private ObservedIndex index;

    @BeforeEach
    void start() {
        stores = new OpenStores(directory);
        index = new ObservedIndex(OpenStores.WORDS);
    }

    @Test
    void aLostIndex_isRebuiltFromTheRecords() {
        try (SqliteStore store = stores.open(index)) {
            IntStream.range(0, 20).forEach(i -> put(store, "k" + i, "zebra"));
            store.delete(PRINCIPAL, NOTES, "k0");
        }

        try (SqliteStore store = stores.open(new ObservedIndex(OpenStores.WORDS))) {
            assertEquals(19, search(store, "zebra").size());
        }
    }

    @Test
    void aDurableIndex_isToldOnlyWhatIsNew() {
        try (SqliteStore store = stores.open(index)) {
            IntStream.range(0, 20).forEach(i -> put(store, "k" + i, "zebra"));
        }
        index.changes.set(0);

        try (SqliteStore store = stores.open(index)) {
            assertEquals(20, search(store, "zebra").size());
            put(store, "k0", "giraffe");
            assertEquals(List.of("k0"), search(store, "giraff"));
        }

        assertEquals(1, index.changes.get());
        assertEquals(0, index.clears.get());
    }

    @Test
    void anIndexThatLagsBehind_catchesUp_withDeletesAndRemovedNamespaces() {
        var behind = new ExactIndex(OpenStores.WORDS);
        try (SqliteStore store = stores.open(behind)) {
            store.createNamespace(PRINCIPAL, NewNamespace.of("other"), OpenStores.UNLIMITED);
            put(store, "stays", "zebra");
            put(store, "goes", "zebra");
            store.put(
                    PRINCIPAL,
                    "other",
                    EntryDraft.of("too", Json.string("zebra")),
                    new Vectorization.None(),
                    OpenStores.UNLIMITED);
        }
        // Another index sees the changes, so that the first one has missed them.
        try (SqliteStore store = stores.open(index)) {
            store.delete(PRINCIPAL, NOTES, "goes");
            store.deleteNamespace(PRINCIPAL, "other");
            put(store, "comes", "zebra");
        }

        try (SqliteStore store = stores.open(behind)) {
            assertEquals(List.of("comes", "stays"), search(store, "zebra"));
        }
        assertEquals(2, behind.size(OpenStores.ACCOUNT));
    }

    /// P10: a hit is looked up in the records, whatever the index says.
    @Test
    void anIndexThatLies_isNotBelieved() {
        try (SqliteStore store = stores.open(index)) {
            put(store, "right", "zebra");
            put(store, "deleted", "zebra");
            store.delete(PRINCIPAL, NOTES, "deleted");
            OpenStores.putFor(store, "expired", 1);
            stores.clock.advance(Duration.ofSeconds(2));
            OpenStores.putOfAnother(store, "foreign", "zebra");
            Records.query(directory, "select row_id from entries").forEach(row -> index.lies.add(Long.valueOf(row)));

            assertEquals(List.of("right"), search(store, "zebra"));
        }
    }

    @Test
    void anIndexThatIsAhead_isRebuilt() {
        try (SqliteStore store = stores.open(index)) {
            put(store, "k", "zebra");
        }
        index.apply(List.of(), 1_000_000);
        index.commit();

        try (SqliteStore store = stores.open(index)) {
            assertEquals(List.of("k"), search(store, "zebra"));
        }
        assertEquals(1, index.clears.get());
    }

    @Test
    void anIndexThatFails_isClearedAndRebuilt() {
        try (SqliteStore store = stores.open(index)) {
            put(store, "before", "zebra");
            search(store, "zebra");
            index.failuresOfApply.set(1);

            put(store, "after", "zebra");

            assertEquals(List.of("after", "before"), search(store, "zebra"));
            assertEquals(1, index.clears.get());
            assertEquals(1, stores.alarms.indexFailures().size());
        }
    }

    @Test
    void anIndexThatFailsAtAQuestion_answersUnavailableOnce_andIsRebuilt() {
        try (SqliteStore store = stores.open(index)) {
            put(store, "k", "zebra");
            index.failuresOfCandidates.set(1);

            var failure = assertThrows(MemoryException.class, () -> search(store, "zebra"));

            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            await(() -> index.clears.get() == 1);
            assertEquals(List.of("k"), search(store, "zebra"));
        }
    }

    @Test
    void whileTheIndexIsRebuilt_readsAndWritesGoOn_andSearchesWait() {
        stores.settings = settings(10, Duration.ofSeconds(30));
        try (SqliteStore store = stores.open(index)) {
            IntStream.range(0, 60).forEach(i -> put(store, "k" + i, "zebra"));
        }
        var lost = new ObservedIndex(OpenStores.WORDS);
        lost.gate = new CountDownLatch(1);

        try (SqliteStore store = stores.open(lost)) {
            var waiting = CompletableFuture.supplyAsync(() -> search(store, "zebra"));
            // Many more than the index may be behind when it is not being rebuilt.
            IntStream.range(0, 30).forEach(i -> put(store, "new" + i, "zebra"));
            assertTrue(store.get(OpenStores.ACCOUNT, NOTES, "new29").isPresent());
            assertFalse(waiting.isDone());
            lost.gate.countDown();

            assertTrue(waiting.join().size() >= 60);
            assertEquals(90, search(store, "zebra").size());
        }
    }

    @Test
    void aSearch_thatWaitsTooLong_isUnavailable() {
        stores.settings = settings(10, Duration.ofMillis(50));
        try (SqliteStore store = stores.open(index)) {
            index.gate = new CountDownLatch(1);
            put(store, "k", "zebra");

            var failure = assertThrows(MemoryException.class, () -> search(store, "zebra"));

            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            assertTrue(failure.retryAfter().isPresent());
            index.gate.countDown();
        }
    }

    @Test
    void aSlowIndex_holdsWritersBack() {
        stores.settings = settings(5, Duration.ofSeconds(30));
        try (SqliteStore store = stores.open(index)) {
            search(store, "zebra");
            index.gate = new CountDownLatch(1);
            long before = store.metrics().writes();

            var writes =
                    CompletableFuture.runAsync(() -> IntStream.range(0, 40).forEach(i -> put(store, "k" + i, "zebra")));

            // Five changes may be ahead of the index, and the write that finds them so.
            await(() -> store.metrics().writes() - before == 6);
            assertFalse(writes.isDone());
            index.gate.countDown();
            writes.join();
            assertEquals(40, search(store, "zebra").size());
        }
    }

    @Test
    void aLongRebuild_inManyChunks_missesNothing_whileEntriesChange() {
        stores.settings = settings(5, Duration.ofSeconds(30));
        try (SqliteStore store = stores.open()) {
            IntStream.range(0, 200).forEach(i -> put(store, "k" + i, "zebra"));
        }
        try (SqliteStore store = stores.open(index)) {
            IntStream.range(0, 100).forEach(i -> put(store, "k" + i, "giraffe"));

            assertEquals(100, search(store, "zebra").size());
            assertEquals(100, search(store, "giraff").size());
        }
    }

    @Test
    void close_makesTheIndexDurable() {
        try (SqliteStore store = stores.open(index)) {
            put(store, "k", "zebra");
        }

        assertEquals(
                List.of(Long.toString(index.durableSequence())),
                Records.query(directory, "select value from sequence"));
    }

    @Test
    void removedNamespaces_areForgottenOnceTheIndexKnows() {
        try (SqliteStore store = stores.open(index)) {
            store.createNamespace(PRINCIPAL, NewNamespace.of("first"), OpenStores.UNLIMITED);
            store.deleteNamespace(PRINCIPAL, "first");
        }
        try (SqliteStore store = stores.open(index)) {
            store.createNamespace(PRINCIPAL, NewNamespace.of("second"), OpenStores.UNLIMITED);
            store.deleteNamespace(PRINCIPAL, "second");
        }

        assertEquals(List.of("1"), Records.query(directory, "select count(*) from removed_namespaces"));
    }

    private static SqliteSettings settings(int indexLagMax, Duration searchWaitMax) {
        SqliteSettings usual = SqliteSettings.DEFAULT;
        return new SqliteSettings(
                usual.writeQueue(),
                1,
                usual.pointReaders(),
                usual.readers(),
                usual.readQueue(),
                indexLagMax,
                usual.indexCommitInterval(),
                searchWaitMax,
                usual.writerCacheKib(),
                usual.readerCacheKib(),
                usual.walPages());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
