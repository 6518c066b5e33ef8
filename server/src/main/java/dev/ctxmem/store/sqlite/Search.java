package dev.ctxmem.store.sqlite;

import dev.ctxmem.core.Hit;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.EntryText;
import dev.ctxmem.memory.Features;
import dev.ctxmem.memory.Features.KeyMatch;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.memory.Words;
import dev.ctxmem.store.SearchIndex;
import dev.ctxmem.store.SearchIndex.Candidate;
import dev.ctxmem.store.SearchIndex.Candidates;
import dev.ctxmem.store.sql.Content;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers a search from one snapshot: candidates come from the index and from the keys, and each is looked up
/// in the records before it counts, so that a hit is live, current and matching whatever the index believes.
/// Cosines are exact, from the stored vectors.
final class Search {
    private static final String NAMESPACE_ROWS = """
            select row_id
            from namespaces
            where account_id = :account and slug in (select value from json_each(:slugs))
            order by row_id
            """;

    /// Both go through the account's namespaces and find the keys in each by index.
    private static final String EXACT_KEY_ROWS = """
            select e.row_id
            from namespaces n
            cross join entries e on e.namespace_id = n.row_id
            where n.account_id = :account and e.key = :key and e.state = 0
                and (:everywhere or n.row_id in (select value from json_each(:namespaces)))
            order by n.slug
            """;

    private static final String PREFIX_KEY_ROWS = """
            select e.row_id
            from namespaces n
            cross join entries e on e.namespace_id = n.row_id
            where n.account_id = :account and e.key >= :from and e.key < :end and e.state = 0
                and (:everywhere or n.row_id in (select value from json_each(:namespaces)))
            order by n.slug, e.key
            limit :limit
            """;

    /// The records of the candidates, in no order: they are sorted by similarity.
    private static final String RECORDS = """
            select e.row_id, e.revision, e.key, v.importance, x.chunks
            from json_each(:rows) candidate
            cross join entries e on e.row_id = candidate.value
            cross join namespaces n on n.row_id = e.namespace_id
            cross join versions v on v.seq = e.content
            left join vectors x on x.entry = e.row_id and x.model = :model
            where n.account_id = :account and e.state = 0 and (e.expires_at is null or e.expires_at > :now)
                and (:everywhere or e.namespace_id in (select value from json_each(:namespaces)))
                and not exists (
                    select 1
                    from json_each(:tags) wanted
                    where not exists (
                        select 1
                        from entry_tags t
                        where t.namespace_id = e.namespace_id and t.tag = wanted.value
                            and t.revision = e.revision))
            """;

    private static final String MODEL = """
            select id
            from models
            where name = :name and dimension = :dimension
            """;

    private static final String ENTRY = "select n.slug, e.key, " + StoredEntry.COLUMNS + """
            from entries e
            cross join namespaces n on n.row_id = e.namespace_id
            cross join versions v on v.seq = e.content
            where e.row_id = :row
            """;

    /// Of an entry that only its key proposed, so much text is looked at for the other features.
    private static final int DESCRIBED_CHARACTERS_MAX = 8 << 10;

    private static final Comparator<Scored> BEST_FIRST = Comparator.comparingDouble(Scored::similarity)
            .thenComparingLong(Scored::revision)
            .reversed();

    private final SearchIndex index;
    private final IndexFeed feed;
    private final Words words;
    private final DamageReports damage;

    Search(SearchIndex index, IndexFeed feed, Words words, DamageReports damage) {
        this.index = index;
        this.feed = feed;
        this.words = words;
        this.damage = damage;
    }

    /// Expects that the index has been waited for ([IndexFeed#awaitVisible]).
    List<Hit> search(Session session, CandidateQuery query, Scorer scorer, InstantSource clock) {
        Set<Long> namespaces = Set.copyOf(
                session.list(NAMESPACE_ROWS, Row::number, query.account(), json(List.copyOf(query.namespaces()))));
        if (namespaces.isEmpty() && !query.namespaces().isEmpty()) {
            return List.of();
        }
        Candidates candidates = candidates(query, namespaces);
        return session.snapshot(
                snapshot -> new Answer(snapshot, query, namespaces, candidates, clock.millis()).hits(scorer));
    }

    private Candidates candidates(CandidateQuery query, Set<Long> namespaces) {
        try {
            Candidates found = index.candidates(new SearchIndex.Query(
                    query.account(),
                    namespaces,
                    query.tags(),
                    query.stems(),
                    query.vector(),
                    query.model(),
                    query.candidates()));
            feed.requireVisible();
            return found;
        } catch (UncheckedIOException e) {
            feed.rebuild(e);
            throw Failures.unavailable("The search index is being rebuilt.", e);
        }
    }

    private static String json(List<String> strings) {
        return new JsonWriter().value(strings).toString();
    }

