package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.TestPrincipals;
import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Shelves of entries.
abstract class NamespaceContract extends StoreTopic {
    NamespaceContract(StoreUnderTest store) {
        super(store);
    }

    @Test
    void createNamespace_returnsWhatIsReadAfterwards() {
        Namespace made = memories.createNamespace(
                alice, new NewNamespace("plans", "The plans", "What we are up to\nand why"), UNLIMITED);

        assertEquals("plans", made.slug());
        assertEquals("The plans", made.name());
        assertEquals("What we are up to\nand why", made.description());
        assertEquals(0, made.entryCount());
        assertEquals(START, made.createdAt());
        assertEquals(START, made.updatedAt());
        assertEquals(Optional.of(made), memories.namespace(alice.account(), "plans"));
    }

    @Test
    void createNamespace_keepsAMissingDescriptionMissing() {
        memories.createNamespace(alice, NewNamespace.of("plans"), UNLIMITED);

        assertEquals(
                null, memories.namespace(alice.account(), "plans").orElseThrow().description());
    }

    @Test
    void createNamespace_refusesASlugThatIsTaken() {
        assertFails(ErrorCode.ALREADY_EXISTS, () -> memories.createNamespace(alice, NewNamespace.of(NOTES), UNLIMITED));
    }

    @Test
    void createNamespace_letsTwoAccountsUseOneSlug() {
        Namespace bobs = memories.createNamespace(bob, NewNamespace.of(NOTES), UNLIMITED);

        assertNotEquals(memories.namespace(alice.account(), NOTES).orElseThrow().id(), bobs.id());
    }

    @Test
    void createNamespace_refusesAnAccountThatDoesNotExist() {
        var nobody = TestPrincipals.of(UUID.randomUUID(), UUID.randomUUID(), "req_test");

        assertFails(ErrorCode.NOT_FOUND, () -> memories.createNamespace(nobody, NewNamespace.of("plans"), UNLIMITED));
    }

    @Test
    void createNamespace_stopsAtTheLimit_andSaysWhereTheAccountStands() {
        var two = new TierLimits(2, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
        memories.createNamespace(alice, NewNamespace.of("second"), two);

        var failure = assertThrows(
                MemoryException.class, () -> memories.createNamespace(alice, NewNamespace.of("third"), two));

        assertEquals(ErrorCode.TIER_LIMIT_REACHED, failure.code());
        assertEquals(Optional.of(new Quota(2, 2)), failure.quota());
        assertEquals(Optional.empty(), memories.namespace(alice.account(), "third"));
    }

    @Test
    void createNamespace_hasRoomAgainAfterADelete() {
        var one = new TierLimits(1, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
        memories.deleteNamespace(alice, NOTES);

        memories.createNamespace(alice, NewNamespace.of("plans"), one);

        assertEquals(
                List.of("plans"),
                memories.namespaces(alice.account()).stream()
                        .map(Namespace::slug)
                        .toList());
    }

    @Test
    void createNamespace_neverPassesTheLimit_whenManyCallAtOnce() {
        var five = new TierLimits(5, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);

        var outcomes = together(20, i -> memories.createNamespace(alice, NewNamespace.of("n" + i), five));

        assertEquals(4, count(outcomes, null));
        assertEquals(16, count(outcomes, ErrorCode.TIER_LIMIT_REACHED));
        assertEquals(5, memories.namespaces(alice.account()).size());
    }

    @Test
    void createNamespace_makesOneOfASlug_whenManyCallAtOnce() {
        var outcomes = together(20, i -> memories.createNamespace(alice, NewNamespace.of("one"), UNLIMITED));

        assertEquals(1, count(outcomes, null));
        assertEquals(19, count(outcomes, ErrorCode.ALREADY_EXISTS));
    }

    @Test
    void namespaces_areSortedBySlugBytewise() {
        for (String slug : List.of("b", "a-b", "a1", "a", "10", "9")) {
            memories.createNamespace(alice, NewNamespace.of(slug), UNLIMITED);
        }

        assertEquals(
                List.of("10", "9", "a", "a-b", "a1", "b", NOTES),
                memories.namespaces(alice.account()).stream()
                        .map(Namespace::slug)
                        .toList());
    }

    @Test
    void namespace_isEmptyForAnUnknownSlug() {
        assertEquals(Optional.empty(), memories.namespace(alice.account(), "nothing"));
    }

    @Test
    void entryCount_countsLiveEntries() {
        put("a", "one");
        put("a", "one again");
        put("b", "two");
        put("c", "three");
        memories.delete(alice, NOTES, "b");
        save(draft("d", "four", TimeToLive.seconds(10)));
        assertEquals(3, entryCount());

        clock.advance(Duration.ofSeconds(10));

        assertEquals(2, entryCount());
        assertEquals(2, memories.namespaces(alice.account()).getFirst().entryCount());
        memories.purgeExpired(10);
        assertEquals(2, entryCount());
    }

    @Test
    void deleteNamespace_erasesItWithItsEntries() {
        put("a", "one", "tag");
        memories.put(alice, NOTES, draft("b", "two"), PENDING, UNLIMITED);
        memories.createNamespace(alice, NewNamespace.of("other"), UNLIMITED);
        memories.put(alice, "other", draft("a", "elsewhere"), NONE, UNLIMITED);

        memories.deleteNamespace(alice, NOTES);

        assertEquals(Optional.empty(), memories.namespace(alice.account(), NOTES));
        assertEquals(Optional.empty(), memories.get(alice.account(), NOTES, "a"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.list(alice.account(), NOTES, List.of(), 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "a", 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, NOTES, "a"));
        assertTrue(memories.pending(10).isEmpty());
        assertTrue(memories.get(alice.account(), "other", "a").isPresent());
        assertEquals(1, accounts.counts(alice.account(), YearMonth.of(2026, 1)).entries());
    }

    @Test
    void deleteNamespace_leavesNothingToANewOneOfTheSameSlug() {
        put("a", "one", "tag");
        UUID before = memories.namespace(alice.account(), NOTES).orElseThrow().id();
        memories.deleteNamespace(alice, NOTES);

        Namespace after = memories.createNamespace(alice, NewNamespace.of(NOTES), UNLIMITED);

        assertNotEquals(before, after.id());
        assertTrue(listKeys().isEmpty());
        assertTrue(listKeys("tag").isEmpty());
        assertFalse(memories.get(alice.account(), NOTES, "a").isPresent());
        assertEquals(1, put("a", "anew").version());
    }

    @Test
    void deleteNamespace_refusesAnUnknownSlug() {
        assertFails(ErrorCode.NOT_FOUND, () -> memories.deleteNamespace(alice, "nothing"));
    }
}
