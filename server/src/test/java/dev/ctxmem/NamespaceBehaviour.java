package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.ALREADY_EXISTS;
import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static dev.ctxmem.core.ErrorCode.TIER_LIMIT_REACHED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TimeToLive;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

interface NamespaceBehaviour extends Doors {
    @Test
    default void namespace_isThereAsItWasCreated() {
        Memories memories = open(Tier.TEAM);

        Namespace created = memories.createNamespace(new NewNamespace("my-project", "My \"Projekt\" ö", "two\nlines"));

        assertEquals("my-project", created.slug());
        assertEquals("My \"Projekt\" ö", created.name());
        assertEquals("two\nlines", created.description());
        assertEquals(0, created.entryCount());
        assertEquals(created, memories.namespace("my-project"));
        assertEquals(List.of(created), memories.namespaces());
    }

    @Test
    default void namespace_withoutNameAndDescription_isCalledByItsSlug() {
        Namespace created = open(Tier.TEAM).createNamespace(NewNamespace.of("a"));

        assertEquals("a", created.name());
        assertNull(created.description());
    }

    @Test
    default void namespaces_areListedBySlug() {
        Memories memories = open(Tier.TEAM);
        for (String slug : List.of("b", "a-1", "a", "10", "9")) {
            memories.createNamespace(NewNamespace.of(slug));
        }

        assertEquals(
                List.of("10", "9", "a", "a-1", "b"),
                memories.namespaces().stream().map(Namespace::slug).toList());
    }

    @Test
    default void createNamespace_ofATakenSlug_isRefused() {
        Memories memories = account();
        Namespace before = memories.namespace(NS);

        fails(ALREADY_EXISTS, () -> memories.createNamespace(new NewNamespace(NS, "another", null)));

        assertEquals(before, memories.namespace(NS));
    }

    @Test
    default void createNamespace_beyondTheTier_isRefusedAndSaysWhereTheAccountStands() {
        Memories memories = open(Tier.FREE);
        memories.createNamespace(NewNamespace.of("a"));

        var refused = fails(TIER_LIMIT_REACHED, () -> memories.createNamespace(NewNamespace.of("b")));

        assertEquals(Optional.of(new Quota(1, 1)), refused.quota());
        memories.deleteNamespace("a");
        assertEquals("b", memories.createNamespace(NewNamespace.of("b")).slug());
    }

    @Test
    default void entryCount_countsLiveEntries() {
        Memories memories = account();
        put(memories, "a", "1");
        put(memories, "a", "2");
        put(memories, "b", "1");
        put(memories, "c", TimeToLive.seconds(60));
        assertEquals(3, memories.namespace(NS).entryCount());

        memories.delete(NS, "b");
        pass(Duration.ofSeconds(60));

        assertEquals(1, memories.namespace(NS).entryCount());
        assertEquals(1, memories.namespaces().getFirst().entryCount());
    }

    @Test
    default void deleteNamespace_erasesItsEntries() {
        Memories memories = account();
        put(memories, "a", "\"zebra\"");
        memories.createNamespace(NewNamespace.of("other"));
        memories.put("other", EntryDraft.of("a", Json.parse("\"stays\"")));

        memories.deleteNamespace(NS);

        fails(NOT_FOUND, () -> memories.namespace(NS));
        fails(NOT_FOUND, () -> memories.get(NS, "a"));
        memories.createNamespace(NewNamespace.of(NS));
        assertEquals(List.of(), keys(memories));
        fails(NOT_FOUND, () -> memories.get(NS, "a"));
        assertEquals("\"stays\"", memories.get("other", "a").value().text());
    }

    @Test
    default void aMissingNamespace_isNotFoundByAnyVerb() {
        Memories memories = account();

        for (String slug : List.of("missing", "No Slug", "a/b", "..", "größe")) {
            fails(NOT_FOUND, () -> memories.namespace(slug));
            fails(NOT_FOUND, () -> memories.deleteNamespace(slug));
            fails(NOT_FOUND, () -> memories.get(slug, "a"));
            fails(NOT_FOUND, () -> memories.put(slug, EntryDraft.of("a", Json.NULL)));
            fails(NOT_FOUND, () -> memories.delete(slug, "a"));
        }
    }
}
