package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The versions of an entry.
abstract class HistoryContract extends StoreTopic {
    HistoryContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void history_tellsEachVersionWhole_newestFirst() {
        save(new EntryDraft(
                "k", Json.parse("[1]"), List.of("one"), Json.parse("{\"a\":1}"), 0.25, TimeToLive.seconds(60)));
        clock.advance(Duration.ofSeconds(1));
        Principal other = TestPrincipals.of(alice.account(), UUID.randomUUID(), "req_other");
        memories.put(other, NOTES, draft("k", "two"), NONE, UNLIMITED);

        List<EntryVersion> history =
                memories.history(alice.account(), NOTES, "k", 10, null).items();

        assertEquals(
                List.of(
                        new EntryVersion(
                                2,
                                Json.string("two"),
                                List.of(),
                                Json.EMPTY_OBJECT,
                                EntryDraft.IMPORTANCE_DEFAULT,
                                60L,
                                START.plusSeconds(1),
                                false,
                                other.key(),
                                "req_other"),
                        new EntryVersion(
                                1,
                                Json.parse("[1]"),
                                List.of("one"),
                                Json.parse("{\"a\":1}"),
                                0.25,
                                60L,
                                START,
                                false,
                                alice.key(),
                                "req_test")),
                history);
    }

    @Test
    void history_hasTheDeletions() {
        put("k", "one");
        clock.advance(Duration.ofSeconds(1));
        Principal deleter = TestPrincipals.of(alice.account(), UUID.randomUUID(), "req_delete");
        memories.delete(deleter, NOTES, "k");
        put("k", "three");

        List<EntryVersion> history =
                memories.history(alice.account(), NOTES, "k", 10, null).items();

        assertEquals(
                List.of(3L, 2L, 1L), history.stream().map(EntryVersion::version).toList());
        EntryVersion deletion = history.get(1);
        assertTrue(deletion.deleted());
        assertTrue(deletion.value().isNull());
        assertEquals(List.of(), deletion.tags());
        assertEquals(START.plusSeconds(1), deletion.changedAt());
        assertEquals(deleter.key(), deletion.keyId());
        assertEquals("req_delete", deletion.requestId());
        assertFalse(history.get(0).deleted());
    }

    @Test
    void history_comesInPages() {
        LongStream.rangeClosed(1, 7).forEach(i -> put("k", "v" + i));
        put("other", "v");

        for (int limit : List.of(1, 2, 6, 7, 100)) {
            List<EntryVersion> history = all(after -> memories.history(alice.account(), NOTES, "k", limit, after));
            assertEquals(
                    List.of("v7", "v6", "v5", "v4", "v3", "v2", "v1"),
                    history.stream().map(version -> version.value().asString()).toList());
        }
    }

    @Test
    void history_refusesWhatIsNotThere() {
        put("gone", "v");
        memories.delete(alice, NOTES, "gone");

        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "nothing", 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), "nothing", "k", 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "gone", 10, null));
    }
}
