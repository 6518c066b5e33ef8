package dev.ctxmem.http;

import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.Stores;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.postgres.TestDatabase;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;

/// Stores in a PostgreSQL database of their own, which is emptied for each.
final class PostgresOpener implements TestServer.Opener, AutoCloseable {
    private final TestDatabase database = TestDatabase.create();

    @Override
    public Stores open(Path directory, TestClock clock, UuidV7 ids) {
        database.clear();
        var store = new PostgresStore(database.settings(), new EnglishWords(), clock, ids, (entry, version) -> {
            throw new AssertionError(entry + " " + version);
        });
        return Stores.of(store);
    }

    @Override
    public void close() {
        database.close();
    }
}
