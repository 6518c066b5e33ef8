package dev.ctxmem.store;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.Vectorization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Everything that a store can hold: each kind of item of an archive, each state of an entry, both generations of
/// vectors.
public final class Everything {
    static final YearMonth MONTH = YearMonth.of(2026, 1);
    private static final EmbeddingModel NEXT = new EmbeddingModel("a-model-on-its-way", 4);
    private static final String NOTES = StoreTopic.NOTES;

    private Everything() {}

    /// In an empty store, whose clock is the system's.
    public static void fill(Stores stores) {
        InstantSource clock = Clock.tickMillis(ZoneOffset.UTC);
        Principal alice = account(stores, "alice@example.com", clock);
        Principal bob = account(stores, "bob@example.com", clock);
        stores.memories().createNamespace(alice, NewNamespace.of(NOTES), StoreTopic.UNLIMITED);
        fill(stores, alice, bob, clock, time -> {
            Instant then = clock.instant().plus(time);
            while (clock.instant().isBefore(then)) {
                Thread.onSpinWait();
            }
        });
    }

    /// Of two accounts, the first of which has the namespace `notes`; `pass` lets time pass for the store.
    public static void fill(
            Stores stores, Principal alice, Principal bob, InstantSource clock, Consumer<Duration> pass) {
        MemoryStore memories = stores.memories();
        stores.accounts().putSetting("calibration.some-model.3", "1 2");
        memories.createNamespace(
                alice, new NewNamespace("empty", "Nothing here", "still nothing"), StoreTopic.UNLIMITED);
        memories.createNamespace(alice, NewNamespace.of("removed"), StoreTopic.UNLIMITED);
        memories.put(alice, "removed", StoreTopic.draft("k", "v"), StoreTopic.NONE, StoreTopic.UNLIMITED);
        memories.deleteNamespace(alice, "removed");
        put(memories, alice, StoreTopic.draft("changed", "one", "red", "blue"), StoreTopic.NONE);
        pass.accept(Duration.ofMillis(1));
        put(memories, alice, StoreTopic.draft("changed", "two", "red"), StoreTopic.NONE);
        var rich = new EntryDraft(
                "ключ/😀",
                Json.parse("{\"b\":[1.50,1e3,-0,\"\\u0007é😀\"],\"a\":null}"),
                List.of("zwei", "red", "Ünï"),
                Json.parse("{\"z\":1,\"y\":{\"x\":[true]}}"),
                0.123456789012345,
                TimeToLive.seconds(3600));
        float[][] chunks = {{1, 0, 0}, {0, 0.6f, 0.8f}, {-0.0f, 1e-38f, Float.MIN_VALUE}};
        put(memories, alice, rich, new Vectorization.Ready(StoreTopic.MODEL, List.of(chunks)));
        UUID both =
                memories.get(alice.account(), NOTES, rich.key()).orElseThrow().id();
        stores.generations()
                .add(
                        NEXT,
                        List.of(new Generations.Vectored(
                                alice.account(), both, 1, List.of(new float[] {0, 1, 2, 3}, new float[] {3, 2, 1, 0
                                }))));
        put(
                memories,
                alice,
                StoreTopic.draft("short", "s"),
                new Vectorization.Ready(StoreTopic.MODEL, List.of(new float[] {0, 1, 0})));
        put(memories, alice, StoreTopic.draft("deleted", "x"), StoreTopic.NONE);
        memories.delete(alice, NOTES, "deleted");
        put(memories, alice, StoreTopic.draft("waiting", "w"), StoreTopic.PENDING);
        put(memories, alice, StoreTopic.draft("hopeless", "h"), StoreTopic.PENDING);
        UUID hopeless =
                memories.get(alice.account(), NOTES, "hopeless").orElseThrow().id();
        memories.failEmbedding(hopeless, 1, null);
        put(memories, alice, StoreTopic.draft("gone", "g", TimeToLive.seconds(1)), StoreTopic.NONE);
        pass.accept(Duration.ofSeconds(2));
        memories.purgeExpired(10);
        put(memories, alice, StoreTopic.draft("expired", "e", TimeToLive.seconds(1)), StoreTopic.NONE);
        memories.createNamespace(bob, NewNamespace.of(NOTES), StoreTopic.UNLIMITED);
        put(memories, bob, StoreTopic.draft("changed", "bob's"), StoreTopic.NONE);
        stores.billing().linkCustomer(bob.account(), "cus_bob");
        KeyRecord extra = StoreTopic.key(alice.account(), "extra", clock.instant());
        stores.accounts().addKey(extra);
        stores.accounts().revokeKey(alice.account(), extra.key().id());
        stores.accounts().recordUse(Map.of(alice.key(), clock.instant()), Map.of(alice.account(), 7L), MONTH);
        pass.accept(Duration.ofSeconds(2));
    }

    private static Principal account(Stores stores, String email, InstantSource clock) {
        var account = new Account(UUID.randomUUID(), email, null, Tier.TEAM, clock.instant());
        KeyRecord key = StoreTopic.key(account.id(), "first", clock.instant());
        stores.accounts().createAccount(account, key, false);
        return TestPrincipals.of(account.id(), key.key().id(), "req_test");
    }

    private static void put(MemoryStore memories, Principal principal, EntryDraft draft, Vectorization vectors) {
        memories.put(principal, NOTES, draft, vectors, StoreTopic.UNLIMITED);
    }
}
