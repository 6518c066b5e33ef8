package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TimeToLive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes over the wire, and what is made of what comes back.
final class HttpMemoriesTest {
    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.006Z");
    private static final String NAMESPACE = """
            {"id":"%s","slug":"myproject","name":"My Project","description":null,"entry_count":3,
             "created_at":"2026-01-02T03:04:05.006Z","updated_at":"2026-01-02T03:04:06.000Z"}""".formatted(ID);

    private final CannedServer server = new CannedServer();
    private final List<Json> seen = new ArrayList<>();
    private final HttpMemories memories = new HttpMemories(Endpoint.at(server.url()), "ctx_secret", seen::add);

    @AfterEach
    void close() {
        memories.close();
        server.close();
    }

    @Test
    void everyCall_carriesTheKeyAndAsksForJson() {
        server.answers(200, "{\"namespaces\":[]}");

        assertEquals(List.of(), memories.namespaces());

        var request = server.onlyRequest();
        assertEquals("GET /v1/namespaces", request.method() + " " + request.target());
        assertEquals("Bearer ctx_secret", request.header("Authorization"));
        assertEquals("application/json", request.header("Accept"));
        assertEquals("", request.body());
        assertNull(request.header("Content-Type"));
    }

    @Test
    void answers_areShownAsTheServerSentThem() {
        server.answers(200, "{\"namespaces\":[],\"more\":1.50}");

        memories.namespaces();

        assertEquals(List.of(Json.parse("{\"namespaces\":[],\"more\":1.50}")), seen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "decision | decision",
                "notes/2026/plan | notes%2F2026%2Fplan",
                "a/history | a%2Fhistory",
                "a//b/../c | a%2F%2Fb%2F..%2Fc",
                "what? #1 50% a+b&c=d | what%3F%20%231%2050%25%20a%2Bb%26c%3Dd",
                "größe 🐘 | gr%C3%B6%C3%9Fe%20%F0%9F%90%98",
                "~a-b_c.d;e:f@g | ~a-b_c.d%3Be%3Af%40g",
                "... | ...",
            })
    void keysInPaths_areEncodedButForUnreservedCharacters(String key, String encoded) {
        server.answers(200, entry(key, "1"));
        server.answers(200, "{\"history\":[]}");
        server.answers(200, "{\"deleted\":true,\"id\":\"" + ID + "\",\"key\":\"k\"}");

        memories.get("ns", key);
        memories.history("ns", key, HistoryOptions.DEFAULT);
        memories.delete("ns", key);

        String path = "/v1/namespaces/ns/entries/" + encoded;
        assertEquals(
                List.of(path, path + "/history?limit=100", path),
                server.requests.stream().map(CannedServer.Request::target).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a\ud800"})
    void keysThatNoPathCanCarry_areRefusedBeforeAnythingIsSent(String key) {
        var refused = assertThrows(MemoryException.class, () -> memories.delete("ns", key));

        assertEquals(ErrorCode.INVALID_KEY, refused.code());
        assertEquals(List.of(), server.requests);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void slugsThatWouldChangeThePath_areNotFound(String slug) {
        var missing = assertThrows(MemoryException.class, () -> memories.deleteNamespace(slug));

        assertEquals(ErrorCode.NOT_FOUND, missing.code());
        assertEquals(List.of(), server.requests);
    }

    @Test
    void createNamespace_sendsWhatWasGivenAndReadsTheNamespace() {
        server.answers(201, NAMESPACE);

        var namespace = memories.createNamespace(new NewNamespace("myproject", "My \"Project\"", "All\nof it"));

        assertEquals(ID, namespace.id());
        assertEquals("My Project", namespace.name());
        assertNull(namespace.description());
        assertEquals(3, namespace.entryCount());
        assertEquals(CREATED, namespace.createdAt());
        assertEquals(
                "{\"slug\":\"myproject\",\"name\":\"My \\\"Project\\\"\",\"description\":\"All\\nof it\"}",
                server.onlyRequest().body());
    }

    @Test
    void put_sendsTheWholeDraft() {
        server.answers(201, entry("decision", "\"use postgres\""));

        var draft = new EntryDraft(
                "decision",
                Json.parse("{\"n\": 1.10, \"big\": 12345678901234567890123.4567890e-5, \"s\": \"\\u00e9\\n\"}"),
                List.of("db", "a,b"),
                Json.parse("{\"by\": null}"),
                0.75,
                TimeToLive.seconds(3600));
        var saved = memories.put("myproject", draft);

        assertTrue(saved.created());
        assertEquals("myproject", saved.entry().namespace());
        assertEquals(EmbeddingState.PENDING, saved.entry().embedding());
        var request = server.onlyRequest();
        assertEquals("POST /v1/namespaces/myproject/entries", request.method() + " " + request.target());
        assertEquals("application/json", request.header("Content-Type"));
        assertEquals("""
                {"key":"decision",\
                "value":{"n":1.10,"big":12345678901234567890123.4567890e-5,"s":"é\\n"},\
                "tags":["db","a,b"],"metadata":{"by":null},"importance":0.75,"ttl_seconds":3600}""", request.body());
    }

    @Test
    void put_tellsAnUpdateByItsStatus() {
        server.answers(200, entry("k", "null"));

        assertFalse(memories.put("ns", EntryDraft.of("k", Json.NULL)).created());
    }

    @Test
    void put_saysNothingAboutATimeToLiveThatStays_andNullForOneThatGoes() {
        server.answers(200, entry("k", "1")).answers(200, entry("k", "1"));

        memories.put("ns", EntryDraft.of("k", Json.NULL));
        memories.put("ns", new EntryDraft("k", Json.NULL, List.of(), Json.EMPTY_OBJECT, 0.5, TimeToLive.NEVER));

        assertFalse(server.requests.getFirst().body().contains("ttl"));
        assertTrue(server.requests.getLast().body().contains("\"ttl_seconds\":null"));
    }

    @Test
    void get_keepsEveryDigitOfTheValue() {
        String value = "{\"price\":1.10,\"big\":98765432109876543210987654321,\"tiny\":1E-300,\"minus\":-0.0}";
        server.answers(200, entry("k", value));

        var entry = memories.get("ns", "k");

        assertEquals(value, entry.value().text());
        assertEquals(0.5, entry.importance());
        assertEquals(7, entry.version());
        assertEquals(3600L, entry.ttlSeconds());
        assertEquals(CREATED.plusSeconds(3600), entry.expiresAt());
        assertEquals(List.of("db"), entry.tags());
        assertEquals("{\"source\":\"chat\"}", entry.metadata().text());
    }

    @Test
    void list_repeatsTheTagAndPassesTheCursorOn() {
        server.answers(200, "{\"entries\":[" + entry("k", "1") + "],\"next_cursor\":\"c/2=\"}");

        var page = memories.list("ns", new ListOptions(List.of("a b", "c&d"), 20, "c/1="));

        assertEquals("c/2=", page.nextCursor());
        assertEquals("k", page.entries().getFirst().key());
        assertEquals(
                "/v1/namespaces/ns/entries?limit=20&tag=a%20b&tag=c%26d&cursor=c%2F1%3D",
                server.onlyRequest().target());
    }

    @Test
    void list_readsAPageOfMoreTokensThanOneRequestMayHave() {
        String value = "[" + "1,".repeat(2999) + "1]";
        var entries = new StringBuilder(entry("k0", value));
        for (int i = 1; i < 100; i++) {
            entries.append(',').append(entry("k" + i, value));
        }
        server.answers(200, "{\"entries\":[" + entries + "],\"next_cursor\":null}");

        var page = memories.list("ns", new ListOptions(List.of(), 100, null));

        assertEquals(100, page.entries().size());
        assertEquals(value, page.entries().getLast().value().text());
        assertNull(page.nextCursor());
    }

    @Test
    void delete_readsWhatIsGone() {
        server.answers(200, "{\"deleted\":true,\"id\":\"" + ID + "\",\"key\":\"decision\"}");

        var deleted = memories.delete("ns", ID.toString());

        assertEquals("decision", deleted.key());
        assertEquals(ID, deleted.id());
        assertEquals("DELETE", server.onlyRequest().method());
    }

    @Test
    void history_readsVersionsWithDeletionsAndTheirWriters() {
        server.answers(200, """
                {"history":[
                  {"version":2,"value":null,"tags":[],"metadata":{},"importance":0.5,"ttl_seconds":null,
                   "changed_at":"2026-01-02T03:04:05.006Z","deleted":true,"key_id":"%s","request_id":"req_1"},
                  {"version":1,"value":"old","tags":["t"],"metadata":{"a":1},"importance":1,"ttl_seconds":60,
                   "changed_at":"2026-01-02T03:04:05Z"}],"next_cursor":"more"}""".formatted(ID));

        var page = memories.history("ns", "k", new HistoryOptions(2, "from"));

        assertEquals(
                "/v1/namespaces/ns/entries/k/history?limit=2&cursor=from",
                server.onlyRequest().target());
        assertEquals("more", page.nextCursor());
        var deletion = page.history().getFirst();
        assertTrue(deletion.deleted());
        assertTrue(deletion.value().isNull());
        assertEquals(ID, deletion.keyId());
        assertEquals("req_1", deletion.requestId());
        var first = page.history().getLast();
        assertFalse(first.deleted());
        assertEquals("\"old\"", first.value().text());
        assertEquals(60L, first.ttlSeconds());
        assertNull(first.keyId());
    }

    @Test
    void search_sendsTheWholeQuestionAndReadsSimilaritiesWithTheirReasons() {
        server.answers(200, "{\"results\":[" + hit("decision", 0.93) + "],\"query\":\"what database\",\"count\":1}");

        var found = memories.search(new SearchQuery("what database", "myproject", 5, 0.25, List.of("db"), true));

        assertEquals("""
                {"query":"what database","namespace":"myproject","limit":5,"threshold":0.25,"tags":["db"],\
                "explain":true}""", server.onlyRequest().body());
        assertEquals("what database", found.query());
        var hit = found.results().getFirst();
        assertEquals(0.93, hit.similarity());
        assertEquals("decision", hit.entry().key());
        assertEquals(
                new Explanation(-9.5, List.of(new Explanation.Factor("cosine", 0.52, 10.5)), 0.52), hit.explanation());
    }

    @Test
    void searchText_asksWithoutANamespaceWhenThereIsNone() {
        server.answers(200, "{\"results\":[],\"query\":\"x\",\"count\":0}");

        assertEquals(List.of(), memories.searchText(new TextQuery("x", null, 1)).results());

        assertEquals("/v1/search/text", server.onlyRequest().target());
        assertEquals("{\"query\":\"x\",\"limit\":1}", server.onlyRequest().body());
    }

    @Test
    void account_readsUsageAndUnlimitedLimits() {
        server.answers(200, """
                {"account":{"id":"%s","email":"a@b.c","name":null,"tier":"team","created_at":"2026-01-02T03:04:05.006Z"},
                 "usage":{"namespaces":{"current":2,"limit":-1},"entries":{"current":7,"limit":1000},
                          "requests":{"current":0,"limit":-1}}}""".formatted(ID));

        var usage = memories.account();

        assertEquals(Tier.TEAM, usage.account().tier());
        assertEquals("a@b.c", usage.account().email());
        assertEquals(new Quota(2, Quota.UNLIMITED), usage.namespaces());
        assertEquals(new Quota(7, 1000), usage.entries());
    }

    @Test
    void createKey_sendsItsBoundsAndReadsTheTokenOnce() {
        server.answers(201, """
                {"api_key":"ctx_new","key":{"id":"%s","key_prefix":"ctx_ab","name":"ci","scopes":["read"],
                 "namespaces":["ns"],"rate_limit":10,"last_used_at":null,"expires_at":"2026-01-02T03:04:05.006Z",
                 "created_at":"2026-01-02T03:04:05.006Z"}}""".formatted(ID));

        var issued =
                memories.createKey(new NewKey("ci", Set.of(Scope.WRITE, Scope.READ), Set.of("ns", "a"), 10, CREATED));

        assertEquals("ctx_new", issued.token());
        assertEquals(Set.of(Scope.READ), issued.key().scopes());
        assertEquals(10, issued.key().rateLimit());
        assertEquals("""
                {"name":"ci","scopes":["read","write"],"namespaces":["a","ns"],"rate_limit":10,\
                "expires_at":"2026-01-02T03:04:05.006Z"}""", server.onlyRequest().body());
    }

    @Test
    void keys_readsKeysWithoutBounds() {
        server.answers(200, """
                {"keys":[{"id":"%s","key_prefix":"ctx_","name":"default","scopes":["read","write","delete","admin"],
                 "namespaces":[],"rate_limit":null,"last_used_at":"2026-01-02T03:04:05.006Z","expires_at":null,
                 "created_at":"2026-01-02T03:04:05.006Z"}]}""".formatted(ID));

        var key = memories.keys().getFirst();

        assertEquals(Scope.all(), key.scopes());
        assertEquals(Set.of(), key.namespaces());
        assertNull(key.rateLimit());
        assertEquals(CREATED, key.lastUsedAt());
    }

    @Test
    void revokeKey_addressesTheKeyById() {
        server.answers(200, "{\"deleted\":true,\"id\":\"" + ID + "\"}");

        memories.revokeKey(ID);

        var request = server.onlyRequest();
        assertEquals("DELETE /v1/account/keys/" + ID, request.method() + " " + request.target());
    }

    @Test
    void limits_areTheServersOwnObject() {
        server.answers(200, "{\"value_bytes_max\":1048576}");

        assertEquals(
                "1048576",
                Objects.requireNonNull(memories.limits().members().get("value_bytes_max"))
                        .text());
        assertEquals("/v1/limits", server.onlyRequest().target());
    }

    @Test
    void aServerBelowAPath_isAddressedThere() {
        server.answers(200, "{\"namespaces\":[]}");

        try (var mounted = new HttpMemories(Endpoint.at(server.url() + "/memory/"), "ctx_secret")) {
            mounted.namespaces();
        }

        assertEquals("/memory/v1/namespaces", server.onlyRequest().target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ctx_a b", "ctx_a\r\nX-Evil: 1", "ctx_ü"})
    void apiKeysThatNoHeaderCanCarry_areRefused(String apiKey) {
        var refused =
                assertThrows(MemoryException.class, () -> new HttpMemories(Endpoint.at("http://127.0.0.1:1"), apiKey));

        assertEquals(ErrorCode.INVALID_API_KEY, refused.code());
    }

    static String entry(String key, String value) {
        return """
               {"id":"%s","key":%s,"value":%s,"namespace":"myproject","tags":["db"],"metadata":{"source":"chat"},
                "importance":0.5,"ttl_seconds":3600,"expires_at":"2026-01-02T04:04:05.006Z","version":7,
                "created_at":"2026-01-02T03:04:05.006Z","updated_at":"2026-01-02T03:04:05.006Z",
                "embedding":"pending"}""".formatted(ID, Json.string(key), value);
    }

    private static String hit(String key, double similarity) {
        String entry = entry(key, "\"use postgres\"");
        return entry.substring(0, entry.length() - 1)
                + ",\"similarity\":" + similarity
                + ",\"explanation\":{\"bias\":-9.5,\"cosine\":0.52,"
                + "\"factors\":[{\"name\":\"cosine\",\"value\":0.52,\"weight\":10.5}]}}";
    }
}
