package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Saved;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.BillingStore;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Freshness;
import dev.ctxmem.memory.Generations;
import dev.ctxmem.memory.KeyRecord;
import dev.ctxmem.memory.MemoryReads;
import dev.ctxmem.memory.MemoryStore;
import dev.ctxmem.memory.Page;
import dev.ctxmem.memory.PendingEmbedding;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.SearchIndex;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The embedded store: memories and accounts in one SQLite file, found through a search index beside it.
///
/// What a writing method returned is fsynced. Methods block; reads by key and of single rows run on the
/// caller's thread, virtual or not, everything else on a few platform threads of the store's own.
///
/// The index is disposable. At the start it catches up with the records, or is rebuilt from them when it is
/// empty or ahead; searches wait for that ([SqliteSettings#searchWaitMax]), nothing else does.
///
/// The native library of SQLite is unpacked into the directory named by the system property
/// `org.sqlite.tmpdir`, which must be set before the first store is made.
public final class SqliteStore implements MemoryStore, AccountStore, BillingStore, Archive, Generations {
    private final LockedDirectory directory;
    private final SearchIndex index;
    private final InstantSource clock;
    private final Database database;
    private final Session writing;
    private final Readers readers;
    private final IndexReader indexReader;
    private final IndexFeed feed;
    private final Writer writer;
    private final DamageReports damage;
    private final NamespaceRows namespaces;
    private final EntryWrites entryWrites;
    private final EntryReads entryReads;
    private final Search search;

    /// Opens the store and takes the index over: [#close] closes both. `words` must be those that the index
    /// uses. Throws [dev.ctxmem.store.CannotOpenStoreException]; the index is then still the caller's to close.
    public SqliteStore(
            Path directory,
            SearchIndex index,
            Words words,
            InstantSource clock,
            Supplier<UUID> ids,
            StoreAlarms alarms,
            SqliteSettings settings) {
        this.index = index;
        this.clock = clock;
        this.directory = LockedDirectory.lock(directory);
        database = new Database(this.directory.database(), settings);
        try {
            writing = database.openWriter();
        } catch (RuntimeException e) {
            this.directory.close();
            throw e;
        }
        damage = new DamageReports(alarms);
        readers = new Readers(settings, database::openReader);
        indexReader = new IndexReader(database.openReader(), damage);
        feed = new IndexFeed(index, indexReader, alarms, settings, writing.number("select value from sequence"));
        writer = new Writer(writing, clock, feed, alarms, settings);
        namespaces = new NamespaceRows(ids);
        entryWrites = new EntryWrites(ids);
        entryReads = new EntryReads(damage);
        search = new Search(index, feed, words, damage);
    }

    @Override
    public List<Namespace> namespaces(UUID account) {
        return readers.queued(session -> NamespaceRows.list(session, account, clock.millis()));
    }

    @Override
    public Optional<Namespace> namespace(UUID account, String slug) {
        return Optional.ofNullable(readers.point(session -> NamespaceRows.get(session, account, slug, clock.millis())));
    }

    @Override
    public Namespace createNamespace(Principal principal, NewNamespace namespace, TierLimits limits) {
        return writer.write(transaction -> namespaces.create(transaction, principal, namespace, limits));
    }

    @Override
    public DeletedNamespace deleteNamespace(Principal principal, String slug) {
        return writer.write(
                transaction -> NamespaceRows.delete(transaction, principal.account(), slug, feed.durable()));
    }

    @Override
    public Saved put(
            Principal principal, String namespace, EntryDraft draft, Vectorization vectorization, TierLimits limits) {
        var embedding = Embedding.of(vectorization);
        return writer.write(
                transaction -> entryWrites.put(transaction, principal, namespace, draft, embedding, limits));
    }

    @Override
    public Optional<Entry> get(UUID account, String namespace, String key) {
        return Optional.ofNullable(
                readers.point(session -> entryReads.get(session, account, namespace, key, clock.millis())));
    }

