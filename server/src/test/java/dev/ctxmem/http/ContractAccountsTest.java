package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.SignupRule;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Signup, account and keys, row by row.
class ContractAccountsTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void signup_showsTheKeyAndTheAccount() {
        try (Api api = server.anybody()) {
            Reply reply = api.post("/v1/signup", "{\"email\":\"ada@example.com\",\"name\":\"Ada\"}");
            assertEquals(201, reply.status());
            assertEquals("ada@example.com", reply.at("/account/email"));
            assertEquals("Ada", reply.at("/account/name"));
            assertEquals("team", reply.at("/account/tier"));
            assertEquals(200, api.with(reply.at("/api_key")).get("/v1/account").status());
        }
    }

    @Test
    void signup_hasAnAlias() {
        try (Api api = server.anybody()) {
            assertEquals(
                    201, api.post("/signup", "{\"email\":\"ada@example.com\"}").status());
        }
    }

    @Test
    void signup_needsNoBody() {
        try (Api api = server.anybody()) {
            Reply reply = api.post("/v1/signup", null);
            assertEquals(201, reply.status());
            assertEquals("admin@localhost", reply.at("/account/email"));
        }
    }

    @Test
    void signup_withABodyNeedsAnEmail() {
        try (Api api = server.anybody()) {
            Reply reply = api.post("/v1/signup", "{\"name\":\"Ada\"}");
            assertEquals(422, reply.status());
            assertEquals("/email", reply.at("/errors/0/pointer"));
        }
    }

    @Test
    void signup_isForTheFirstAloneByDefault() {
        try (TestServer first =
                        TestServer.with().signup(SignupRule.FIRST, Tier.TEAM).start();
                Api api = first.anybody()) {
            assertEquals(201, api.post("/v1/signup", null).status());
            Reply second = api.post("/v1/signup", null);
            assertEquals(403, second.status());
            assertEquals("SIGNUP_CLOSED", second.at("/code"));
        }
    }

    @Test
    void account_tellsUsageAgainstLimits() {
        try (Api api = server.newcomerWithNamespace()) {
            api.put("/v1/namespaces/ns/entries/k", "{\"value\":1}");
            Reply reply = api.get("/v1/account");
            assertEquals(200, reply.status());
            assertEquals("someone@example.com", reply.at("/account/email"));
            assertEquals(1, reply.json().at("/usage/namespaces/current").asInt());
            assertEquals(1, reply.json().at("/usage/entries/current").asInt());
            assertEquals(3, reply.json().at("/usage/requests/current").asInt());
        }
    }

    @Test
    void unlimited_isWrittenAsMinusOne() {
        try (Api api = server.newcomer()) {
            Reply reply = api.get("/v1/account");
            Stream.of("namespaces", "entries", "requests")
                    .forEach(what -> assertEquals(
                            -1, reply.json().at("/usage/" + what + "/limit").asInt()));
        }
    }

    @Test
    void keys_areListedWithoutSecrets() {
        try (Api api = server.newcomer()) {
            Reply reply = api.get("/v1/account/keys");
            assertEquals(200, reply.status());
            assertEquals("default", reply.at("/keys/0/name"));
            assertTrue(String.valueOf(api.key()).startsWith(reply.at("/keys/0/key_prefix")));
            assertTrue(reply.text().indexOf(String.valueOf(api.key())) < 0);
        }
    }

    @Test
    void key_isIssuedUsedAndRevoked() {
        try (Api api = server.newcomer()) {
            Reply issued = api.post(
                    "/v1/account/keys",
                    "{\"name\":\"reader\",\"scopes\":[\"read\"],\"rate_limit\":50,\"expires_at\":\"2999-01-01T00:00:00+01:00\"}");
            assertEquals(201, issued.status());
            assertEquals("[\"read\"]", issued.json().at("/key/scopes").toString());
            assertEquals("2998-12-31T23:00:00.000Z", issued.at("/key/expires_at"));
            try (Api reader = api.with(issued.at("/api_key"))) {
                assertEquals(200, reader.get("/v1/namespaces").status());
                Reply deleted = api.delete("/v1/account/keys/" + issued.at("/key/id"));
                assertEquals(200, deleted.status());
                assertEquals(issued.at("/key/id"), deleted.at("/id"));
                assertTrue(deleted.json().at("/deleted").asBoolean());
                assertEquals(401, reader.get("/v1/namespaces").status());
            }
        }
    }

    @Test
    void key_inheritsWhatItDoesNotAskFor() {
        try (Api api = server.newcomerWithNamespace()) {
            Reply bound = api.post(
                    "/v1/account/keys",
                    "{\"name\":\"bound\",\"scopes\":[\"read\",\"admin\"],\"namespaces\":[\"ns\"],\"rate_limit\":9}");
            Reply child = api.with(bound.at("/api_key")).post("/v1/account/keys", "{\"name\":\"child\"}");
            assertEquals(201, child.status());
            assertEquals("[\"read\",\"admin\"]", child.json().at("/key/scopes").toString());
            assertEquals("[\"ns\"]", child.json().at("/key/namespaces").toString());
            assertEquals(9, child.json().at("/key/rate_limit").asInt());
        }
    }

    @Test
    void key_neverExceedsItsParent() {
        try (Api api = server.newcomer()) {
            Reply admin = api.post("/v1/account/keys", "{\"name\":\"a\",\"scopes\":[\"admin\"]}");
            Reply reply = api.with(admin.at("/api_key"))
                    .post("/v1/account/keys", "{\"name\":\"b\",\"scopes\":[\"admin\",\"write\"]}");
            assertEquals(403, reply.status());
            assertEquals("SCOPE_ESCALATION", reply.at("/code"));
        }
    }

    @Test
    void key_isRefusedWithAPointer() {
        try (Api api = server.newcomer()) {
            List.of(
                            List.of("{}", "/name"),
                            List.of("{\"name\":\"k\",\"scopes\":[\"fly\"]}", "/scopes"),
                            List.of("{\"name\":\"k\",\"scopes\":\"read\"}", "/scopes"),
                            List.of("{\"name\":\"k\",\"rate_limit\":0}", "/rate_limit"),
                            List.of("{\"name\":\"k\",\"rate_limit\":1.5}", "/rate_limit"),
                            List.of("{\"name\":\"k\",\"expires_at\":\"tomorrow\"}", "/expires_at"),
                            List.of("{\"name\":\"k\",\"expires_at\":\"+300000-01-01T00:00:00Z\"}", "/expires_at"),
                            List.of("{\"name\":\"k\",\"expires_at\":\"2001-01-01T00:00:00Z\"}", "/expires_at"))
                    .forEach(row -> {
                        Reply reply = api.post("/v1/account/keys", row.get(0));
                        assertEquals(422, reply.status(), row::toString);
                        assertEquals(row.get(1), reply.at("/errors/0/pointer"), row::toString);
                    });
        }
    }

    @Test
    void key_ofAnotherAccountIsNotThere() {
        try (Api api = server.newcomer();
                Api other = server.newcomer()) {
            String id = other.get("/v1/account/keys").at("/keys/0/id");
            Reply foreign = api.delete("/v1/account/keys/" + id);
            Reply unknown = api.delete("/v1/account/keys/00000000-0000-7000-8000-000000000000");
            Reply nonsense = api.delete("/v1/account/keys/nonsense");
            assertEquals(404, foreign.status());
            assertEquals(foreign.at("/detail"), unknown.at("/detail"));
            assertEquals(foreign.at("/detail"), nonsense.at("/detail"));
        }
    }

    @Test
    void everyLimitOfTheTier_isTold() {
        try (TestServer small = TestServer.with()
                        .signup(SignupRule.OPEN, Tier.FREE)
                        .tier(Tier.FREE, new TierLimits(1, 2, 8, -1))
                        .start();
                Api api = small.newcomerWithNamespace()) {
            assertLimit(api.post("/v1/namespaces", "{\"slug\":\"two\"}"), 1, 1);
            IntStream.range(0, 2).forEach(i -> api.put("/v1/namespaces/ns/entries/" + i, "{\"value\":1}"));
            assertLimit(api.put("/v1/namespaces/ns/entries/3", "{\"value\":1}"), 2, 2);
            assertEquals(
                    200, api.put("/v1/namespaces/ns/entries/1", "{\"value\":2}").status());
            assertEquals(200, api.get("/v1/account").status());
            assertEquals(200, api.get("/v1/account").status());
            assertLimit(api.get("/v1/account"), 8, 8);
        }
    }

    private static void assertLimit(Reply reply, long limit, long current) {
        assertEquals(403, reply.status(), reply::toString);
        assertEquals("TIER_LIMIT_REACHED", reply.at("/code"));
        assertEquals(limit, reply.json().at("/limit").asLong());
        assertEquals(current, reply.json().at("/current").asLong());
        assertNotEquals("", reply.at("/upgrade"));
    }
}
