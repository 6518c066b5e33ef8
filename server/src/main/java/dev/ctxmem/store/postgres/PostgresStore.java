package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.ApiKey;
import dev.ctxmem.core.DeletedEntry;
import dev.ctxmem.core.DeletedNamespace;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.EntryVersion;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.MemoryException;
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
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The store of many instances: everything in one PostgreSQL database, whose clock is everybody's.
///
/// What a writing method returned is committed, and as durable as the database's settings say. Methods block on the
/// caller's thread, virtual or not; how many may use or await a connection is bounded.
public final class PostgresStore implements MemoryStore, AccountStore, BillingStore {
    private static final String PING = "select 1";

    private final Database database;
    private final VectorColumn vectors;
    private final VectorIndex index;
    private final Damage damage;
    private final Writer writer;
    private final NamespaceRows namespaces;
    private final EntryWrites entryWrites;
    private final EntryReads entryReads;
    private final EmbeddingJobs jobs;
    private final Erasure erasure;
    private final Search search;
    private final FlatIndexes flat;
    private final FlatSearch flatSearch;
    private final Lexicon lexicon;
    private final PostgresArchive archive;
    private final PostgresGenerations generations;
    private final @Nullable Standby standby;

    /// Brings the schema up to date and opens the store. A null `clock` is the database's own; tests give theirs.
    /// `damaged` is told of each version that does not match its checksum, on the caller's thread. Throws
    /// [dev.ctxmem.store.CannotOpenStoreException].
    public PostgresStore(
            PostgresSettings settings,
            Words words,
            @Nullable InstantSource clock,
            Supplier<UUID> ids,
            ObjLongConsumer<UUID> damaged) {
        var owner = new Direct(settings.migrations());
        Arrival.await(owner, settings.startMax());
        StartChecks.beforeMigration(owner, settings.allowUnsafe());
        Migrations.run(owner);
        var direct = new Direct(settings.database());
        if (!settings.migrations().equals(settings.database())) {
            Migrations.grantTo(direct, owner);
        }
        StartChecks.afterMigration(direct, settings.database());
        database = new Database(settings, direct, clock);
        damage = new Damage(damaged);
        index = new VectorIndex(database, owner, settings.scanMax(), settings.indexedFrom());
        vectors = new VectorColumn(database, owner, index);
        lexicon = new Lexicon(words);
        writer = new Writer(database, settings, vectors::refresh);
        var rows = new EntryRows(vectors);
        namespaces = new NamespaceRows(ids);
        entryWrites = new EntryWrites(ids, rows);
        entryReads = new EntryReads(damage, lexicon);
        jobs = new EmbeddingJobs(database, rows, vectors, damage);
        erasure = new Erasure(database);
        var winners = new Winners(damage);
        search = new Search(lexicon, vectors, new Frequencies(settings.frequenciesKept()), index, winners);
        flat = new FlatIndexes(database, settings.flat());
        flatSearch = new FlatSearch(database, flat, lexicon, vectors, winners);
        var transactions = new LongTransactions(database, direct);
        archive = new PostgresArchive(database, transactions, new EntryLoad(rows, vectors, lexicon), vectors);
        generations = new PostgresGenerations(database, transactions, rows, vectors, index);
        standby = settings.replica() == null ? null : Standby.follow(settings, settings.replica(), database, clock);
    }

    @Override
    public List<Namespace> namespaces(UUID account) {
        return database.read(session -> NamespaceRows.list(session, account));
    }

    @Override
    public Optional<Namespace> namespace(UUID account, String slug) {
        return Optional.ofNullable(database.read(session -> NamespaceRows.get(session, account, slug)));
    }

    @Override
    public Namespace createNamespace(Principal principal, NewNamespace namespace, TierLimits limits) {
        UUID account = principal.account();
        database.transaction(session -> {
            AccountRows.lock(session, account);
            return session.update(NamespaceRows.OPEN_ACCOUNT, account);
        });
        return writer.write(account, transaction -> namespaces.create(transaction, namespace, limits));
    }

    @Override
    public DeletedNamespace deleteNamespace(Principal principal, String slug) {
        return writer.write(principal.account(), transaction -> NamespaceRows.delete(transaction, slug));
    }

    @Override
    public Saved put(
            Principal principal, String namespace, EntryDraft draft, Vectorization vectorization, TierLimits limits) {
        UUID account = principal.account();
        var embedding = Embedding.of(vectorization);
        if (embedding.model() != null) {
            vectors.prepare(embedding.model());
        }
        var words = lexicon.index(account, draft.key(), draft.tags(), draft.value());
        return writer.write(
                account,
                transaction -> entryWrites.put(transaction, principal, namespace, draft, embedding, words, limits));
    }

    @Override
    public Optional<Entry> get(UUID account, String namespace, String key) {
        return Optional.ofNullable(database.read(session -> entryReads.get(session, account, namespace, key)));
    }

    @Override
    public Page<Entry> list(UUID account, String namespace, List<String> tags, int limit, @Nullable Long after) {
        return database.read(session -> entryReads.list(session, account, namespace, tags, limit, after));
    }

    @Override
    public DeletedEntry delete(Principal principal, String namespace, String keyOrId) {
        return writer.write(
                principal.account(), transaction -> entryWrites.delete(transaction, principal, namespace, keyOrId));
    }

    @Override
    public Page<EntryVersion> history(UUID account, String namespace, String key, int limit, @Nullable Long after) {
        return database.read(session -> entryReads.history(session, account, namespace, key, limit, after));
    }

