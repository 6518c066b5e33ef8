package dev.ctxmem.http;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The verbs over HTTP on PostgreSQL.
class PostgresMemoriesTest extends HttpMemoriesContract {
    private static PostgresOpener postgres;

    @BeforeAll
    static void makeDatabase() {
        postgres = new PostgresOpener();
    }

    @AfterAll
    static void dropDatabase() {
        postgres.close();
    }

    @Override
    TestServer serve() {
        return TestServer.with().store(postgres).start();
    }
}
