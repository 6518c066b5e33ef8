package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.TextQuery;
import dev.ctxmem.core.Tier;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What is another account's looks exactly like what is not there.
interface IsolationBehaviour extends Doors {
    @Test
    default void anotherAccountsNamespace_looksMissingToEveryVerb() {
        Memories mine = account();
        Entry entry = put(mine, "zebra", "\"zebra\"");
        Memories stranger = open(Tier.TEAM);
        String id = entry.id().toString();

        sameFailure(() -> stranger.namespace(NS), () -> stranger.namespace("missing"));
        sameFailure(() -> stranger.deleteNamespace(NS), () -> stranger.deleteNamespace("missing"));
        sameFailure(() -> stranger.get(NS, "zebra"), () -> stranger.get("missing", "zebra"));
        var draft = EntryDraft.of("zebra", Json.NULL);
        sameFailure(() -> stranger.put(NS, draft), () -> stranger.put("missing", draft));
        sameFailure(() -> stranger.delete(NS, "zebra"), () -> stranger.delete("missing", "zebra"));
        sameFailure(() -> stranger.delete(NS, id), () -> stranger.delete("missing", id));
        sameFailure(() -> stranger.list(NS, ListOptions.DEFAULT), () -> stranger.list("missing", ListOptions.DEFAULT));
        sameFailure(
                () -> stranger.history(NS, "zebra", HistoryOptions.DEFAULT),
                () -> stranger.history("missing", "zebra", HistoryOptions.DEFAULT));
        sameFailure(
                () -> stranger.search(SearchQuery.of("zebra").in(NS)),
                () -> stranger.search(SearchQuery.of("zebra").in("missing")));
        assertEquals(List.of(), stranger.namespaces());
        assertEquals("\"zebra\"", mine.get(NS, "zebra").value().text());
    }

    @Test
    default void searches_findNothingOfAnotherAccount() {
        put(account(), "zebra", "\"zebra\"");
        Memories stranger = account();

        assertEquals(
                List.of(),
                stranger.search(new SearchQuery("zebra", null, 100, 0, List.of(), false))
                        .results());
        assertEquals(
                List.of(),
                stranger.searchText(new TextQuery("zebra", null, 100)).results());
    }

    @Test
    default void anotherAccountsEntryId_deletesNothing() {
        Memories mine = account();
        Entry entry = put(mine, "k", "1");
        Memories stranger = account();

        sameFailure(
                () -> stranger.delete(NS, entry.id().toString()),
                () -> stranger.delete(NS, UUID.randomUUID().toString()));
        assertEquals("1", mine.get(NS, "k").value().text());
    }

    @Test
    default void theSameNamesInTwoAccounts_areTwoThings() {
        Memories one = account();
        Memories two = account();
        put(one, "k", "1");
        put(two, "k", "2");
        put(two, "k", "3");

        assertEquals("1", one.get(NS, "k").value().text());
        assertEquals("3", two.get(NS, "k").value().text());
        two.deleteNamespace(NS);
        assertEquals(1, one.namespace(NS).entryCount());
    }

    @Test
    default void usage_countsTheAccountsOwn() {
        Memories mine = account();
        mine.createNamespace(NewNamespace.of("second"));
        put(mine, "a", "1");
        put(mine, "b", "1");
        Memories stranger = account();

        assertEquals(2, mine.account().namespaces().current());
        assertEquals(2, mine.account().entries().current());
        assertEquals(1, stranger.account().namespaces().current());
        assertEquals(0, stranger.account().entries().current());
        assertEquals(Tier.TEAM, mine.account().account().tier());
    }

    @Test
    default void anotherAccountsKeys_areNeitherSeenNorRevoked() {
        Memories mine = account();
        UUID key = mine.keys().getFirst().id();
        Memories stranger = account();

        assertEquals(1, stranger.keys().size());
        sameFailure(() -> stranger.revokeKey(key), () -> stranger.revokeKey(UUID.randomUUID()));
        assertEquals(key, mine.keys().getFirst().id());
    }

    private void sameFailure(Executable ofAnother, Executable ofNothing) {
        assertEquals(
                fails(NOT_FOUND, ofNothing).detail(),
                fails(NOT_FOUND, ofAnother).detail());
    }
}
