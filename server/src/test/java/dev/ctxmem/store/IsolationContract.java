package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.AccountStore.Counts;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.BillingStore.Customer;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.Vectorization;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
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
        assertEquals(Optional.empty(), memories.get(alice.account(), "private", "secret"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.list(alice.account(), "private", List.of(), 10, null));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), "private", "secret", 10, null));
        assertEquals(Optional.empty(), memories.namespace(alice.account(), "private"));
        assertEquals(1, memories.namespaces(alice.account()).size());
        assertEquals(Optional.empty(), memories.get(alice.account(), NOTES, "secret"));
        assertEquals(List.of(), listKeys());
        assertEquals(List.of(), listKeys("tag"));
        assertFails(ErrorCode.NOT_FOUND, () -> memories.history(alice.account(), NOTES, "secret", 10, null));
        assertEquals(0, entryCount());
    }

    @Test
    void histories_holdNothingOfTheOther() {
        memories.put(bob, NOTES, draft("secret", "bob's second"), VECTOR, UNLIMITED);
        put("secret", "alice's first");
        put("secret", "alice's second");

        assertEquals(
                List.of("alice's second", "alice's first"),
                memories.history(alice.account(), NOTES, "secret", 10, null).items().stream()
                        .map(version -> version.value().asString())
                        .toList());
        assertEquals(List.of("secret"), listKeys());
    }

    @Test
    void counts_areOfTheOwnAccountAlone() {
        var month = YearMonth.of(2026, 1);
        memories.put(bob, NOTES, draft("brief", "v", TimeToLive.seconds(1)), NONE, UNLIMITED);
        accounts.recordUse(Map.of(), Map.of(bob.account(), 7L), month);
        put("mine", "v");
        clock.advance(Duration.ofSeconds(2));

        assertEquals(new Counts(1, 1, 0), accounts.counts(alice.account(), month));
        assertEquals(new Counts(2, 2, 7), accounts.counts(bob.account(), month));
        assertEquals(1, entryCount());
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

    /// The revisions of both accounts are the same numbers.
    @Test
    void whatIsErased_isTheOwn() {
        for (int i = 0; i < 5; i++) {
            memories.put(bob, NOTES, draft("more-" + i, "v"), NONE, UNLIMITED);
        }
        save(draft("brief", "alice's", TimeToLive.seconds(1)));
        save(draft("purged", "alice's", TimeToLive.seconds(1)));
        clock.advance(Duration.ofSeconds(2));
        put("brief", "takes the place of what has expired");

        assertEquals(1, memories.purgeExpired(10));

        assertEquals(Optional.of(secret), memories.get(bob.account(), NOTES, "secret"));
        assertEquals(7, bobsCounts().entries());
        assertEquals(List.of("brief"), listKeys());
    }

    @Test
    void aDeletedNamespace_takesNothingOfTheOther() {
        put("k", "v");

        memories.deleteNamespace(alice, NOTES);

        assertEquals(2, memories.namespaces(bob.account()).size());
        assertEquals(Optional.of(secret), memories.get(bob.account(), NOTES, "secret"));
        assertEquals(2, bobsCounts().entries());
    }

    @Test
    void limits_countTheOwnAccountAlone() {
        var one = new TierLimits(2, 1, Quota.UNLIMITED, Quota.UNLIMITED);
        memories.put(bob, NOTES, draft("brief", "v", TimeToLive.seconds(1)), NONE, UNLIMITED);
        clock.advance(Duration.ofSeconds(2));

        memories.createNamespace(alice, NewNamespace.of("second"), one);
        assertDoesNotThrow(() -> memories.put(alice, NOTES, draft("first", "v"), NONE, one));

        assertEquals(List.of("first"), listKeys());
        // What has expired of the other gives no room here.
        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> memories.put(alice, NOTES, draft("second", "v"), NONE, one));
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
    void search_isNotPushedAsideByTheOther() {
        put("worded", "alice only");
        put("begin", "alice");
        memories.put(
                alice,
                NOTES,
                draft("near", "alice"),
                new Vectorization.Ready(MODEL, List.of(new float[] {0.9f, 0.1f, 0})),
                UNLIMITED);
        Principal[] crowd = {bob, newAccount("carol@example.com")};
        memories.createNamespace(crowd[1], NewNamespace.of(NOTES), UNLIMITED);
        for (int i = 0; i <= Queries.CANDIDATES; i++) {
            memories.put(crowd[i % 2], NOTES, draft("beg" + i, "bob only"), VECTOR, UNLIMITED);
        }

        assertEquals("near", best("x", Queries.BY_COSINE));
        assertEquals("worded", best("x", Queries.BY_COVERAGE));
        assertEquals("begin", best("beg", Queries.BY_KEY));
    }

    @Test
    void customers_belongToTheirAccount() {
        Customer seen = billing.linkCustomer(bob.account(), "cus_bob");
        assertEquals(Optional.empty(), billing.customer(alice.account()));
        Customer own = billing.linkCustomer(alice.account(), "cus_alice");

        billing.applyEvent(
                new BillingStore.Event("evt_1", "customer.subscription.updated", START, clock.instant(), Tier.FREE),
                seen,
                Instant.EPOCH);

        assertEquals(Optional.of(own), billing.customer(alice.account()));
        assertEquals(Tier.TEAM, accounts.account(alice.account()).orElseThrow().tier());
    }

    @Test
    void keys_belongToTheirAccount() {
        assertFails(ErrorCode.NOT_FOUND, () -> accounts.revokeKey(alice.account(), bob.key()));
        assertEquals(1, accounts.keys(alice.account()).size());
        assertEquals(1, accounts.keys(bob.account()).size());
    }

    private Counts bobsCounts() {
        return accounts.counts(bob.account(), YearMonth.of(2026, 1));
    }

    /// The key of the first hit.
    private String best(String text, Scorer scorer) {
        return hits(Set.of(), text, scorer).stream()
                .findFirst()
                .map(hit -> hit.entry().key())
                .orElse("nothing");
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
