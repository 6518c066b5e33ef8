package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.TestPrincipals;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.NoAlarms;
import dev.ctxmem.text.EnglishWords;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Opens stores for tests, and signs up who uses them.
final class OpenStores {
    static final TierLimits UNLIMITED =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);

    static final EnglishWords WORDS = new EnglishWords();

    private OpenStores() {}

    /// One in which nothing is damaged. A null `clock` is the database's.
    static PostgresStore open(PostgresSettings settings, @Nullable InstantSource clock) {
        return open(settings, clock, new NoAlarms()::damaged);
    }

    static PostgresStore open(PostgresSettings settings, @Nullable InstantSource clock, ObjLongConsumer<UUID> damaged) {
        InstantSource times = Objects.requireNonNullElse(clock, InstantSource.system());
        return new PostgresStore(settings, WORDS, clock, new UuidV7(times, RandomGenerator.getDefault()), damaged);
    }

    /// A new account with a namespace.
    static Principal signUp(PostgresStore store, String namespace) {
        Principal caller = TestPrincipals.of(UUID.randomUUID(), UUID.randomUUID(), "req_test");
        signUp(store, caller, namespace);
        return caller;
    }

    static void signUp(PostgresStore store, Principal caller, String namespace) {
        var account = new Account(caller.account(), caller.account() + "@example.com", null, Tier.TEAM, Instant.EPOCH);
        var key = new ApiKey(caller.key(), "ctx_", "key", Scope.all(), Set.of(), null, null, null, Instant.EPOCH);
        store.createAccount(account, new KeyRecord(key, account.id(), "token-" + key.id(), "hash-" + key.id()), false);
        store.createNamespace(caller, NewNamespace.of(namespace), UNLIMITED);
    }
}