    @Override
    public Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after) {
        return readers.snapshot(
                session -> entryReads.list(session, account, namespace, tags, limit, after, clock.millis()));
    }

    /// There is one state.
    @Override
    public MemoryReads reads(Freshness freshness) {
        return this;
    }

    @Override
    public DeletedEntry delete(Principal principal, String namespace, String keyOrId) {
        return writer.write(transaction -> entryWrites.delete(transaction, principal, namespace, keyOrId));
    }

    @Override
    public Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after) {
        return readers.snapshot(
                session -> entryReads.history(session, account, namespace, key, limit, after, clock.millis()));
    }

    @Override
    public List<Hit> search(CandidateQuery query, Scorer scorer) {
        feed.awaitVisible();
        return readers.queued(session -> search.search(session, query, scorer, clock));
    }

    @Override
    public List<PendingEmbedding> pending(int limit) {
        EmbeddingJobs.Due due = readers.queued(session -> EmbeddingJobs.due(session, limit, clock.millis()));
        for (Head head : due.damaged()) {
            damage.report(head.id(), head.version());
            failEmbedding(head.id(), head.version(), null);
        }
        return due.pending();
    }

    @Override
    public void completeEmbedding(UUID entryId, long version, Vectorization.Ready vectors) {
        var embedding = Embedding.of(vectors);
        writer.run(transaction -> EmbeddingJobs.complete(transaction, entryId, version, embedding));
    }

    @Override
    public void failEmbedding(UUID entryId, long version, @Nullable Long retryAfterMillis) {
        writer.run(transaction -> EmbeddingJobs.fail(transaction, entryId, version, retryAfterMillis));
    }

    @Override
    public EmbeddingBacklog embeddingBacklog() {
        return readers.queued(session -> EmbeddingJobs.backlog(session, clock.millis()));
    }

    @Override
    public List<StoredModel> models() {
        return readers.queued(session -> EmbeddingJobs.models(session, clock.millis()));
    }

    @Override
    public Count count(EmbeddingModel target) {
        return readers.queued(session -> GenerationRows.count(session, target, clock.millis()));
    }

    @Override
    public Portion lacking(EmbeddingModel target, @Nullable String after, int limit) {
        return readers.queued(session -> GenerationRows.lacking(session, target, after, limit, clock.millis()));
    }

    @Override
    public void add(EmbeddingModel target, List<Vectored> vectors) {
        writer.run(transaction -> GenerationRows.add(transaction, target, vectors));
    }

    /// Lucene has every vector from its commit on.
    @Override
    public void index(EmbeddingModel target) {}

    @Override
    public void switchTo(EmbeddingModel target, String announcement) {
        writer.run(transaction -> GenerationRows.switchTo(transaction, target, announcement));
    }

    @Override
    public int dropOthers(EmbeddingModel target, int limit) {
        return writer.write(transaction -> GenerationRows.dropOthers(transaction, target, limit));
    }

    @Override
    public int purgeExpired(int limit) {
        return writer.write(transaction -> Erasure.purgeExpired(transaction, limit));
    }

    @Override
    public void createAccount(Account account, KeyRecord key, boolean onlyFirst) {
        writer.run(transaction -> AccountRows.create(transaction, account, key, onlyFirst));
    }

    @Override
    public Optional<Account> account(UUID id) {
        return Optional.ofNullable(readers.point(session -> AccountRows.get(session, id)));
    }

    @Override
    public List<Account> accounts() {
        return readers.queued(AccountRows::list);
    }

    @Override
    public void setTier(UUID account, Tier tier) {
        writer.run(transaction -> AccountRows.setTier(transaction, account, tier));
    }

    @Override
    public Optional<KeyRecord> keyByTokenId(String tokenId) {
        return Optional.ofNullable(readers.point(session -> KeyRows.byTokenId(session, tokenId)));
    }

    @Override
    public Optional<KeyRecord> keyByHash(Collection<String> hashes) {
        return Optional.ofNullable(readers.point(session -> KeyRows.byHash(session, hashes)));
    }

    @Override
    public void addKey(KeyRecord key) {
        writer.run(transaction -> KeyRows.add(transaction, key));
    }

    @Override
    public List<ApiKey> keys(UUID account) {
        return readers.queued(session -> KeyRows.list(session, account));
    }

    @Override
    public void revokeKey(UUID account, UUID id) {
        writer.run(transaction -> KeyRows.revoke(transaction, account, id));
    }

    @Override
    public void replaceHash(UUID key, String from, String to) {
        writer.run(transaction -> KeyRows.replaceHash(transaction, key, from, to));
    }

    @Override
    public void recordUse(Map<UUID, Instant> lastUsed, Map<UUID, Long> requests, YearMonth month) {
        writer.run(transaction -> AccountRows.recordUse(transaction, lastUsed, requests, month));
    }

    @Override
    public Counts counts(UUID account, YearMonth month) {
        return readers.point(session -> AccountRows.counts(session, account, month, clock.millis()));
    }

    @Override
    public Optional<String> setting(String name) {
        return Optional.ofNullable(readers.point(session -> AccountRows.setting(session, name)));
    }

    @Override
    public String settingOrElse(String name, String value) {
        return writer.write(transaction -> AccountRows.settingOrElse(transaction, name, value));
    }

    @Override
    public void putSetting(String name, String value) {
        writer.run(transaction -> AccountRows.putSetting(transaction, name, value));
    }

    @Override
    public Optional<Customer> customer(UUID account) {
        return Optional.ofNullable(readers.point(session -> BillingRows.ofAccount(session, account)));
    }

    @Override
    public Optional<Customer> customer(String customerId) {
        return Optional.ofNullable(readers.point(session -> BillingRows.ofId(session, customerId)));
    }

    @Override
    public Customer linkCustomer(UUID account, String customerId) {
        return writer.write(transaction -> BillingRows.link(transaction, account, customerId));
    }

    @Override
    public boolean isEventTaken(String eventId) {
        return readers.point(session -> BillingRows.isTaken(session, eventId));
    }

    @Override
    public Outcome applyEvent(BillingStore.Event event, Customer seen, Instant forgetBefore) {
        return writer.write(transaction -> BillingRows.apply(transaction, event, seen, forgetBefore));
    }

    @Override
    public void exportTo(Sink sink) {
        writer.longRead(() -> {
            try (Session session = database.openReader()) {
                session.snapshot(snapshot -> {
                    new ArchiveExport(snapshot, sink).run();
                    return Boolean.TRUE;
                });
            }
        });
    }

    @Override
    public void load(Source source) {
        writer.run(transaction -> new ArchiveLoad(transaction).load(source));
    }

    @Override
    public boolean isEmpty() {
        return readers.queued(AccountRows::isEmpty);
    }

    /// Writes the records as of one moment into a new database file, while others read and write. The file is
    /// whole, but not synced, on return.
    public void copyTo(Path file) {
        writer.longRead(() -> {
            try (Session session = database.openCopier()) {
                session.update("vacuum into :file", file.toString());
            }
        });
    }

    @Override
    public void ping() {
        if (!writer.isHealthy()) {
            throw Failures.unavailable("Writing has stopped after an error of the disk.", null);
        }
        readers.point(session -> session.number("select value from sequence"));
    }

    /// The store at this moment.
    public StoreMetrics metrics() {
        return new StoreMetrics(
                writer.queueLength(),
                readers.queueLength(),
                writer.groups(),
                writer.writes(),
                writer.walPages(),
                feed.lag(),
                damage.count());
    }

    /// Answers what waits, makes the index durable, moves the log into the database file, and lets go of the
    /// directory.
    @Override
    public void close() {
        writer.close();
        feed.close();
        index.close();
        indexReader.close();
        readers.close();
        try {
            writer.release();
        } finally {
            directory.close();
        }
    }
}
