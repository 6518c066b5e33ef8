package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// P8 at the border: every route with every kind of key. A route without a row fails; so does a row without a route.
class P08RouteMatrixTest {
    private static final String CANARY = "canary-6f1d0c7e4b9a";
    private static final String ENTRIES = "/v1/namespaces/shelf/entries";

    /// Who calls, in the order of the columns.
    private enum Caller {
        NO_KEY,
        GARBAGE,
        REVOKED,
        EXPIRED,
        READ_ONLY,
        OTHER_ACCOUNT,
        OTHER_NAMESPACE,
        OWNER
    }

    private static final List<Caller> CALLERS = List.of(Caller.values());

    /// `READ`: a request that needs the scope read, aimed at the owner's namespace; and so on. Statuses by caller.
    private static final List<Integer> OPEN = List.of(200, 200, 200, 200, 200, 200, 200, 200);
    private static final List<Integer> READ = List.of(401, 401, 401, 401, 200, 404, 404, 200);
    private static final List<Integer> ANY_READ = List.of(401, 401, 401, 401, 200, 200, 200, 200);
    private static final List<Integer> WRITE = List.of(401, 401, 401, 401, 403, 404, 404, 200);
    private static final List<Integer> ADMIN = List.of(401, 401, 401, 401, 403, 200, 200, 200);
    private static final List<Integer> OWN_ADMIN = List.of(401, 401, 401, 401, 403, 404, 200, 200);
    private static final List<Integer> NO_BILLING = List.of(401, 401, 401, 401, 404, 404, 404, 404);
    private static final List<Integer> OPERATOR = List.of(401, 401, 401, 401, 401, 401, 401, 401);

    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    private record Row(String path, @Nullable String body, List<Integer> statuses) {}

    private static void row(String route, String path, @Nullable String body, List<Integer> statuses) {
        ROWS.put(route, new Row(path, body, statuses));
    }

    static {
        String ns = "/v1/namespaces/{ns}/entries";
        row("GET /health", "/health", null, OPEN);
        row("GET /livez", "/livez", null, OPEN);
        row("GET /readyz", "/readyz", null, OPEN);
        row("GET /metrics", "/metrics", null, OPEN);
        row("GET /openapi.yaml", "/openapi.yaml", null, OPEN);
        row("POST /v1/signup", "/v1/signup", null, created(OPEN));
        row("POST /signup", "/signup", null, created(OPEN));
        row("POST /webhooks/stripe", "/webhooks/stripe", "{}", List.of(404, 404, 404, 404, 404, 404, 404, 404));
        row("POST /v1/billing/checkout", "/v1/billing/checkout", "{\"tier\":\"pro\"}", NO_BILLING);
        row("POST /v1/billing/portal", "/v1/billing/portal", "{}", NO_BILLING);
        row("GET /v1/limits", "/v1/limits", null, ANY_READ);
        row("GET /v1/namespaces", "/v1/namespaces", null, ANY_READ);
        row(
                "POST /v1/namespaces",
                "/v1/namespaces",
                "{\"slug\":\"new\"}",
                List.of(401, 401, 401, 401, 403, 201, 404, 201));
        row("GET /v1/namespaces/{slug}", "/v1/namespaces/shelf", null, READ);
        row("DELETE /v1/namespaces/{slug}", "/v1/namespaces/shelf", null, WRITE);
        row("GET " + ns, ENTRIES + "?limit=5", null, READ);
        row("POST " + ns, ENTRIES, "{\"key\":\"new\",\"value\":1}", created(WRITE));
        row("POST " + ns + "/search", ENTRIES + "/search", "{\"query\":\"canary\",\"min_score\":0}", READ);
        row("GET " + ns + "/{key}", ENTRIES + "/k", null, READ);
        row("PUT " + ns + "/{key}", ENTRIES + "/k", "{\"value\":1}", WRITE);
        row("DELETE " + ns + "/{key}", ENTRIES + "/k", null, WRITE);
        row("GET " + ns + "/{key}/history", ENTRIES + "/k/history", null, READ);
        row("POST /v1/search", "/v1/search", "{\"query\":\"canary\",\"threshold\":0}", ANY_READ);
        row("POST /v1/search/text", "/v1/search/text", "{\"query\":\"canary\"}", ANY_READ);
        row("GET /v1/account", "/v1/account", null, ANY_READ);
        row("GET /v1/account/keys", "/v1/account/keys", null, ADMIN);
        row("POST /v1/account/keys", "/v1/account/keys", "{\"name\":\"new\"}", created(ADMIN));
        row("DELETE /v1/account/keys/{id}", "/v1/account/keys/{victim}", null, OWN_ADMIN);
        row("GET /v1/operator/accounts", "/v1/operator/accounts", null, OPERATOR);
        row("POST /v1/operator/accounts", "/v1/operator/accounts", "{\"email\":\"a@b\"}", OPERATOR);
        row("POST /v1/operator/tasks", "/v1/operator/tasks", "{\"task\":\"export\",\"file\":\"/x\"}", OPERATOR);
        row("GET /v1/operator/tasks/{id}", "/v1/operator/tasks/" + new UUID(0, 1), null, OPERATOR);
        row("PUT /v1/operator/accounts/{account}", "/v1/operator/accounts/a@b", "{\"tier\":\"pro\"}", OPERATOR);
    }

