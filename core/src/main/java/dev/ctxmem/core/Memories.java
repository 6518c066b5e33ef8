package dev.ctxmem.core;

import java.util.List;
import java.util.UUID;

/// The product's verbs, as one caller sees them: every call sees and touches the data of that caller's account
/// only. The server gives one per authenticated principal, the client module one per API key over HTTP; both
/// behave the same.
///
/// Every method throws [MemoryException]: `NOT_FOUND` for what is missing or another account's, a 422 code for
/// a refused value, `INSUFFICIENT_SCOPE`, `OVERLOADED`, `UNAVAILABLE`. What a writing method returned is
/// durable. Thread-safe.
public interface Memories {
    /// All namespaces, by slug.
    List<Namespace> namespaces();

    /// `ALREADY_EXISTS` when the slug is taken, `TIER_LIMIT_REACHED` at the tier's limit.
    Namespace createNamespace(NewNamespace namespace);

    Namespace namespace(String slug);

    /// Removes the namespace and erases all its entries, their versions and vectors.
    DeletedNamespace deleteNamespace(String slug);

    /// Creates the entry or writes its next version. `TIER_LIMIT_REACHED` when a new key would pass the tier's
    /// limit.
    Saved put(String namespace, EntryDraft draft);

    Entry get(String namespace, String key);

    /// Newest update first. `INVALID_CURSOR` for a cursor of another list.
    EntryPage list(String namespace, ListOptions options);

    /// Deletes by key or by entry id; a key wins over an id. The versions stay.
    DeletedEntry delete(String namespace, String keyOrId);

    /// The versions of a live entry, newest first.
    HistoryPage history(String namespace, String key, HistoryOptions options);

    /// By meaning and by words, most similar first.
    SearchResults search(SearchQuery query);

    /// By key and by words alone: an entry whose key equals the query comes first.
    SearchResults searchText(TextQuery query);

    AccountUsage account();

    /// Live keys, oldest first.
    List<ApiKey> keys();

    /// `SCOPE_ESCALATION` when the new key could do more than the calling one.
    IssuedKey createKey(NewKey key);

    /// Takes effect everywhere within five seconds.
    void revokeKey(UUID id);
}
