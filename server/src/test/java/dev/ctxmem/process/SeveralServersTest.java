package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.Endpoint;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.client.OperatorClient;
import dev.ctxmem.client.Server;
import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.Tier;
import dev.ctxmem.store.postgres.PgBouncer;
import dev.ctxmem.store.postgres.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three `ctx serve` on one database, behind a PgBouncer in transaction mode: each knows what another was told.
class SeveralServersTest {
    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String NS = "notes";

    @TempDir
    Path home;

    /// All at once, on whatever is there.
    private List<ServerProcess> start(String databaseUrl) {
        return Stream.of("first", "second", "third")
                .map(name -> CompletableFuture.supplyAsync(
                        () -> ServerProcess.onDatabase(home.resolve(name), databaseUrl), Thread::startVirtualThread))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static HttpMemories memories(ServerProcess process, String key) {
        return new HttpMemories(Endpoint.at(process.url()), key);
    }

    private static SignedUp signUp(ServerProcess process) {
        try (var server = new Server(Endpoint.at(process.url()))) {
            return server.signup(new NewAccount("ann@example.com", "Ann"));
        }
    }

    /// Asks until it is refused so; fails when a request that began five seconds after `since` was not.
    private static void awaitRefusal(ErrorCode code, long since, Runnable request) {
        while (true) {
            long begun = System.nanoTime();
            try {
                request.run();
            } catch (MemoryException e) {
                assertEquals(code, e.code(), e::toString);
                return;
            }
            assertTrue(begun - since < KNOWN_NANOS, "still admitted after five seconds");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Test
    void startedAtOnceOnAnEmptyDatabase_behindAPooler_theyServe_andKnowWhatTheOthersWereTold() {
        try (TestDatabase database = TestDatabase.create();
                var bouncer = new PgBouncer(database.url())) {
            List<ServerProcess> servers = start(bouncer.url(database.url()));
            try {
                SignedUp account = signUp(servers.get(0));
                tellKeys(servers, account);
                tellTier(servers, account);
            } finally {
                servers.forEach(ServerProcess::close);
            }
        }
    }

    /// A new key is known at once, a revoked one no longer within five seconds.
    private static void tellKeys(List<ServerProcess> servers, SignedUp account) {
        try (HttpMemories one = memories(servers.get(0), account.apiKey())) {
            one.createNamespace(NewNamespace.of(NS));
            one.put(NS, EntryDraft.of("tool", Json.string("postgres")));
            IssuedKey issued = one.createKey(new NewKey("reader", Set.of(Scope.READ), Set.of(), null, null));
            try (HttpMemories two = memories(servers.get(1), issued.token());
                    HttpMemories three = memories(servers.get(2), issued.token())) {
                assertEquals("postgres", two.get(NS, "tool").value().asString());
                assertEquals("postgres", three.get(NS, "tool").value().asString());
                one.revokeKey(issued.key().id());
                long revoked = System.nanoTime();
                awaitRefusal(ErrorCode.INVALID_API_KEY, revoked, () -> two.get(NS, "tool"));
                awaitRefusal(ErrorCode.INVALID_API_KEY, revoked, () -> three.get(NS, "tool"));
            }
        }
    }

    /// The limits of another tier hold everywhere within five seconds.
    private static void tellTier(List<ServerProcess> servers, SignedUp account) {
        try (HttpMemories two = memories(servers.get(1), account.apiKey());
                HttpMemories three = memories(servers.get(2), account.apiKey());
                var operator = new OperatorClient(
                        Endpoint.at(servers.get(0).url()), servers.get(0).operatorKey())) {
            two.createNamespace(NewNamespace.of("more-2"));
            three.createNamespace(NewNamespace.of("more-3"));
            operator.setTier(account.account().email(), Tier.FREE);
            long changed = System.nanoTime();
            var number = new int[1];
            for (HttpMemories other : List.of(two, three)) {
                awaitRefusal(
                        ErrorCode.TIER_LIMIT_REACHED,
                        changed,
                        () -> other.createNamespace(NewNamespace.of("late-" + number[0]++)));
            }
        }
    }
}
