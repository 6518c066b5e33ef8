package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.Vectorization;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two accounts with the same names for everything never see each other (P8).
abstract class IsolationContract extends StoreTopic {
    private static final Vectorization VECTOR = new Vectorization.Ready(MODEL, List.of(new float[] {1, 0, 0}));

    private Entry secret;

    IsolationContract(StoreUnderTest store) {
        super(store);
    }

    /// Bob has what Alice has not.
    @BeforeEach
    void bobHasAnEntry() {
        memories.createNamespace(bob, NewNamespace.of(NOTES), UNLIMITED);
        memories.createNamespace(bob, NewNamespace.of("private"), UNLIMITED);
        secret = memories.put(bob, NOTES, draft("secret", "bob only", "tag"), VECTOR, UNLIMITED)
                .entry();
        memories.put(bob, "private", draft("secret", "bob only too", "tag"), VECTOR, UNLIMITED);
    }

    @Test
    void reads_findNothingOfTheOther() {
        assertEquals(1, memories.namespaces(alice.account()).size());
        assertEquals(Optional.empty(), memories.namespace(alice.account(), "private"));
        assertEquals(Optional.empty(), memories.get(alice.account(), NOTES, "secret"));
        assertEquals(Optional.empty(), memories.get(alice.account(), "private", "secret"));
        assertEquals(List.of(), listKeys());
        assertEquals(List.of(), listKeys("tag"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.list(alice.account(), "private", List.of(), 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "secret", 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), "private", "secret", 10, null));
        assertEquals(0, entryCount());
        assertEquals(0, accounts.counts(alice.account(), YearMonth.of(2026, 1)).entries());
    }

    @Test
    void writes_changeNothingOfTheOther() {
        put("secret", "alice's own");

        assertFails(
                ErrorCode.NOT_FOUND,
                () -> memories.delete(alice, NOTES, secret.id().toString()));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.delete(alice, "private", "secret"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.deleteNamespace(alice, "private"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.put(alice, "private", draft("secret", "x"), NONE, UNLIMITED));
        memories.deleteNamespace(alice, NOTES);

        assertEquals(Optional.of(secret), memories.get(bob.account(), NOTES, "secret"));
        assertEquals(
                1,
                memories.get(bob.account(), "private", "secret").orElseThrow().version());
    }

    @Test
    void limits_countTheOwnAccountAlone() {
        var one = new TierLimits(2, 1, Quota.UNLIMITED, Quota.UNLIMITED);

        memories.createNamespace(alice, NewNamespace.of("second"), one);
        memories.put(alice, NOTES, draft("first", "v"), NONE, one);

        assertEquals(List.of("first"), listKeys());
    }

    @Test
    void search_findsNothingOfTheOther() {
        put("mine", "alice only");

        for (Set<String> namespaces : List.of(Set.<String>of(), Set.of(NOTES), Set.of("private"))) {
            assertEquals(List.of(), hits(namespaces, "secret", Queries.BY_KEY));
            assertEquals(List.of(), hits(namespaces, "sec", Queries.BY_KEY));
            assertTrue(hits(namespaces, "x", Queries.BY_COSINE).isEmpty());
        }
        assertEquals(
                List.of("mine"),
                hits(Set.of(), "nothing", Queries.BY_COVERAGE).stream()
                        .map(hit -> hit.entry().key())
                        .toList());
    }

    @Test
    void keys_belongToTheirAccount() {
        assertFails(ErrorCode.NOT_FOUND, () -> accounts.revokeKey(alice.account(), bob.key()));
        assertEquals(1, accounts.keys(alice.account()).size());
        assertEquals(1, accounts.keys(bob.account()).size());
    }

    private List<Hit> hits(Set<String> namespaces, String text, Scorer scorer) {
        var query = new CandidateQuery(
                alice.account(),
                namespaces,
                List.of(),
                text,
                List.of("onli", "only", "bob"),
                new float[] {1, 0, 0},
                MODEL,
                true,
                Queries.CANDIDATES,
                100,
                0.001,
                false);
        return memories.search(query, scorer);
    }
}
