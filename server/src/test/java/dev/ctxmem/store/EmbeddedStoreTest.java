package dev.ctxmem.store;

import dev.ctxmem.memory.UuidV7;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// The embedded store as it runs: SQLite and Lucene together under the contract.
class EmbeddedStoreTest extends StoreContract {
    @Override
    public Stores open(Path directory, InstantSource clock) {
        return Stores.embedded(directory, clock, new UuidV7(clock, RandomGenerator.getDefault()));
    }

    @Override
    public void verify(Path directory) {
        // The records are those of the test with the exact index.
    }
}
