package dev.ctxmem.store;

import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.store.sqlite.SqliteSettings;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// The embedded store as it runs: SQLite and Lucene together under the contract.
class EmbeddedStoreTest extends StoreContract {
    @Override
    public Stores open(Path directory, InstantSource clock) {
        var words = new EnglishWords();
        var store = new SqliteStore(
                directory,
                LuceneIndex.open(directory.resolve("index"), words),
                words,
                clock,
                new UuidV7(clock, RandomGenerator.getDefault()),
                new NoAlarms(),
                SqliteSettings.DEFAULT);
        return new Stores(store, store, store, store, store);
    }

    @Override
    public void verify(Path directory) {
        // The records are those of the test with the exact index.
    }
}