    private static List<Integer> created(List<Integer> statuses) {
        return statuses.stream().map(status -> status == 200 ? 201 : status).toList();
    }

    @Test
    void everyRoute_hasARow() {
        try (TestServer server = TestServer.start()) {
            var routes = HttpServer.routes(server.parts()).stream()
                    .map(route -> route.method() + " " + route.template())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(routes, new TreeSet<>(ROWS.keySet()));
        }
    }

    @Test
    void everyCallerOnEveryRoute_getsWhatTheTableSaysAndNothingForeign() {
        try (TestServer server = TestServer.start()) {
            walk(server);
        }
    }

    @Test
    void everyCallerOnEveryRoute_getsWhatTheTableSaysAndNothingForeign_onPostgres() {
        try (var postgres = new PostgresOpener();
                TestServer server = TestServer.with().store(postgres).start()) {
            walk(server);
        }
    }

    private static void walk(TestServer server) {
        var wrong = new ArrayList<String>();
        ROWS.forEach((route, row) -> {
            for (Caller caller : CALLERS) {
                // What one caller did must not decide what the next one gets.
                server.clock().advance(Duration.ofMinutes(1));
                Api owner = owner(server);
                Api api = callerOf(caller, server, owner);
                String victim =
                        owner.post("/v1/account/keys", "{\"name\":\"victim\"}").at("/key/id");
                Reply reply = api.call(route.split(" ", -1)[0], row.path.replace("{victim}", victim), row.body);
                int expected = row.statuses.get(CALLERS.indexOf(caller));
                if (reply.status() != expected) {
                    wrong.add(route + " as " + caller + ": " + reply.status() + " instead of " + expected);
                }
                if (caller != Caller.OWNER && caller != Caller.READ_ONLY) {
                    assertTrue(reply.text().indexOf(CANARY) < 0, () -> route + " leaks to " + caller + ": " + reply);
                }
                api.close();
                owner.close();
            }
        });
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void anotherAccountsThings_lookLikeMissingOnes() {
        try (TestServer server = TestServer.start();
                Api owner = owner(server);
                Api stranger = server.newcomer()) {
            stranger.post("/v1/namespaces", "{\"slug\":\"own\"}");
            String id = owner.get(ENTRIES + "/k").at("/id");
            assertEquals(
                    stranger.delete("/v1/namespaces/own/entries/missing", "X-Request-Id: same")
                            .text(),
                    stranger.delete("/v1/namespaces/own/entries/" + id, "X-Request-Id: same")
                            .text());
            assertEquals(
                    stranger.get("/v1/namespaces/missing/entries/k", "X-Request-Id: same")
                            .text(),
                    stranger.get(ENTRIES + "/k", "X-Request-Id: same").text());
            assertEquals(
                    0,
                    stranger.post("/v1/search/text", "{\"query\":\"k\"}")
                            .json()
                            .at("/count")
                            .asInt());
        }
    }

    /// A new account whose every string carries the canary.
    private static Api owner(TestServer server) {
        Api owner = server.newcomer();
        owner.post(
                "/v1/namespaces",
                "{\"slug\":\"shelf\",\"name\":\"" + CANARY + "\",\"description\":\"" + CANARY + "\"}");
        owner.post("/v1/namespaces", "{\"slug\":\"elsewhere\"}");
        owner.put(
                ENTRIES + "/k",
                "{\"value\":\"" + CANARY + "\",\"tags\":[\"" + CANARY + "\"],\"metadata\":{\"m\":\"" + CANARY + "\"}}");
        return owner;
    }

    private static Api callerOf(Caller caller, TestServer server, Api owner) {
        return switch (caller) {
            case NO_KEY -> owner.with(null);
            case GARBAGE -> owner.with("ctx_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_aaaaaa");
            case REVOKED -> {
                Reply key = owner.post("/v1/account/keys", "{\"name\":\"revoked\"}");
                owner.delete("/v1/account/keys/" + key.at("/key/id"));
                yield owner.with(key.at("/api_key"));
            }
            case EXPIRED -> {
                String expiry = server.clock().instant().plusSeconds(1).toString();
                Reply key = owner.post("/v1/account/keys", "{\"name\":\"expired\",\"expires_at\":\"" + expiry + "\"}");
                server.clock().advance(Duration.ofSeconds(2));
                yield owner.with(key.at("/api_key"));
            }
            case READ_ONLY ->
                owner.with(owner.post("/v1/account/keys", "{\"name\":\"r\",\"scopes\":[\"read\"]}")
                        .at("/api_key"));
            case OTHER_ACCOUNT -> server.newcomer();
            case OTHER_NAMESPACE ->
                owner.with(owner.post("/v1/account/keys", "{\"name\":\"e\",\"namespaces\":[\"elsewhere\"]}")
                        .at("/api_key"));
            case OWNER -> owner.with(owner.key());
        };
    }
}
