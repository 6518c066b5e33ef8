package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Page;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.Vectorization;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// What the parts of [StoreContract] share: an open store with two accounts, a clock, and short words for the
/// usual calls. Each test ends with a look at the records.
abstract class StoreTopic {
    static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    static final TierLimits UNLIMITED =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
    static final String NOTES = "notes";
    static final Vectorization NONE = new Vectorization.None();
    static final Vectorization PENDING = new Vectorization.Pending();
    static final EmbeddingModel MODEL = new EmbeddingModel("test-model", 3);

    @TempDir
    Path directory;

    final SettableClock clock = new SettableClock(START);
    final StoreUnderTest store;
    MemoryStore memories;
    AccountStore accounts;
    BillingStore billing;
    Archive archive;
    Generations generations;
    Principal alice;
    Principal bob;

    StoreTopic(StoreUnderTest store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        open();
        prepare();
    }

    /// What every test of a topic begins with.
    void prepare() {
        alice = newAccount("alice@example.com");
        bob = newAccount("bob@example.com");
        memories.createNamespace(alice, NewNamespace.of(NOTES), UNLIMITED);
    }

    @AfterEach
    void closeAndVerify() {
        memories.close();
        store.verify(directory);
    }

    void open() {
        Stores stores = store.open(directory, clock);
        memories = stores.memories();
        accounts = stores.accounts();
        billing = stores.billing();
        archive = stores.archive();
        generations = stores.generations();
    }

    void reopen() {
        memories.close();
        open();
    }

    Principal newAccount(String email) {
        var account = new Account(UUID.randomUUID(), email, null, Tier.TEAM, clock.instant());
        KeyRecord key = key(account.id(), "first");
        accounts.createAccount(account, key, false);
        return TestPrincipals.of(account.id(), key.key().id(), "req_test");
    }

    KeyRecord key(UUID account, String name) {
        return key(account, name, clock.instant());
    }

    static KeyRecord key(UUID account, String name, Instant createdAt) {
        UUID id = UUID.randomUUID();
        var key = new ApiKey(id, "ctx_", name, Scope.all(), Set.of(), null, null, null, createdAt);
        return new KeyRecord(key, account, "token-" + id, "hash-" + id);
    }

    static EntryDraft draft(String key, String value, String... tags) {
        return draft(key, value, TimeToLive.KEEP, tags);
    }

    static EntryDraft draft(String key, String value, TimeToLive timeToLive, String... tags) {
        return new EntryDraft(
                key, Json.string(value), List.of(tags), Json.EMPTY_OBJECT, EntryDraft.IMPORTANCE_DEFAULT, timeToLive);
    }

    Entry put(String key, String value, String... tags) {
        return save(draft(key, value, tags)).entry();
    }

    Saved save(EntryDraft draft) {
        return memories.put(alice, NOTES, draft, NONE, UNLIMITED);
    }

    @Nullable
    Entry get(String key) {
        return memories.get(alice.account(), NOTES, key).orElse(null);
    }

    String value(String key) {
        return memories.get(alice.account(), NOTES, key).orElseThrow().value().asString();
    }

    List<String> listKeys(String... tags) {
        return memories.list(alice.account(), NOTES, List.of(tags), 100, null).items().stream()
                .map(Entry::key)
                .toList();
    }

    List<Long> historyVersions(String key) {
        return memories.history(alice.account(), NOTES, key, 100, null).items().stream()
                .map(version -> version.version())
                .toList();
    }

    long entryCount() {
        return memories.namespace(alice.account(), NOTES).orElseThrow().entryCount();
    }

    static void assertFails(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MemoryException.class, call).code());
    }

    /// Reads all pages of a list, one after the other.
    static <T> List<T> all(PageReader<T> reader) {
        var items = new ArrayList<T>();
        Page<T> page = reader.read(null);
        items.addAll(page.items());
        while (page.next() != null) {
            page = reader.read(page.next());
            items.addAll(page.items());
        }
        return items;
    }

    /// Runs `call` for 0 to n − 1 at once; the results in that order, a failure as its code.
    static <T> List<Outcome<T>> together(int n, IntFunction<T> call) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < n; i++) {
                int number = i;
                futures.add(executor.submit(() -> call.apply(number)));
            }
            return futures.stream().map(StoreTopic::outcome).toList();
        }
    }

    static <T> long count(List<Outcome<T>> outcomes, @Nullable ErrorCode code) {
        return outcomes.stream().filter(outcome -> outcome.code == code).count();
    }

    private static <T> Outcome<T> outcome(Future<T> future) {
        try {
            return new Outcome<>(future.get(), null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MemoryException failure) {
                return new Outcome<>(null, failure.code());
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    interface PageReader<T> {
        Page<T> read(@Nullable Long after);
    }

    record Outcome<T>(@Nullable T result, @Nullable ErrorCode code) {}
}
