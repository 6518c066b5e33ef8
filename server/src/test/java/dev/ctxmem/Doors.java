package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TimeToLive;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/// What a behaviour needs of the system under test, and short words for what every behaviour does.
interface Doors {
    String NS = "myproject";

    /// The verbs of a new account of this tier, through its first key, which may do everything. The tiers are
    /// those of the product's defaults.
    Memories open(Tier tier);

    /// The verbs through the key that `token` is. INVALID_API_KEY here or at the first call.
    Memories as(String token);

    /// Lets the clock of the system advance; everything that it brings about at once has happened on return.
    void pass(Duration time);

    /// A new account without limits, with the namespace [#NS].
    default Memories account() {
        Memories memories = open(Tier.TEAM);
        memories.createNamespace(NewNamespace.of(NS));
        return memories;
    }

    default Entry put(Memories memories, String key, String json) {
        return memories.put(NS, EntryDraft.of(key, Json.parse(json))).entry();
    }

    default Entry put(Memories memories, String key, TimeToLive timeToLive) {
        var draft = new EntryDraft(
                key, Json.string(key), List.of(), Json.EMPTY_OBJECT, EntryDraft.IMPORTANCE_DEFAULT, timeToLive);
        return memories.put(NS, draft).entry();
    }

    default Entry tagged(Memories memories, String key, String... tags) {
        var draft = new EntryDraft(
                key,
                Json.string(key),
                List.of(tags),
                Json.EMPTY_OBJECT,
                EntryDraft.IMPORTANCE_DEFAULT,
                TimeToLive.KEEP);
        return memories.put(NS, draft).entry();
    }

    default List<String> keys(Memories memories) {
        return memories.list(NS, ListOptions.DEFAULT).entries().stream()
                .map(Entry::key)
                .toList();
    }

    default MemoryException fails(ErrorCode code, Executable call) {
        var failure = assertThrows(MemoryException.class, call);
        assertEquals(code, failure.code(), failure.detail());
        return failure;
    }
}
