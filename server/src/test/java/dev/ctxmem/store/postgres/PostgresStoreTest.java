package dev.ctxmem.store.postgres;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.StoreContract;
import dev.ctxmem.store.Stores;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The PostgreSQL store under the contract, on a real server with pgvector.
class PostgresStoreTest extends StoreContract {
    private static final EnglishWords WORDS = new EnglishWords();

    private @Nullable Path last;

    @Override
    public Stores open(Path directory, InstantSource clock) {
        if (!directory.equals(last)) {
            TestDatabase.KIT.clear();
            last = directory;
        }
        var store = new PostgresStore(
                TestDatabase.KIT.settings(),
                WORDS,
                clock,
                new UuidV7(clock, RandomGenerator.getDefault()),
                (entry, version) -> {
                    throw new AssertionError(entry + " " + version);
                });
        store.adapt(new EmbeddingModel("test-model", 3));
        return new Stores(store, store, store);
    }

    @Override
    public void verify(Path directory) {
        Records.verify(TestDatabase.KIT);
    }
}
