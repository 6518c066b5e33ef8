package dev.ctxmem.bench.postgres;

import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.load.Sentences;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Explanation;
import dev.ctxmem.core.Hit;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.NewAccount;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.Tier;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.memory.Accounts;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Peppers;
import dev.ctxmem.memory.Principal;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.SignupRule;
import dev.ctxmem.memory.Tiers;
import dev.ctxmem.memory.UuidV7;
import dev.ctxmem.memory.Vectorization;
import dev.ctxmem.store.postgres.PostgresSettings;
import dev.ctxmem.store.postgres.PostgresSettings.Credentials;
import dev.ctxmem.store.postgres.PostgresStore;
import dev.ctxmem.text.EnglishWords;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The product's store with one account of many entries. Tag `every-N` is on each Nth of them.
final class FilledStore implements AutoCloseable {
    static final String NAMESPACE = "bench";

    /// As many as the server asks its store for.
    static final int CANDIDATES = 100;

    static final List<Integer> EVERY = List.of(1, 2, 5, 10, 20, 50, 100, 1000);

    private static final EmbeddingModel MODEL = new EmbeddingModel("made-up", ClusteredVectors.DIMENSION);
    private static final TierLimits UNLIMITED =
            new TierLimits(Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED);
    private static final int WRITERS = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Scorer BY_COSINE = new Scorer() {
        @Override
        public double similarity(Features features) {
            return features.cosine() == null ? 0 : (1 + features.cosine()) / 2;
        }

        @Override
        public Explanation explain(Features features) {
            return new Explanation(0, List.of(), features.cosine());
        }
    };

    private final PostgresStore store;

    private FilledStore(PostgresStore store) {
        this.store = store;
    }

    /// With `scanMax` entries or fewer, searches scan.
    static FilledStore open(String url, int connections, int scanMax) {
        return new FilledStore(open(settings(url, connections).withScanMax(scanMax)));
    }

    static FilledStore open(String url, int connections) {
        return new FilledStore(open(settings(url, connections)));
    }

    /// As the server's, but for flat indexes: PostgreSQL's own are measured.
    private static PostgresSettings settings(String url, int connections) {
        var credentials = new Credentials(url, null, null);
        return PostgresSettings.of(credentials, credentials, connections, true)
                .withWaitMax(PATIENCE)
                .withFlat(PostgresSettings.Flat.NONE);
    }

    private static PostgresStore open(PostgresSettings settings) {
        var store = new PostgresStore(
                settings,
                new EnglishWords(),
                null,
                new UuidV7(InstantSource.system(), RandomGenerator.getDefault()),
                (entry, version) -> {
                    throw new IllegalStateException("damaged: " + entry);
                });
        store.adapt(MODEL);
        return store;
    }

    boolean isFilled() {
        return !store.accounts().isEmpty();
    }

    UUID account() {
        return store.accounts().getFirst().id();
    }

    /// Writes as the server does, entry by entry. Returns entries a second.
    double fill(ClusteredVectors vectors, int entries) {
        var random = new SecureRandom();
        Peppers peppers = Peppers.resolve(null, null, () -> new byte[32], store, new ArrayList<>());
        var accounts = new Accounts(
                store,
                peppers,
                SignupRule.FIRST,
                new Tiers(Tiers.defaults(), Tier.TEAM),
                InstantSource.system(),
                new UuidV7(InstantSource.system(), random),
                random);
        String token =
                accounts.signup(new NewAccount("bench@example.org", null)).key().token();
        Principal writer = accounts.authenticate(token, "req_bench");
        store.createNamespace(writer, NewNamespace.of(NAMESPACE), UNLIMITED);
        return new Crew(WRITERS)
                .work(
                        IntStream.range(0, entries).boxed().toList(),
                        number -> store.put(
                                writer,
                                NAMESPACE,
                                draft(number),
                                new Vectorization.Ready(MODEL, List.of(vectors.entry(number))),
                                UNLIMITED))
                .perSecond();
    }

    private static EntryDraft draft(int number) {
        var sentences = new Sentences(number);
        Json value = Json.parse(new JsonWriter()
                .beginObject()
                .member("note", sentences.note())
                .member("context", sentences.note())
                .endObject()
                .toString());
        List<String> tags = EVERY.stream()
                .filter(every -> number % every == 0)
                .map(FilledStore::tag)
                .toList();
        return new EntryDraft(key(number), value, tags, Json.EMPTY_OBJECT, 0.5, TimeToLive.KEEP);
    }

    static String key(int number) {
        return "note-" + number;
    }

    static String tag(int every) {
        return "every-" + every;
    }

    /// What the server does by itself, now and then.
    void maintain() {
        store.maintain();
    }

    Entry get(UUID account, int number) {
        return store.get(account, NAMESPACE, key(number)).orElseThrow();
    }

    /// The numbers of the ten nearest, among those with the tag; all of the account for 1.
    IntStream nearest(UUID account, float[] vector, int every) {
        var query = new CandidateQuery(
                account,
                Set.of(),
                every == 1 ? List.of() : List.of(tag(every)),
                "no key is like this",
                List.of(),
                vector,
                MODEL,
                false,
                CANDIDATES,
                ExactSearch.NEAREST,
                0,
                false);
        List<Hit> hits = store.search(query, BY_COSINE);
        return hits.stream().mapToInt(hit -> Integer.parseInt(hit.entry().key().substring("note-".length())));
    }

    @Override
    public void close() {
        store.close();
    }
}
