package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.Server;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.store.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ctx serve` on PostgreSQL.
class PostgresServerTest {
    private static final int EX_CONFIG = 78;
    private static final String NS = "notes";

    @TempDir
    Path home;

    private static String signUp(ServerProcess process) {
        try (var server = new Server(Endpoint.at(process.url()))) {
            return server.signup(new NewAccount("ann@example.com", "Ann")).apiKey();
        }
    }

    private static HttpMemories memories(ServerProcess process, String key) {
        return new HttpMemories(Endpoint.at(process.url()), key);
    }

    private static void put(HttpMemories memories, String key, String value) {
        memories.put(NS, EntryDraft.of(key, Json.string(value)));
    }

    private static String get(HttpMemories memories, String key) {
        return memories.get(NS, key).value().asString();
    }

    private static List<String> found(HttpMemories memories, String query) {
        return memories.search(SearchQuery.of(query)).results().stream()
                .map(hit -> hit.entry().key())
                .toList();
    }

    @Test
    void twoInstancesOnOneDatabase_readWhatTheOtherWrote_andAKillLosesNothing() {
        try (TestDatabase database = TestDatabase.create();
                ServerProcess first = ServerProcess.onDatabase(home.resolve("first"), database.url())) {
            String key = signUp(first);
            try (ServerProcess second = ServerProcess.onDatabase(home.resolve("second"), database.libpqUrl());
                    HttpMemories one = memories(first, key);
                    HttpMemories two = memories(second, key)) {
                one.createNamespace(NewNamespace.of(NS));
                put(one, "decision", "use postgres for the database");
                assertEquals("use postgres for the database", get(two, "decision"));
                put(two, "proverb", "the cat sat on the mat");
                assertEquals("the cat sat on the mat", get(one, "proverb"));
                assertEquals(List.of("decision"), found(two, "what database should I use"));
                assertEquals(List.of("proverb"), found(one, "the cat on the mat"));

                first.kill();

                put(two, "decision", "use postgres for everything");
            }
            try (ServerProcess again = ServerProcess.onDatabase(home.resolve("first"), database.url());
                    HttpMemories memories = memories(again, key)) {
                assertEquals("use postgres for everything", get(memories, "decision"));
                assertEquals(2, memories.get(NS, "decision").version());
                assertEquals("the cat sat on the mat", get(memories, "proverb"));
            }
        }
    }

    @Test
    void theServer_makesNoAccountOfItsOwn() {
        try (TestDatabase database = TestDatabase.create()) {
            assertEquals(
                    0,
                    ServerProcess.onDatabase(home.resolve("first"), database.url())
                            .terminate());
            assertEquals(List.of(), database.query("select email from accounts"));
        }
    }

    @Test
    void aDatabaseThatComesLate_isAwaited() throws IOException {
        try (TestDatabase database = TestDatabase.create();
                var detour = new Detour(database.url())) {
            Path log = home.resolve("late").resolve("log");
            detour.openOnce(() -> Files.exists(log) && Files.readString(log).contains("cannot be reached yet"));
            try (ServerProcess late = ServerProcess.onDatabase(home.resolve("late"), detour.url())) {
                assertTrue(late.log().contains("waits up to 30 s"), late.log());
                signUp(late);
            }
        }
    }

    @Test
    void aDatabaseThatMayLoseWrites_isRefused() {
        try (TestDatabase database = TestDatabase.create()) {
            database.execute("""
                    do $$ begin
                        execute format('alter database %I set synchronous_commit = off', current_database());
                    end $$
                    """);
            var refusal =
                    ServerProcess.refusal(home, Map.of("DATABASE_URL", database.url(), "EMBEDDING_PROVIDER", "none"));
            assertEquals(EX_CONFIG, refusal.exitCode(), refusal.output());
            assertTrue(refusal.output().contains("synchronous_commit = off"), refusal.output());
            assertTrue(refusal.output().contains("CTX_ALLOW_UNSAFE_DATABASE"), refusal.output());
        }
    }

    @Test
    void aDatabaseThatLetsNobodyIn_isRefusedAtOnce() {
        try (TestDatabase database = TestDatabase.create()) {
            String missing = database.url().replaceFirst("[?]", "_missing?");
            var refusal = ServerProcess.refusal(home, Map.of("DATABASE_URL", missing, "EMBEDDING_PROVIDER", "none"));
            assertEquals(EX_CONFIG, refusal.exitCode(), refusal.output());
            assertTrue(refusal.output().contains("Check DATABASE_URL"), refusal.output());
            assertFalse(refusal.output().contains("waits"), refusal.output());
        }
    }
}
