package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.StoreContract;
import dev.ctxmem.store.Stores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The PostgreSQL store under the contract, on a real server with pgvector, whose own indexes answer all searches.
class PostgresStoreTest extends StoreContract {
    private final Map<Path, TestDatabase> databases = new HashMap<>();

    @Override
    public Stores open(Path directory, InstantSource clock) {
        PostgresStore store = OpenStores.open(settings(databases.computeIfAbsent(directory, this::empty)), clock);
        store.adapt(new EmbeddingModel("test-model", 3));
        return Stores.of(store);
    }

    /// The way to a database.
    PostgresSettings settings(TestDatabase database) {
        return database.settings().withFlat(PostgresSettings.Flat.NONE);
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
