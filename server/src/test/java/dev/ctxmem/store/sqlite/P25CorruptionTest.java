package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.CannotOpenStoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// P25: a changed byte is never returned as data, and takes down nothing but its entry.
class P25CorruptionTest {
    private static final int VALUES = Integer.getInteger("ctx.corruption.values", 200);
    private static final long SEED = 20_260_103;

    @TempDir
    Path directory;

    /// One bit of each value is flipped in the file, behind SQLite's back.
    @Test
    void aFlippedBitInAValue_isReported_forThatEntryAlone() throws IOException {
        var random = new SplittableRandom(SEED);
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            IntStream.range(0, VALUES).forEach(i -> OpenStores.put(store, "bad-" + i, marker(i)));
            OpenStores.put(store, "good", "untouched zebra");
        }
        flipABitOfEach(random);

        try (SqliteStore store = stores.open()) {
            for (int i = 0; i < VALUES; i++) {
                String key = "bad-" + i;
                var failure = assertThrows(
                        MemoryException.class,
                        () -> store.get(OpenStores.ACCOUNT, OpenStores.NOTES, key),
                        "seed " + SEED + ", " + key);
                assertEquals(ErrorCode.INTEGRITY_ERROR, failure.code());
            }
            assertEquals(VALUES, Set.copyOf(stores.alarms.damaged()).size());
            assertTrue(store.metrics().damagedReads() >= VALUES);
            assertTrue(store.get(OpenStores.ACCOUNT, OpenStores.NOTES, "good").isPresent());
            assertEquals(List.of("good"), all(store));
            assertEquals(List.of("good"), OpenStores.search(store, "zebra"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update versions set value = '\"evil\"' where value = '\"zebra b\"'",
                "update versions set value = '' where value = '\"zebra b\"'",
                "update versions set tags = '[\"evil\"]' where value = '\"zebra b\"'",
                "update versions set metadata = '{\"evil\":1}' where value = '\"zebra b\"'",
                "update versions set importance = 0.75 where value = '\"zebra b\"'",
                "update versions set ttl_seconds = 5 where value = '\"zebra b\"'",
                "update versions set changed_at = changed_at + 1 where value = '\"zebra b\"'",
                "update entries set version = 7 where key = 'b'",
                "update entries set id = zeroblob(16) where key = 'b'",
                "update entries set id = x'00' where key = 'b'",
                "update entries set created_at = 0 where key = 'b'",
                "update entries set expires_at = 9999999999999 where key = 'b'",
                "update entries set embedding = 9 where key = 'b'",
                "update entries set checksum = 0 where key = 'b'",
                "update entries set content = (select content from entries where key = 'a') where key = 'b'"
            })
    void aChangedColumn_isReported_forThatEntryAlone(String change) {
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            OpenStores.put(store, "a", "zebra a", "tag");
            OpenStores.put(store, "b", "zebra b", "tag");
            OpenStores.put(store, "c", "zebra c", "tag");
        }
        Records.update(directory, change);

        try (SqliteStore store = stores.open()) {
            var failure =
                    assertThrows(MemoryException.class, () -> store.get(OpenStores.ACCOUNT, OpenStores.NOTES, "b"));
            assertEquals(ErrorCode.INTEGRITY_ERROR, failure.code());
            assertFalse(stores.alarms.damaged().isEmpty());
            assertEquals(List.of("c", "a"), OpenStores.list(store));
            assertEquals(List.of("c", "a"), OpenStores.list(store, "tag"));
            assertEquals(List.of("a", "c"), OpenStores.search(store, "zebra"));
            assertEquals(
                    "zebra a",
                    store.get(OpenStores.ACCOUNT, OpenStores.NOTES, "a")
                            .orElseThrow()
                            .value()
                            .asString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update versions set value = '\"evil\"' where version = 2",
                "update versions set version = 7 where version = 2",
                "update versions set revision = 7 where version = 2",
                "update versions set deleted = 1 where version = 2",
                "update versions set key_id = zeroblob(16) where version = 2",
                "update versions set request_id = 'req_evil' where version = 2",
                "update versions set tags = '[\"evil\"]' where version = 2",
                "update versions set metadata = '{\"evil\":1}' where version = 2",
                "update versions set importance = 0.75 where version = 2",
                "update versions set ttl_seconds = 5 where version = 2",
                "update versions set expires_at = 5 where version = 2",
                "update versions set changed_at = 5 where version = 2",
                "update versions set checksum = 5 where version = 2"
            })
    void aDamagedOldVersion_isLeftOutOfTheHistory(String change) {
        var stores = new OpenStores(directory);
        UUID id;
        try (SqliteStore store = stores.open()) {
            OpenStores.put(store, "k", "one");
            OpenStores.put(store, "k", "two");
            id = OpenStores.put(store, "k", "three").id();
        }
        Records.update(directory, change);

        try (SqliteStore store = stores.open()) {
            assertEquals(
                    List.of("three", "one"),
                    store.history(OpenStores.ACCOUNT, OpenStores.NOTES, "k", 10, null).items().stream()
                            .map(version -> version.value().asString())
                            .toList());
            assertEquals(List.of(id), stores.alarms.damaged());
            assertTrue(store.get(OpenStores.ACCOUNT, OpenStores.NOTES, "k").isPresent());
        }
    }

    @Test
    void aDamagedEntry_isHealedByWritingItAgain() {
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            OpenStores.put(store, "k", "one", "tag");
        }
        Records.update(directory, "update versions set tags = 'not even JSON', value = 'nor this'");

        try (SqliteStore store = stores.open()) {
            Entry again = OpenStores.put(store, "k", "two", "tag");

            assertEquals(2, again.version());
            assertEquals(List.of("k"), OpenStores.list(store, "tag"));
        }
    }

