package dev.ctxmem.store;

import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.store.lucene.LuceneIndex;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.sqlite.SqliteSettings;
import dev.ctxmem.store.sqlite.SqliteStore;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/// An open store, seen through all of its ports.
public record Stores(
        MemoryStore memories, AccountStore accounts, BillingStore billing, Archive archive, Generations generations)
        implements AutoCloseable {
    public static Stores of(SqliteStore store) {
        return new Stores(store, store, store, store, store);
    }

    public static Stores of(PostgresStore store) {
        return new Stores(store, store, store, store.archive(), store.generations());
    }

    /// The embedded store as it runs: SQLite and Lucene together.
    public static Stores embedded(Path directory, InstantSource clock, Supplier<UUID> ids) {
        var words = new EnglishWords();
        return of(new SqliteStore(
                directory,
                LuceneIndex.open(directory.resolve("index"), words),
                words,
                clock,
                ids,
                new NoAlarms(),
                SqliteSettings.DEFAULT));
    }

    @Override
    public void close() {
        memories.close();
    }
}
