package dev.ctxmem.store.postgres;

import dev.ctxmem.core.Hit;
import dev.ctxmem.memory.CandidateQuery;
import dev.ctxmem.memory.Scorer;
import dev.ctxmem.store.flat.FlatIndex;
import dev.ctxmem.store.flat.Question;
import dev.ctxmem.store.postgres.FlatIndexes.Kept;
import dev.ctxmem.store.postgres.FlatRows.State;
import dev.ctxmem.store.postgres.NamespaceRows.Size;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers a search from the flat index of its account, where there is one: brings it up to date with what was
/// committed before, asks it for candidates, and loads the best. Statements see what is committed when they begin,
/// and nothing is held between them: a winner that has changed since it was a candidate makes the search begin again.
final class FlatSearch {
    private static final int ATTEMPTS_MAX = 3;

    /// More than so many at once are better read anew.
    private static final int CHANGES_MAX = 1000;

    /// So many are asked for in each search, whether their vectors have come.
    private static final int AWAITED_MAX = 128;

    private final Database database;
    private final FlatIndexes indexes;
    private final Lexicon lexicon;
    private final VectorColumn vectors;
    private final Winners winners;
    private final LongAdder answers = new LongAdder();

    FlatSearch(Database database, FlatIndexes indexes, Lexicon lexicon, VectorColumn vectors, Winners winners) {
        this.database = database;
        this.indexes = indexes;
        this.lexicon = lexicon;
        this.vectors = vectors;
        this.winners = winners;
    }

    /// How many searches it has answered.
    long answers() {
        return answers.sum();
    }

    /// Null where the database's own indexes must answer.
    @Nullable
    List<Hit> search(CandidateQuery query, Scorer scorer) {
        Long model = vectors.modelNumberOrNull(query);
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            Kept kept = indexes.find(query.account(), model, model == null ? null : query.model());
            if (kept == null) {
                return null;
            }
            List<Hit> hits = database.read(session -> search(session, kept, model, query, scorer));
            if (hits != null) {
                answers.increment();
                return hits;
            }
        }
        return null;
    }

    private @Nullable List<Hit> search(
            Session session, Kept kept, @Nullable Long model, CandidateQuery query, Scorer scorer) {
        UUID account = query.account();
        var script = new Script();
        Script.Result<State> state = FlatRows.state(script, account);
        Script.Result<Size> namespaces = NamespaceRows.sizes(script, account, query.namespaces());
        session.run(script);
        if (!query.namespaces().isEmpty() && namespaces.all().isEmpty()) {
            return List.of();
        }
        State seen = Objects.requireNonNullElse(state.only(), State.NOTHING);
        Kept now = current(session, account, kept, model, seen);
        if (now == null) {
            return null;
        }
        FlatIndex.Answer answer = now.index()
                .search(new Question(
                        query.namespaces().isEmpty()
                                ? null
                                : namespaces.all().stream().map(Size::namespace).collect(Collectors.toSet()),
                        lexicon.tags(account, query.tags()),
                        lexicon.stems(account, query.stems()),
                        model == null ? null : query.vector(),
                        query.text(),
                        query.keyPrefix(),
                        query.candidates(),
                        seen.entries(),
                        seen.now()));
        return winners.asOfNow(session, query, scorer, answer.candidates(), answer.weights(), model);
    }

    /// The index as of the records, at least as they were just `seen`. Null where it is not to be had.
    private @Nullable Kept current(Session session, UUID account, Kept kept, @Nullable Long model, State seen) {
        List<UUID> awaited = model == null ? List.of() : kept.index().awaitingVectors();
        if (awaited.isEmpty() && kept.isOf(seen)) {
            return kept;
        }
        long known = kept.index().revision();
        FlatRows.Changes changes = FlatRows.changes(session, account, kept.model(), known, CHANGES_MAX, some(awaited));
        if (!changes.follow(known)) {
            indexes.drop(account, kept);
            return null;
        }
        Kept now = indexes.advance(account, kept, changes);
        return awaited.size() > AWAITED_MAX ? null : now;
    }

    /// Others in each search, so that all come to be asked for.
    private static List<UUID> some(List<UUID> awaited) {
        if (awaited.size() <= AWAITED_MAX) {
            return awaited;
        }
        int from = ThreadLocalRandom.current().nextInt(awaited.size() - AWAITED_MAX);
        return awaited.subList(from, from + AWAITED_MAX);
    }
}