    @Test
    void aDamagedPendingEntry_leavesTheQueue_andDoesNotHideTheRest() {
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            for (String key : List.of("bad", "good")) {
                store.put(
                        OpenStores.PRINCIPAL,
                        OpenStores.NOTES,
                        EntryDraft.of(key, Json.string(key)),
                        new Vectorization.Pending(),
                        OpenStores.UNLIMITED);
            }
        }
        Records.update(directory, "update versions set value = '\"evil\"' where value = '\"bad\"'");

        try (SqliteStore store = stores.open()) {
            assertEquals(List.of(), store.pending(1));
            assertEquals("good", store.pending(1).getFirst().entry().key());
            assertEquals(1, store.embeddingBacklog().failed());
        }
    }

    /// Bits anywhere in the file: whatever SQLite makes of them, no altered value comes back.
    @Test
    void flippedBitsAnywhere_neverComeBackAsData() throws IOException {
        var random = new SplittableRandom(SEED);
        var stores = new OpenStores(directory);
        try (SqliteStore store = stores.open()) {
            IntStream.range(0, 50).forEach(i -> OpenStores.put(store, "k" + i, marker(i)));
        }
        Path file = directory.resolve("ctx.db");
        byte[] sound = Files.readAllBytes(file);
        for (int round = 0; round < 100; round++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            readWhatCanBeRead(stores);
        }
    }

    private static void readWhatCanBeRead(OpenStores stores) {
        try (SqliteStore store = stores.open()) {
            for (int i = 0; i < 50; i++) {
                try {
                    String value = store.get(OpenStores.ACCOUNT, OpenStores.NOTES, "k" + i)
                            .map(entry -> entry.value().asString())
                            .orElse(marker(i));
                    assertEquals(marker(i), value);
                } catch (MemoryException e) {
                    assertEquals(ErrorCode.INTEGRITY_ERROR, e.code());
                }
            }
        } catch (CannotOpenStoreException | MemoryException e) {
            // Refused with a message: the structure itself is broken.
        }
    }

    private static String marker(int number) {
        return "value number " + number + " is " + Long.toHexString(number * 0x9E3779B97F4A7C15L) + " and more text";
    }

    private void flipABitOfEach(SplittableRandom random) throws IOException {
        Path file = directory.resolve("ctx.db");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < VALUES; i++) {
            byte[] marker = marker(i).getBytes(StandardCharsets.US_ASCII);
            int at = indexOf(bytes, marker);
            assertTrue(at > 0, "value " + i + " is in the file");
            bytes[at + random.nextInt(marker.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            int length = 0;
            while (length < part.length && bytes[i + length] == part[length]) {
                length++;
            }
            if (length == part.length) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> all(SqliteStore store) {
        var keys = new ArrayList<String>();
        var page = store.list(OpenStores.ACCOUNT, OpenStores.NOTES, List.of(), 100, null);
        page.items().forEach(entry -> keys.add(entry.key()));
        while (page.next() != null) {
            page = store.list(OpenStores.ACCOUNT, OpenStores.NOTES, List.of(), 100, page.next());
            page.items().forEach(entry -> keys.add(entry.key()));
        }
        return keys;
    }
}
