package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.StoreContract;
import dev.ctxmem.store.Stores;
import dev.ctxmem.store.postgres.PostgresSettings.Credentials;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The PostgreSQL store under the contract, behind a real PgBouncer in transaction mode.
class PooledStoreTest extends StoreContract {
    private static final EnglishWords WORDS = new EnglishWords();
    private static final int CONNECTIONS = 12;

    private static @Nullable PgBouncer bouncer;

    private final Map<Path, TestDatabase> databases = new HashMap<>();

    @BeforeAll
    static void startBouncer() {
        bouncer = new PgBouncer(TestDatabase.KIT.url());
    }

    @AfterAll
    static void stopBouncer() {
        if (bouncer != null) {
            bouncer.close();
        }
    }

    @Override
    public Stores open(Path directory, InstantSource clock) {
        String url = databases.computeIfAbsent(directory, this::empty).url();
        var credentials = new Credentials(bouncer.url(url), null, null);
        var store = new PostgresStore(
                PostgresSettings.of(credentials, credentials, CONNECTIONS, true).withWaitMax(Duration.ofMinutes(1)),
                WORDS,
                clock,
                new UuidV7(clock, RandomGenerator.getDefault()),
                (entry, version) -> {
                    throw new AssertionError(entry + " " + version);
                });
        store.adapt(new EmbeddingModel("test-model", 3));
        return new Stores(store, store, store, store.archive(), store.generations());
    }

    @Override
    public void verify(Path directory) {
        Records.verify(Objects.requireNonNull(databases.get(directory)));
    }

    /// A test has one store, or two.
    private TestDatabase empty(Path directory) {
        TestDatabase next = databases.isEmpty() ? TestDatabase.KIT : TestDatabase.SECOND_KIT;
        next.clear();
        return next;
    }
}
