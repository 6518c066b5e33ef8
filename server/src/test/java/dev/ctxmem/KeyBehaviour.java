package dev.ctxmem;

import static dev.ctxmem.core.ErrorCode.INSUFFICIENT_SCOPE;
import static dev.ctxmem.core.ErrorCode.INVALID_API_KEY;
import static dev.ctxmem.core.ErrorCode.NOT_FOUND;
import static dev.ctxmem.core.ErrorCode.SCOPE_ESCALATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

interface KeyBehaviour extends Doors {
    /// Longer than any server takes to forget a key.
    Duration REVOCATION = Duration.ofSeconds(6);

    @Test
    default void aNewAccount_hasOneKeyThatMayDoEverything() {
        List<ApiKey> keys = account().keys();

        assertEquals(1, keys.size());
        assertEquals(Scope.all(), keys.getFirst().scopes());
        assertEquals(Set.of(), keys.getFirst().namespaces());
    }

    @Test
    default void aNewKey_worksAtOnceAndIsListedLast() {
        Memories memories = account();
        put(memories, "k", "1");
        pass(Duration.ofSeconds(1));

        IssuedKey issued = memories.createKey(NewKey.unrestricted("ci"));

        assertTrue(issued.token().startsWith("ctx_"));
        assertEquals("1", as(issued.token()).get(NS, "k").value().text());
        List<ApiKey> keys = memories.keys();
        assertEquals(2, keys.size());
        assertEquals(issued.key().id(), keys.getLast().id());
        assertEquals("ci", keys.getLast().name());
        assertTrue(issued.token().startsWith(keys.getLast().prefix()));
    }

    @Test
    default void aRevokedKey_opensNothing() {
        Memories memories = account();
        IssuedKey issued = memories.createKey(NewKey.unrestricted("ci"));
        as(issued.token()).namespaces();

        memories.revokeKey(issued.key().id());
        pass(REVOCATION);

        fails(INVALID_API_KEY, () -> as(issued.token()).namespaces());
        assertEquals(1, memories.keys().size());
        fails(NOT_FOUND, () -> memories.revokeKey(issued.key().id()));
        fails(NOT_FOUND, () -> memories.revokeKey(UUID.randomUUID()));
    }

    @Test
    default void keysThatNeverWere_openNothing() {
        fails(INVALID_API_KEY, () -> as("ctx_nobody").namespaces());
        String token = account().createKey(NewKey.unrestricted("ci")).token();
        char last = token.charAt(token.length() - 1);
        String forged = token.substring(0, token.length() - 1) + (last == 'a' ? 'b' : 'a');
        fails(INVALID_API_KEY, () -> as(forged).namespaces());
    }

    @Test
    default void anExpiredKey_opensNothing() {
        Memories memories = account();
        Instant now = put(memories, "k", "1").updatedAt();
        var hour = new NewKey("hour", Scope.all(), Set.of(), null, now.plus(Duration.ofHours(1)));
        String token = memories.createKey(hour).token();

        pass(Duration.ofMinutes(59));
        assertEquals("1", as(token).get(NS, "k").value().text());
        pass(Duration.ofMinutes(1));

        fails(INVALID_API_KEY, () -> as(token).namespaces());
    }

    @Test
    default void aKeyThatMayRead_changesNothing() {
        Memories memories = account();
        put(memories, "k", "1");

        Memories reader = with(memories, Scope.READ);

        assertEquals("1", reader.get(NS, "k").value().text());
        assertEquals(NS, reader.namespaces().getFirst().slug());
        assertEquals("zebra", reader.search(SearchQuery.of("zebra")).query());
        fails(INSUFFICIENT_SCOPE, () -> put(reader, "k", "2"));
        fails(INSUFFICIENT_SCOPE, () -> reader.createNamespace(NewNamespace.of("new")));
        fails(INSUFFICIENT_SCOPE, () -> reader.delete(NS, "k"));
        fails(INSUFFICIENT_SCOPE, () -> reader.deleteNamespace(NS));
        fails(INSUFFICIENT_SCOPE, reader::keys);
        fails(INSUFFICIENT_SCOPE, () -> reader.createKey(NewKey.unrestricted("more")));
        fails(INSUFFICIENT_SCOPE, () -> reader.revokeKey(UUID.randomUUID()));
        assertEquals("1", memories.get(NS, "k").value().text());
    }

    @Test
    default void aKeyThatMayWrite_neitherReadsNorDeletes() {
        Memories memories = account();

        Memories writer = with(memories, Scope.WRITE);

        assertEquals(1, put(writer, "k", "1").version());
        fails(INSUFFICIENT_SCOPE, () -> writer.get(NS, "k"));
        fails(INSUFFICIENT_SCOPE, () -> writer.search(SearchQuery.of("k")));
        fails(INSUFFICIENT_SCOPE, () -> writer.delete(NS, "k"));
        assertEquals("k", with(memories, Scope.DELETE).delete(NS, "k").key());
    }

    @Test
    default void aKeyOfANamespace_seesNoOther() {
        Memories memories = account();
        memories.createNamespace(NewNamespace.of("other"));
        put(memories, "zebra", "\"zebra\"");
        memories.put("other", EntryDraft.of("zebra", Json.parse("\"zebra\"")));
        var bound = new NewKey("bound", Scope.all(), Set.of("other"), null, null);

        Memories other = as(memories.createKey(bound).token());

        assertEquals(
                List.of("other"),
                other.namespaces().stream().map(Namespace::slug).toList());
        fails(NOT_FOUND, () -> other.namespace(NS));
        fails(NOT_FOUND, () -> other.get(NS, "zebra"));
        fails(NOT_FOUND, () -> put(other, "zebra", "2"));
        fails(NOT_FOUND, () -> other.deleteNamespace(NS));
        fails(NOT_FOUND, () -> other.createNamespace(NewNamespace.of("new")));
        var everywhere = new SearchQuery("zebra", null, 10, 0, List.of(), false);
        assertEquals(
                List.of("other"),
                other.search(everywhere).results().stream()
                        .map(hit -> hit.entry().namespace())
                        .toList());
    }

    @Test
    default void aKey_neverMakesAnotherThatMayDoMore() {
        Memories memories = account();
        memories.createNamespace(NewNamespace.of("other"));
        Instant soon = put(memories, "k", "1").updatedAt().plus(Duration.ofHours(1));
        var bounds = Set.of(Scope.READ, Scope.ADMIN);
        Memories parent = as(memories.createKey(new NewKey("parent", bounds, Set.of(NS), 10, soon))
                .token());

        for (NewKey more : List.of(
                new NewKey("scope", Set.of(Scope.WRITE), Set.of(NS), 10, soon),
                new NewKey("namespace", Set.of(Scope.READ), Set.of(NS, "other"), 10, soon),
                new NewKey("rate", Set.of(Scope.READ), Set.of(NS), 11, soon),
                new NewKey("time", Set.of(Scope.READ), Set.of(NS), 10, soon.plusSeconds(1)))) {
            fails(SCOPE_ESCALATION, () -> parent.createKey(more));
        }
        var less = new NewKey("less", Set.of(Scope.READ), Set.of(NS), 9, soon.minusSeconds(1));
        ApiKey made = parent.createKey(less).key();
        assertEquals(Set.of(Scope.READ), made.scopes());
        assertEquals(9, Objects.requireNonNull(made.rateLimit()));
        assertEquals(soon.minusSeconds(1), made.expiresAt());
    }

    private Memories with(Memories owner, Scope scope) {
        return as(owner.createKey(new NewKey("only", Set.of(scope), Set.of(), null, null))
                .token());
    }
}
