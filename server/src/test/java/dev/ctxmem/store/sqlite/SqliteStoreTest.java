package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.ExactIndex;
import dev.ctxmem.store.StoreContract;
import dev.ctxmem.store.Stores;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// The embedded store under the contract, with an index that forgets everything at each start.
class SqliteStoreTest extends StoreContract {
    @Override
    public Stores open(Path directory, InstantSource clock) {
        var words = new EnglishWords();
        var store = new SqliteStore(
                directory,
                new ExactIndex(words),
                words,
                clock,
                new UuidV7(clock, RandomGenerator.getDefault()),
                new RecordingAlarms(),
                SqliteSettings.DEFAULT);
        return Stores.of(store);
    }

    @Override
    public void verify(Path directory) {
        Records.verify(directory);
    }
}
