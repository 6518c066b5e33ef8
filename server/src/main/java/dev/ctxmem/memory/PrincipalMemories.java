package dev.ctxmem.memory;

import dev.ctxmem.core.AccountUsage;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.Scope;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.SearchResults;
import dev.ctxmem.core.TextQuery;
import dev.ctxmem.core.TierLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The verbs as one principal may use them: scope and namespace are checked here, whatever the door the call
/// came through.
final class PrincipalMemories implements Memories {
    /// How many candidates a search takes from each side (vectors, words) before ranking: enough that the best
    /// hits of the score are among them, few enough to read each from the store.
    private static final int CANDIDATES = 100;

    private final LocalMemories memories;
    private final MemoryStore store;
    private final MemoryReads reads;
    private final Principal caller;

    PrincipalMemories(LocalMemories memories, Principal caller, Freshness freshness) {
        this.memories = memories;
        this.store = memories.store();
        this.reads = store.reads(freshness);
        this.caller = caller;
    }

    @Override
    public List<Namespace> namespaces() {
        caller.require(Scope.READ);
        return store.namespaces(caller.account()).stream()
                .filter(namespace -> caller.sees(namespace.slug()))
                .toList();
    }

    @Override
    public Namespace createNamespace(NewNamespace namespace) {
        caller.require(Scope.WRITE);
        caller.requireNamespace(namespace.slug());
        return store.createNamespace(caller, namespace, limits());
    }

    @Override
    public Namespace namespace(String slug) {
        caller.require(Scope.READ);
        return find(slug);
    }

    @Override
    public DeletedNamespace deleteNamespace(String slug) {
        caller.require(Scope.DELETE);
        caller.requireNamespace(slug);
        return store.deleteNamespace(caller, slug);
    }

    @Override
    public Saved put(String namespace, EntryDraft draft) {
        caller.require(Scope.WRITE);
        caller.requireNamespace(namespace);
        return store.put(caller, namespace, draft, vectorize(namespace, draft), limits());
    }

    @Override
    public Entry get(String namespace, String key) {
        caller.require(Scope.READ);
        caller.requireNamespace(namespace);
        Optional<Entry> entry = reads.get(caller.account(), namespace, key);
        return entry.orElseThrow(() -> {
            find(namespace);
            return MemoryException.notFound("Entry");
        });
    }

    @Override
    public EntryPage list(String namespace, ListOptions options) {
        caller.require(Scope.READ);
        caller.requireNamespace(namespace);
        String list = "entries\0" + namespace + "\0" + String.join("\0", options.tags());
        Long after = memories.cursors().decode(caller.account(), list, options.cursor());
        Page<Entry> page = reads.list(caller.account(), namespace, options.tags(), options.limit(), after);
        return new EntryPage(page.items(), cursor(list, page.next()));
    }

    @Override
    public DeletedEntry delete(String namespace, String keyOrId) {
        caller.require(Scope.DELETE);
        caller.requireNamespace(namespace);
        return store.delete(caller, namespace, keyOrId);
    }

    @Override
    public HistoryPage history(String namespace, String key, HistoryOptions options) {
        caller.require(Scope.READ);
        caller.requireNamespace(namespace);
        String list = "history\0" + namespace + "\0" + key;
        Long after = memories.cursors().decode(caller.account(), list, options.cursor());
        Page<EntryVersion> page = reads.history(caller.account(), namespace, key, options.limit(), after);
        return new HistoryPage(page.items(), cursor(list, page.next()));
    }

    @Override
    public SearchResults search(SearchQuery query) {
        caller.require(Scope.READ);
        Set<String> namespaces = scope(query.namespace());
        Meaning meaning = memories.meaning();
        float[] vector = meaning.embeddings()
                .query(caller.account(), query.query(), memories.embeddingDeadline())
                .orElse(null);
        var candidates = new CandidateQuery(
                caller.account(),
                namespaces,
                query.tags(),
                query.query(),
                memories.words().queryStems(query.query()),
                vector,
                vector == null ? null : meaning.embeddings().model().orElseThrow(),
                false,
                Math.max(CANDIDATES, query.limit()),
                query.limit(),
                query.threshold(),
                query.explain());
        return new SearchResults(query.query(), reads.search(candidates, meaning.ranking()));
    }

    @Override
    public SearchResults searchText(TextQuery query) {
        caller.require(Scope.READ);
        var candidates = new CandidateQuery(
                caller.account(),
                scope(query.namespace()),
                List.of(),
                query.query(),
                memories.words().queryStems(query.query()),
                null,
                null,
                true,
                Limits.PAGE_MAX,
                query.limit(),
                TextScorer.SIMILARITY_MIN,
                false);
        List<Hit> hits = reads.search(candidates, new TextScorer());
        return new SearchResults(query.query(), hits);
    }

    @Override
    public AccountUsage account() {
        caller.require(Scope.READ);
        TierLimits limits = limits();
        Accounts accounts = memories.accounts();
        AccountStore.Counts counts = accounts.counts(caller.account());
        return new AccountUsage(
                memories.accountStore()
                        .account(caller.account())
                        .orElseThrow(() -> MemoryException.notFound("Account")),
                new Quota(counts.namespaces(), limits.namespaces()),
                new Quota(counts.entries(), limits.entries()),
                new Quota(counts.requests(), limits.requestsPerMonth()));
    }

    @Override
    public List<ApiKey> keys() {
        caller.require(Scope.ADMIN);
        return memories.accountStore().keys(caller.account());
    }

    @Override
    public IssuedKey createKey(NewKey key) {
        caller.require(Scope.ADMIN);
        return memories.accounts().issue(caller, key);
    }

    @Override
    public void revokeKey(UUID id) {
        caller.require(Scope.ADMIN);
        memories.accounts().revoke(caller.account(), id);
    }

    /// The vectors of an entry about to be written, if they come in time; a write never waits longer, and never
    /// fails for their sake.
    private Vectorization vectorize(String namespace, EntryDraft draft) {
        Embeddings embeddings = memories.meaning().embeddings();
        if (!embeddings.isConfigured()) {
            return new Vectorization.None();
        }
        find(namespace);
        String text = EntryText.toEmbed(draft.key(), draft.tags(), draft.value());
        return embeddings
                .passage(text, memories.embeddingDeadline())
                .<Vectorization>map(
                        chunks -> new Vectorization.Ready(embeddings.model().orElseThrow(), chunks))
                .orElseGet(Vectorization.Pending::new);
    }

    /// The namespaces a search looks into; empty for all of the account's.
    private Set<String> scope(@Nullable String namespace) {
        return namespace == null ? caller.namespaces() : Set.of(find(namespace).slug());
    }

    private Namespace find(String slug) {
        caller.requireNamespace(slug);
        return store.namespace(caller.account(), slug).orElseThrow(() -> MemoryException.notFound("Namespace"));
    }

    private TierLimits limits() {
        return memories.tiers().of(caller.tier());
    }

    private @Nullable String cursor(String list, @Nullable Long position) {
        return memories.cursors().encode(caller.account(), list, position);
    }
}