    @Override
    public List<Hit> search(CandidateQuery query, Scorer scorer) {
        List<Hit> hits = flatSearch.search(query, scorer);
        return hits == null ? database.transaction(search.prepare(query, scorer)) : hits;
    }

    @Override
    public MemoryReads reads(Freshness freshness) {
        return standby != null && freshness instanceof Freshness.AtLeast(long revision)
                ? new StandbyReads(standby, revision, this, entryReads, search)
                : this;
    }

    @Override
    public List<PendingEmbedding> pending(int limit) {
        return jobs.pending(limit);
    }

    @Override
    public void completeEmbedding(UUID entryId, long version, Vectorization.Ready vectors) {
        jobs.complete(entryId, version, Embedding.of(vectors));
    }

    @Override
    public void failEmbedding(UUID entryId, long version, @Nullable Long retryAfterMillis) {
        jobs.fail(entryId, version, retryAfterMillis);
    }

    @Override
    public EmbeddingBacklog embeddingBacklog() {
        return jobs.backlog();
    }

    @Override
    public List<StoredModel> models() {
        return jobs.models();
    }

    @Override
    public int purgeExpired(int limit) {
        return erasure.purgeExpired(limit);
    }

    @Override
    public void createAccount(Account account, KeyRecord key, boolean onlyFirst) {
        database.transaction(session -> AccountRows.create(session, account, key, onlyFirst));
    }

    @Override
    public Optional<Account> account(UUID id) {
        return Optional.ofNullable(database.read(session -> AccountRows.get(session, id)));
    }

    @Override
    public List<Account> accounts() {
        return database.read(AccountRows::list);
    }

    @Override
    public void setTier(UUID account, Tier tier) {
        database.read(session -> AccountRows.setTier(session, account, tier));
    }

    @Override
    public Optional<KeyRecord> keyByTokenId(String tokenId) {
        return Optional.ofNullable(database.read(session -> KeyRows.byTokenId(session, tokenId)));
    }

    @Override
    public Optional<KeyRecord> keyByHash(Collection<String> hashes) {
        return Optional.ofNullable(database.read(session -> KeyRows.byHash(session, hashes)));
    }

    @Override
    public void addKey(KeyRecord key) {
        database.transaction(session -> KeyRows.add(session, key));
    }

    @Override
    public List<ApiKey> keys(UUID account) {
        return database.read(session -> KeyRows.list(session, account));
    }

    @Override
    public void revokeKey(UUID account, UUID id) {
        database.read(session -> KeyRows.revoke(session, account, id));
    }

    @Override
    public void replaceHash(UUID key, String from, String to) {
        database.read(session -> KeyRows.replaceHash(session, key, from, to));
    }

    @Override
    public void recordUse(Map<UUID, Instant> lastUsed, Map<UUID, Long> requests, YearMonth month) {
        database.transaction(session -> AccountRows.recordUse(session, lastUsed, requests, month));
    }

    @Override
    public Counts counts(UUID account, YearMonth month) {
        return database.read(session -> AccountRows.counts(session, account, month));
    }

    @Override
    public Optional<String> setting(String name) {
        return Optional.ofNullable(database.read(session -> AccountRows.setting(session, name)));
    }

    @Override
    public String settingOrElse(String name, String value) {
        return database.read(session -> AccountRows.settingOrElse(session, name, value));
    }

    @Override
    public void putSetting(String name, String value) {
        database.read(session -> AccountRows.putSetting(session, name, value));
    }

    @Override
    public Optional<Customer> customer(UUID account) {
        return Optional.ofNullable(database.read(session -> BillingRows.ofAccount(session, account)));
    }

    @Override
    public Optional<Customer> customer(String customerId) {
        return Optional.ofNullable(database.read(session -> BillingRows.ofId(session, customerId)));
    }

    @Override
    public Customer linkCustomer(UUID account, String customerId) {
        return database.transaction(session -> BillingRows.link(session, account, customerId));
    }

    @Override
    public boolean isEventTaken(String eventId) {
        return database.read(session -> BillingRows.isTaken(session, eventId));
    }

    @Override
    public Outcome applyEvent(Event event, Customer seen, Instant forgetBefore) {
        return database.transaction(session -> BillingRows.apply(session, event, seen, forgetBefore));
    }

    @Override
    public void ping() {
        database.read(session -> session.number(PING));
    }

    /// Gives `entries.embedding` the dimension of the model that this installation uses, as long as it holds no
    /// vector yet.
    public void adapt(EmbeddingModel model) {
        vectors.adapt(model);
    }

    /// Looks at what other instances and operators have changed, and builds the index of the vectors once it is
    /// needed; may take minutes.
    public void maintain() {
        vectors.refresh();
        index.buildIfNeeded();
    }

    /// What hands out and takes the whole store.
    public Archive archive() {
        return archive;
    }

    /// What moves it to another embedding model.
    public Generations generations() {
        return generations;
    }

    /// The store at this moment.
    public PostgresMetrics metrics() {
        return new PostgresMetrics(
                database.busy(),
                database.waiting(),
                writer.commits(),
                writer.writes(),
                damage.count(),
                standby == null ? 0 : standby.answers(),
                standby == null ? 0 : standby.passedOn(),
                standby != null && standby.isFit(),
                flat.bytes(),
                flatSearch.answers());
    }

    /// Answers what is under way, and leaves its work to the other instances.
    @Override
    public void close() {
        if (standby != null) {
            standby.close();
        }
        if (!database.isClosed()) {
            try {
                jobs.release();
            } catch (MemoryException e) {
                // They take it over after a minute.
            }
        }
        flat.close();
        database.close();
    }
}
