package dev.ctxmem.client;

import dev.ctxmem.core.AccountUsage;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryPage;
import dev.ctxmem.core.HistoryOptions;
import dev.ctxmem.core.HistoryPage;
import dev.ctxmem.core.IssuedKey;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.ListOptions;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.SearchQuery;
import dev.ctxmem.core.SearchResults;
import dev.ctxmem.core.TextQuery;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The account of one API key, on a server reached over HTTP/1.1.
///
/// Every failure is a [dev.ctxmem.core.MemoryException] with the code that the server sent, its field errors,
/// quota and `Retry-After`. A code that this version does not know becomes the known one of the same HTTP
/// status. A server that cannot be reached, does not answer in time or is no Context Memory server is
/// `UNREACHABLE`; whether a write that ended so was done is not known. Values keep every digit, both ways.
/// Thread-safe; one instance serves a whole program, and [#close()] ends its calls and connections.
public final class HttpMemories implements Memories, AutoCloseable {
    private final Transport transport;
    /// The newest that a write of this client has made.
    private final AtomicLong revision;
    private final boolean lateReads;

    /// INVALID_API_KEY for a key that no header could carry; whether the key is valid shows with the first
    /// call.
    public HttpMemories(Endpoint endpoint, String apiKey) {
        this(endpoint, apiKey, answer -> {});
    }

    /// `answers` is shown the body of every success, as the server sent it, in the calling thread.
    public HttpMemories(Endpoint endpoint, String apiKey, Consumer<Json> answers) {
        this(new Transport(endpoint, apiKey, answers), new AtomicLong(), false);
    }

    private HttpMemories(Transport transport, AtomicLong revision, boolean lateReads) {
        this.transport = transport;
        this.revision = revision;
        this.lateReads = lateReads;
    }

    /// The same account over the same connections, with reads that the server may leave to a standby of its database:
    /// they may be late by seconds, but never lack what this client has written.
    public HttpMemories withLateReads() {
        return new HttpMemories(transport, revision, true);
    }

    @Override
    public List<Namespace> namespaces() {
        return Answers.read(transport.get(Paths.NAMESPACES).body(), Answers::namespaces);
    }

    @Override
    public Namespace createNamespace(NewNamespace namespace) {
        var answer = transport.post(Paths.NAMESPACES, Requests.namespace(namespace));
        return Answers.read(answer.body(), Answers::namespace);
    }

    @Override
    public Namespace namespace(String slug) {
        return Answers.read(transport.get(Paths.namespace(slug)).body(), Answers::namespace);
    }

    @Override
    public DeletedNamespace deleteNamespace(String slug) {
        return new DeletedNamespace(slug, written(transport.delete(Paths.namespace(slug))));
    }

    @Override
    public Saved put(String namespace, EntryDraft draft) {
        var answer = transport.post(Paths.entries(namespace), Requests.entry(draft));
        return new Saved(Answers.read(answer.body(), Answers::entry), answer.status() == 201, written(answer));
    }

    @Override
    public Entry get(String namespace, String key) {
        return Answers.read(transport.get(read(Paths.entry(namespace, key))).body(), Answers::entry);
    }

    @Override
    public EntryPage list(String namespace, ListOptions options) {
        var path = new StringBuilder(Paths.entries(namespace)).append("?limit=").append(options.limit());
        for (String tag : options.tags()) {
            path.append("&tag=").append(Paths.encoded(tag));
        }
        if (options.cursor() != null) {
            path.append("&cursor=").append(Paths.encoded(options.cursor()));
        }
        return Answers.read(transport.get(read(path.toString())).body(), Answers::entryPage);
    }

    @Override
    public DeletedEntry delete(String namespace, String keyOrId) {
        var answer = transport.delete(Paths.entry(namespace, keyOrId));
        return Answers.read(answer.body(), in -> Answers.deletedEntry(in, written(answer)));
    }

    @Override
    public HistoryPage history(String namespace, String key, HistoryOptions options) {
        String path = Paths.history(namespace, key) + "?limit=" + options.limit();
        if (options.cursor() != null) {
            path += "&cursor=" + Paths.encoded(options.cursor());
        }
        return Answers.read(transport.get(read(path)).body(), Answers::historyPage);
    }

    @Override
    public SearchResults search(SearchQuery query) {
        return Answers.read(
                transport.post(read(Paths.SEARCH), Requests.search(query)).body(), Answers::searchResults);
    }

    @Override
    public SearchResults searchText(TextQuery query) {
        var answer = transport.post(read(Paths.SEARCH_TEXT), Requests.searchText(query));
        return Answers.read(answer.body(), Answers::searchResults);
    }

    @Override
    public AccountUsage account() {
        return Answers.read(transport.get(Paths.ACCOUNT).body(), Answers::accountUsage);
    }

    @Override
    public List<ApiKey> keys() {
        return Answers.read(transport.get(Paths.KEYS).body(), Answers::apiKeys);
    }

    @Override
    public IssuedKey createKey(NewKey key) {
        return Answers.read(transport.post(Paths.KEYS, Requests.key(key)).body(), Answers::issuedKey);
    }

    @Override
    public void revokeKey(UUID id) {
        transport.delete(Paths.KEYS + "/" + id);
    }

    /// Every limit that the server enforces, as the JSON object of `GET /v1/limits`.
    public Json limits() {
        return transport.get(Paths.LIMITS).body();
    }

    @Override
    public void close() {
        transport.close();
    }

    private long written(Transport.Answer answer) {
        revision.accumulateAndGet(answer.revision(), Math::max);
        return answer.revision();
    }

    private String read(String path) {
        return lateReads
                ? path + (path.indexOf('?') < 0 ? '?' : '&') + "consistency=eventual&min_revision=" + revision.get()
                : path;
    }
}
