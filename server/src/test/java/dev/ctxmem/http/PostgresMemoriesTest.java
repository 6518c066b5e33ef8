package dev.ctxmem.http;

import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.store.Stores;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.store.postgres.TestDatabase;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The verbs over HTTP on PostgreSQL.
class PostgresMemoriesTest extends HttpMemoriesContract {
    private static TestDatabase database;

    @BeforeAll
    static void makeDatabase() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    @Override
    TestServer serve() {
        return TestServer.with().store(PostgresMemoriesTest::open).start();
    }

    private static Stores open(Path directory, TestClock clock, UuidV7 ids) {
        database.clear();
        var store = new PostgresStore(database.settings(), new EnglishWords(), clock, ids, (entry, version) -> {
            throw new AssertionError(entry + " " + version);
        });
        return new Stores(store, store, store, store.archive(), store.generations());
    }
}
