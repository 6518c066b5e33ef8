package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Reads that a standby may answer ask for what this client has written.
final class LateReadsTest {
    private static final String ENTRY = """
            {"id":"01890a5d-ac96-774b-bcce-b302099a8057","key":"k","value":1,"namespace":"ns","tags":[],"metadata":{},
             "importance":0.5,"ttl_seconds":null,"expires_at":null,"version":1,"created_at":"2026-01-02T03:04:05.006Z",
             "updated_at":"2026-01-02T03:04:05.006Z","embedding":"ready"}""";

    private final CannedServer server = new CannedServer();
    private final HttpMemories memories = new HttpMemories(Endpoint.at(server.url()), "ctx_secret");
    private final HttpMemories late = memories.withLateReads();

    @AfterEach
    void close() {
        memories.close();
        server.close();
    }

    private String lastTarget() {
        return server.requests.getLast().target();
    }

    private void write(long revision) {
        server.answers(201, ENTRY, Map.of("Account-Revision", String.valueOf(revision)));
        assertEquals(
                revision,
                memories.put("ns", EntryDraft.of("k", Json.parse("1"))).revision());
    }

    @Test
    void withoutAWrite_anyStateWillDo() {
        server.answers(200, ENTRY);
        late.get("ns", "k");
        assertEquals("/v1/namespaces/ns/entries/k?consistency=eventual&min_revision=0", lastTarget());
    }

    @Test
    void everyRead_asksForTheNewestWrite() {
        write(41);
        write(40);
        String asked = "consistency=eventual&min_revision=41";
        server.answers(200, ENTRY);
        late.get("ns", "k");
        assertEquals("/v1/namespaces/ns/entries/k?" + asked, lastTarget());
        server.answers(200, "{\"entries\":[],\"next_cursor\":null}");
        late.list("ns", new ListOptions(List.of("t"), 5, null));
        assertEquals("/v1/namespaces/ns/entries?limit=5&tag=t&" + asked, lastTarget());
        server.answers(200, "{\"history\":[],\"next_cursor\":null}");
        late.history("ns", "k", new HistoryOptions(5, null));
        assertEquals("/v1/namespaces/ns/entries/k/history?limit=5&" + asked, lastTarget());
        server.answers(200, "{\"results\":[],\"query\":\"q\",\"count\":0}");
        late.search(SearchQuery.of("q"));
        assertEquals("/v1/search?" + asked, lastTarget());
        server.answers(200, "{\"results\":[],\"query\":\"q\",\"count\":0}");
        late.searchText(new TextQuery("q", null, 1));
        assertEquals("/v1/search/text?" + asked, lastTarget());
    }

    @Test
    void deletions_areWrites() {
        server.answers(
                200,
                "{\"deleted\":true,\"id\":\"01890a5d-ac96-774b-bcce-b302099a8057\",\"key\":\"k\"}",
                Map.of("Account-Revision", "7"));
        assertEquals(7, memories.delete("ns", "k").revision());
        server.answers(200, "{\"deleted\":true,\"slug\":\"ns\"}", Map.of("Account-Revision", "8"));
        assertEquals(8, late.deleteNamespace("ns").revision());
        server.answers(200, ENTRY);
        late.get("ns", "k");
        assertEquals("/v1/namespaces/ns/entries/k?consistency=eventual&min_revision=8", lastTarget());
    }

    @Test
    void readsThatMayNotBeLate_sayNothing() {
        write(41);
        server.answers(200, ENTRY);
        memories.get("ns", "k");
        assertEquals("/v1/namespaces/ns/entries/k", lastTarget());
    }

    @Test
    void aServerThatTellsNoRevision_isUnderstood() {
        server.answers(201, ENTRY);
        assertEquals(0, memories.put("ns", EntryDraft.of("k", Json.parse("1"))).revision());
    }
}