    private static String jsonNumbers(Collection<Long> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /// A candidate that the records confirm.
    private record Scored(long row, long revision, double similarity, Features features) {}

    /// The work on one question in one snapshot.
    private final class Answer {
        private final Session snapshot;
        private final CandidateQuery query;
        private final String namespaces;
        private final boolean everywhere;
        private final StemWeights weights;
        private final Map<Long, Candidate> byRow = new HashMap<>();
        private final long now;

        Answer(Session snapshot, CandidateQuery query, Set<Long> namespaces, Candidates candidates, long now) {
            this.snapshot = snapshot;
            this.query = query;
            this.namespaces = jsonNumbers(namespaces);
            everywhere = query.namespaces().isEmpty();
            weights = new StemWeights(candidates.documents(), candidates.frequencies());
            candidates.candidates().forEach(candidate -> byRow.put(candidate.rowId(), candidate));
            this.now = now;
        }

        List<Hit> hits(Scorer scorer) {
            var hits = new ArrayList<Hit>();
            for (Scored scored : scored(scorer)) {
                if (hits.size() == query.limit()) {
                    break;
                }
                Loaded loaded = load(scored.row);
                if (loaded != null) {
                    hits.add(new Hit(
                            loaded.stored.entry(loaded.namespace),
                            scored.similarity,
                            query.explain() ? scorer.explain(scored.features) : null));
                }
            }
            return hits;
        }

        /// Best first, none below the threshold.
        private List<Scored> scored(Scorer scorer) {
            var rows = new HashSet<>(byRow.keySet());
            rows.addAll(keyRows());
            var confirmed = new ArrayList<Confirmed>();
            snapshot.each(
                    RECORDS,
                    row -> confirmed.add(confirm(row)),
                    jsonNumbers(rows),
                    modelId(),
                    query.account(),
                    now,
                    everywhere,
                    namespaces,
                    json(query.tags()));
            return confirmed.stream()
                    .map(candidate -> score(candidate, scorer))
                    .filter(scored -> scored.similarity >= query.threshold())
                    .sorted(BEST_FIRST)
                    .toList();
        }

        private List<Long> keyRows() {
            var rows = new ArrayList<>(
                    snapshot.list(EXACT_KEY_ROWS, Row::number, query.account(), query.text(), everywhere, namespaces));
            if (query.keyPrefix()) {
                rows.addAll(snapshot.list(
                        PREFIX_KEY_ROWS,
                        Row::number,
                        query.account(),
                        query.text(),
                        KeyRange.end(query.text()),
                        everywhere,
                        namespaces,
                        query.candidates()));
            }
            return rows;
        }

        private @Nullable Long modelId() {
            EmbeddingModel model = query.model();
            return model == null || query.vector() == null
                    ? null
                    : snapshot.first(MODEL, Row::number, model.name(), model.dimension());
        }

        private Confirmed confirm(Row row) {
            long rowId = row.number();
            long revision = row.number();
            KeyMatch match = match(row.text());
            double importance = row.real();
            byte[] chunks = row.bytesOrNull();
            float[] vector = query.vector();
            Double cosine = chunks == null || vector == null ? null : (Double) Vectors.bestCosine(vector, chunks);
            return new Confirmed(rowId, revision, match, importance, cosine);
        }

        private KeyMatch match(String key) {
            if (key.equals(query.text())) {
                return KeyMatch.EXACT;
            }
            return query.keyPrefix() && key.startsWith(query.text()) ? KeyMatch.PREFIX : KeyMatch.NONE;
        }

        private Scored score(Confirmed confirmed, Scorer scorer) {
            Candidate known = byRow.get(confirmed.row);
            Candidate candidate = known == null ? describe(confirmed.row) : known;
            var features = new Features(
                    confirmed.cosine,
                    weights.coverage(candidate.matches()),
                    candidate.length(),
                    confirmed.match,
                    confirmed.importance);
            return new Scored(confirmed.row, confirmed.revision, scorer.similarity(features), features);
        }

        /// What the index would have said of an entry that only its key proposed.
        private Candidate describe(long row) {
            Loaded loaded = load(row);
            if (loaded == null) {
                return new Candidate(row, 0, 0);
            }
            Content content = loaded.stored.content();
            String text = EntryText.of(loaded.stored.head().key(), content.tagList(), content.valueJson());
            List<String> stems = words.stems(text.substring(0, Math.min(text.length(), DESCRIBED_CHARACTERS_MAX)));
            var present = new HashSet<>(stems);
            long matches = 0;
            for (int i = 0; i < query.stems().size(); i++) {
                if (present.contains(query.stems().get(i))) {
                    matches |= 1L << i;
                }
            }
            int length = (int) stems.stream().filter(words::isContent).count();
            return new Candidate(row, matches, length);
        }

        /// Null for a damaged entry.
        private @Nullable Loaded load(long row) {
            Loaded loaded = snapshot.first(ENTRY, Loaded::read, row);
            return loaded != null && damage.isIntact(loaded.stored) ? loaded : null;
        }
    }

    /// A whole entry and its namespace's slug.
    private record Loaded(String namespace, StoredEntry stored) {
        static Loaded read(Row row) {
            String namespace = row.text();
            return new Loaded(namespace, StoredEntry.read(row, row.text()));
        }
    }

    /// What the records say of a candidate.
    private record Confirmed(
            long row,
            long revision,
            KeyMatch match,
            double importance,
            @Nullable Double cosine) {}
}
