package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

interface SearchBehaviour extends Doors {
    @Test
    default void search_findsTheFrontPageExampleAtTheDefaultThreshold() {
        Memories memories = account();
        put(memories, "decision", "\"use postgres for the database\"");
        put(memories, "proverb", "\"the cat sat on the mat\"");

        var found = memories.search(SearchQuery.of("what database should I use"));

        assertEquals("what database should I use", found.query());
        assertEquals(List.of("decision"), keys(found.results()));
        assertEquals(
                "\"use postgres for the database\"",
                found.results().getFirst().entry().value().text());
        assertEquals(NS, found.results().getFirst().entry().namespace());
    }

    @Test
    default void hits_areOrderedByTheirSimilarity_andCutByThresholdAndLimit() {
        Memories memories = account();
        put(memories, "exact", "\"the zebra crossed the river at dawn\"");
        put(memories, "near", "\"a zebra slept\"");
        put(memories, "far", "\"quarterly tax report\"");

        List<Hit> all = search(memories, "zebra crossed the river at dawn", 0, 10);

        assertEquals("exact", all.getFirst().entry().key());
        for (int i = 1; i < all.size(); i++) {
            assertTrue(all.get(i - 1).similarity() >= all.get(i).similarity());
        }
        double best = all.getFirst().similarity();
        assertTrue(best > 0.7 && best <= 1, () -> "best " + best);
        assertEquals(List.of("exact"), keys(search(memories, "zebra crossed the river at dawn", 0, 1)));
        for (Hit hit : search(memories, "zebra crossed the river at dawn", 0.5, 10)) {
            assertTrue(hit.similarity() >= 0.5);
        }
    }

    @Test
    default void search_staysInItsNamespaceAndWithItsTags() {
        Memories memories = account();
        memories.createNamespace(NewNamespace.of("other"));
        tagged(memories, "zebra", "a", "b");
        tagged(memories, "zebra two", "a");
        memories.put("other", EntryDraft.of("zebra three", Json.parse("\"zebra\"")));

        assertEquals(3, search(memories, "zebra", null, List.of()).size());
        assertEquals(2, search(memories, "zebra", NS, List.of()).size());
        assertEquals(2, search(memories, "zebra", NS, List.of("a")).size());
        assertEquals(List.of("zebra"), keys(search(memories, "zebra", null, List.of("b", "a"))));
        assertEquals(List.of(), search(memories, "zebra", "other", List.of("a")));
        fails(NOT_FOUND, () -> search(memories, "zebra", "missing", List.of()));
        fails(NOT_FOUND, () -> memories.searchText(new TextQuery("zebra", "missing", 10)));
    }

    @Test
    default void everyWrite_isSeenByTheNextSearch() {
        Memories memories = account();
        for (int i = 0; i < 20; i++) {
            put(memories, "k", "\"about zebra\"");
            assertEquals(List.of("k"), keys(text(memories, "zebra")));
            put(memories, "k", "\"about walrus\"");
            assertEquals(List.of(), keys(text(memories, "zebra")));
            assertEquals(List.of("k"), keys(text(memories, "walrus")));
            memories.delete(NS, "k");
            assertEquals(List.of(), keys(text(memories, "walrus")));
        }
    }

    @Test
    default void explain_tellsHowASimilarityCameAbout() {
        Memories memories = account();
        put(memories, "k", "\"zebra\"");

        var explained = memories.search(new SearchQuery("zebra", NS, 1, 0, List.of(), true));
        var plain = memories.search(new SearchQuery("zebra", NS, 1, 0, List.of(), false));

        var explanation = explained.results().getFirst().explanation();
        assertNotNull(explanation);
        assertFalse(explanation.factors().isEmpty());
        double sum = explanation.factors().stream()
                .mapToDouble(factor -> factor.value() * factor.weight())
                .sum();
        assertEquals(
                1 / (1 + Math.exp(-(explanation.bias() + sum))),
                explained.results().getFirst().similarity(),
                1e-6);
        assertNull(plain.results().getFirst().explanation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zebra", "notes/2026/plan", "user preferences", "a-b_c.d", "größe", "?", "the"})
    default void textSearch_givesTheEntryOfThatKeyFirst(String key) {
        Memories memories = account();
        put(memories, key, "\"nothing of it\"");
        for (int i = 0; i < 5; i++) {
            put(memories, "other " + i, Json.string((key + " ").repeat(20)).text());
            put(memories, key + " " + i, Json.string(key).text());
        }

        List<Hit> first = memories.searchText(new TextQuery(key, NS, 1)).results();

        assertEquals(List.of(key), keys(first));
        assertTrue(first.getFirst().similarity() >= 0 && first.getFirst().similarity() <= 1);
    }

    @Test
    default void textSearch_findsWordsOfKeyAndValue() {
        Memories memories = account();
        put(memories, "zebra-facts", "{\"animal\":{\"sound\":\"quagga\"}}");
        put(memories, "else", "\"unrelated\"");

        assertEquals(List.of("zebra-facts"), keys(text(memories, "zebra")));
        assertEquals(List.of("zebra-facts"), keys(text(memories, "quagga")));
        assertEquals(List.of(), text(memories, "walrus"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a AND (b", "field:x", "*", "\\", "~", "🐘", "%_", "\n"})
    default void queries_areWordsAndNeverSyntax(String query) {
        Memories memories = account();
        put(memories, "k", "\"zebra\"");

        assertEquals(query, memories.search(SearchQuery.of(query)).query());
        assertEquals(query, memories.searchText(new TextQuery(query, null, 10)).query());
    }

    private static List<Hit> search(Memories memories, String query, double threshold, int limit) {
        return memories.search(new SearchQuery(query, null, limit, threshold, List.of(), false))
                .results();
    }

    private static List<Hit> search(Memories memories, String query, @Nullable String namespace, List<String> tags) {
        return memories.search(new SearchQuery(query, namespace, 10, 0, tags, false))
                .results();
    }

    private static List<Hit> text(Memories memories, String query) {
        return memories.searchText(new TextQuery(query, NS, 10)).results();
    }

    private static List<String> keys(List<Hit> hits) {
        return hits.stream().map(hit -> hit.entry().key()).toList();
    }
}
