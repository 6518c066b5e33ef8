package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.FittedWeights;
import dev.ctxmem.memory.Freshness;
import dev.ctxmem.memory.MemoryReads;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.process.Detour;
import dev.ctxmem.store.postgres.PostgresSettings.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reads that may be late, on a primary and a hot standby that really follows it.
class StandbyTest {
    private static final String NS = "notes";
    private static final Duration LATE_MAX = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.create();
    private final Principal principal = TestPrincipals.of(new UUID(1, 1), new UUID(2, 1), "req_test");

    @BeforeEach
    void follow() {
        TestDatabase.follow(true);
    }

    @AfterEach
    void close() {
        TestDatabase.follow(true);
        database.close();
    }

    private PostgresStore open(String standbyUrl, Duration lateMax) {
        var settings = database.settings().withReplica(new Credentials(standbyUrl, null, null), lateMax);
        PostgresStore store = OpenStores.open(settings, null);
        OpenStores.signUp(store, principal, NS);
        return store;
    }

    /// Its revision is higher than any that is asked for here.
    private static void writeMuchForAnother(PostgresStore store) {
        Principal other = TestPrincipals.of(new UUID(1, 9), new UUID(2, 9), "req_other");
        OpenStores.signUp(store, other, NS);
        for (int i = 0; i < 9; i++) {
            store.put(other, NS, EntryDraft.of("k", Json.string("v")), new Vectorization.None(), OpenStores.UNLIMITED);
        }
    }

    private long put(PostgresStore store, String key, String value) {
        var draft = EntryDraft.of(key, Json.string(value));
        return store.put(principal, NS, draft, new Vectorization.None(), OpenStores.UNLIMITED)
                .revision();
    }

    private String get(MemoryReads reads, String key) {
        return reads.get(principal.account(), NS, key).orElseThrow().value().asString();
    }

    private List<String> found(MemoryReads reads, String text) {
        var query = new CandidateQuery(
                principal.account(),
                Set.of(),
                List.of(),
                text,
                OpenStores.WORDS.queryStems(text),
                null,
                null,
                true,
                10,
                10,
                0,
                false);
        return reads.search(query, FittedWeights.fromCosine(-5, 11)).stream()
                .map(Hit::entry)
                .map(entry -> entry.value().asString())
                .toList();
    }

    /// Each kind of read knows the only key by this value, as its so many-th version.
    private void assertReads(String value, int version, MemoryReads reads) {
        UUID account = principal.account();
        assertEquals(value, get(reads, "tool"));
        assertEquals(
                List.of((long) version),
                reads.list(account, NS, List.of(), 10, null).items().stream()
                        .map(Entry::version)
                        .toList());
        assertEquals(
                version, reads.history(account, NS, "tool", 10, null).items().size());
        assertEquals(List.of(value), found(reads, "tool"));
    }

    private static MemoryReads late(PostgresStore store, long revision) {
        return store.reads(new Freshness.AtLeast(revision));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /// Returns once the standby itself has answered.
    private void awaitStandby(PostgresStore store, long revision) {
        long before = store.metrics().replicaAnswers();
        await(() -> {
            late(store, revision).list(principal.account(), NS, List.of(), 1, null);
            return store.metrics().replicaAnswers() > before;
        });
    }

    @Test
    void aReadThatMayBeLate_isTheStandbys_andOneThatMayNot_isNot() {
        try (PostgresStore store = open(database.standbyUrl(), LATE_MAX)) {
            long first = put(store, "tool", "use postgres");
            awaitStandby(store, first);
            TestDatabase.follow(false);
            put(store, "tool", "use sqlite instead");

            assertReads("use postgres", 1, late(store, 0));

            assertReads("use sqlite instead", 2, store.reads(Freshness.FRESH));
        }
    }

    @Test
    void aRevisionThatTheStandbyHasNot_isReadFromThePrimary() {
        try (PostgresStore store = open(database.standbyUrl(), LATE_MAX)) {
            writeMuchForAnother(store);
            long first = put(store, "tool", "use postgres");
            awaitStandby(store, first);
            TestDatabase.follow(false);
            long second = put(store, "tool", "use sqlite instead");

            assertEquals("use postgres", get(late(store, first), "tool"));
            assertReads("use sqlite instead", 2, late(store, second));

            TestDatabase.follow(true);
            awaitStandby(store, second);
        }
    }

    @Test
    void whatTheStandbyHasNotHeardOf_isFound() {
        try (PostgresStore store = open(database.standbyUrl(), LATE_MAX)) {
            awaitStandby(store, put(store, "tool", "use postgres"));
            TestDatabase.follow(false);
            put(store, "new", "just written");
            store.createNamespace(principal, NewNamespace.of("new"), OpenStores.UNLIMITED);

            assertEquals("just written", get(late(store, 0), "new"));
            assertEquals(
                    List.of(),
                    late(store, 0)
                            .list(principal.account(), "new", List.of(), 10, null)
                            .items());
            assertEquals(Optional.empty(), late(store, 0).get(principal.account(), NS, "nowhere"));
        }
    }

    @Test
    void aStandbyTooFarBehind_isLeftAlone() {
        try (PostgresStore store = open(database.standbyUrl(), Duration.ofSeconds(2))) {
            awaitStandby(store, put(store, "tool", "use postgres"));
            TestDatabase.follow(false);
            put(store, "tool", "use sqlite instead");

            await(() -> get(late(store, 0), "tool").equals("use sqlite instead"));

            assertFalse(store.metrics().replicaFit());
            TestDatabase.follow(true);
            await(() -> store.metrics().replicaFit());
        }
    }

    @Test
    void aStandbyThatHangs_isGivenUp_andTakenAgain() throws IOException {
        try (var detour = new Detour(database.standbyUrl());
                PostgresStore store = open(detour.url(), LATE_MAX)) {
            long revision = put(store, "tool", "use postgres");
            assertEquals("use postgres", get(late(store, revision), "tool"));
            assertFalse(store.metrics().replicaFit());
            detour.openOnce(() -> true);
            awaitStandby(store, revision);

            detour.freeze(true);
            long passed = store.metrics().replicaPassedOn();
            assertEquals("use postgres", get(late(store, revision), "tool"));
            assertEquals(List.of("use postgres"), found(late(store, revision), "tool"));
            assertTrue(store.metrics().replicaPassedOn() > passed);
            assertFalse(store.metrics().replicaFit());

            detour.freeze(false);
            awaitStandby(store, revision);
        }
    }

    @Test
    void aServerThatIsNoStandby_isNotAsked() {
        try (PostgresStore store = open(database.url(), LATE_MAX)) {
            long revision = put(store, "tool", "use postgres");
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            assertEquals("use postgres", get(late(store, revision), "tool"));
            assertFalse(store.metrics().replicaFit());
            assertEquals(0, store.metrics().replicaAnswers());
        }
    }
}
