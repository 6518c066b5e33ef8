package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.ExactIndex;
import dev.ctxmem.store.SearchIndex;
import dev.ctxmem.store.SettableClock;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Opens embedded stores for tests, with one account and one namespace, and the parts that tests swap.
final class OpenStores {
    static final UUID ACCOUNT = UUID.fromString("01900000-0000-7000-8000-000000000001");
    static final UUID KEY = UUID.fromString("01900000-0000-7000-8000-000000000002");
    static final Principal PRINCIPAL = TestPrincipals.of(ACCOUNT, KEY, "req_test");
    static final String NOTES = "notes";
    static final TierLimits UNLIMITED =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
    static final Words WORDS = new EnglishWords();

    final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    final RecordingAlarms alarms = new RecordingAlarms();
    final Path directory;
    Supplier<UUID> ids = new UuidV7(clock, RandomGenerator.getDefault());
    SqliteSettings settings = SqliteSettings.DEFAULT;

    OpenStores(Path directory) {
        this.directory = directory;
    }

    SqliteStore open() {
        return open(new ExactIndex(WORDS));
    }

    SqliteStore open(SearchIndex index) {
        var store = new SqliteStore(directory, index, WORDS, clock, ids, alarms, settings);
        if (store.account(ACCOUNT).isEmpty()) {
            var account = new Account(ACCOUNT, "a@example.com", null, Tier.TEAM, clock.instant());
            var key = new ApiKey(KEY, "ctx_", "first", Scope.all(), Set.of(), null, null, null, clock.instant());
            store.createAccount(account, new KeyRecord(key, ACCOUNT, null, "hash"), false);
            store.createNamespace(PRINCIPAL, NewNamespace.of(NOTES), UNLIMITED);
        }
        return store;
    }

    static Entry put(SqliteStore store, String key, String value, String... tags) {
        var draft = new EntryDraft(
                key,
                Json.string(value),
                List.of(tags),
                Json.EMPTY_OBJECT,
                EntryDraft.IMPORTANCE_DEFAULT,
                TimeToLive.KEEP);
        return store.put(PRINCIPAL, NOTES, draft, new Vectorization.None(), UNLIMITED)
                .entry();
    }

    static void putFor(SqliteStore store, String key, long seconds) {
        var draft = new EntryDraft(
                key,
                Json.string("v"),
                List.of(),
                Json.EMPTY_OBJECT,
                EntryDraft.IMPORTANCE_DEFAULT,
                TimeToLive.seconds(seconds));
        store.put(PRINCIPAL, NOTES, draft, new Vectorization.None(), UNLIMITED);
    }

    /// In a new account, under the same name of the namespace.
    static void putOfAnother(SqliteStore store, String key, String value) {
        var account = new Account(UUID.randomUUID(), "b@example.com", null, Tier.TEAM, Instant.EPOCH);
        var apiKey = new ApiKey(UUID.randomUUID(), "ctx_", "k", Scope.all(), Set.of(), null, null, null, Instant.EPOCH);
        store.createAccount(account, new KeyRecord(apiKey, account.id(), null, "hash-b"), false);
        Principal principal = TestPrincipals.of(account.id(), apiKey.id(), "req_test");
        store.createNamespace(principal, NewNamespace.of(NOTES), UNLIMITED);
        store.put(principal, NOTES, EntryDraft.of(key, Json.string(value)), new Vectorization.None(), UNLIMITED);
    }

    static List<String> list(SqliteStore store, String... tags) {
        return store.list(ACCOUNT, NOTES, List.of(tags), 100, null).items().stream()
                .map(Entry::key)
                .toList();
    }

    /// Keys of the entries that have the stem.
    static List<String> search(SqliteStore store, String stem) {
        var query = new CandidateQuery(
                ACCOUNT, Set.of(), List.of(), "no such key", List.of(stem), null, null, false, 100, 100, 0, false);
        return store.search(query, new FixedScorer()).stream()
                .map(Hit::entry)
                .map(Entry::key)
                .sorted()
                .toList();
    }

    private static final class FixedScorer implements Scorer {
        @Override
        public double similarity(Features features) {
            return 0.5;
        }

        @Override
        public Explanation explain(Features features) {
            return new Explanation(0, List.of(), null);
        }
    }
}
