package dev.ctxmem.bench.quality;

import dev.ctxmem.bench.Crew;
import dev.ctxmem.bench.Crew.Done;
import dev.ctxmem.bench.quality.TestSet.Passage;
import dev.ctxmem.bench.quality.TestSet.Question;
import dev.ctxmem.bench.quality.TestSet.Shelf;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.Entry;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.Memories;
import dev.ctxmem.core.Namespace;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One test set on one server: written entry by entry as agents write, searched as agents search, and removed
/// again. The namespaces are called `bench-SET-SHELF`.
final class Trial {
    private static final String SLUG_PREFIX = "bench-";
    private static final int RANKING_LIMIT = 50;
    private static final Duration PENDING_PAUSE = Duration.ofMillis(200);

    private final Memories memories;
    private final TestSet set;
    private final Crew crew;

    Trial(Memories memories, TestSet set, Crew crew) {
        this.memories = memories;
        this.set = set;
        this.crew = crew;
    }

    /// Takes minutes: every vector is made by the server.
    List<Figure> run() {
        clear();
        var figures = new ArrayList<Figure>(fill());
        figures.addAll(rankings());
        figures.addAll(cuts());
        return figures;
    }

    /// Removes what this or an earlier trial of the set left.
    void clear() {
        String prefix = SLUG_PREFIX + set.name() + "-";
        memories.namespaces().stream()
                .map(Namespace::slug)
                .filter(slug -> slug.startsWith(prefix))
                .forEach(memories::deleteNamespace);
    }

    private List<Figure> fill() {
        set.shelves().forEach(shelf -> memories.createNamespace(NewNamespace.of(slug(shelf))));
        record Item(Shelf shelf, Passage passage) {}
        List<Item> items = set.shelves().stream()
                .flatMap(shelf -> shelf.passages().stream().map(passage -> new Item(shelf, passage)))
                .toList();
        Done<Entry> imported = crew.work(
                items,
                item -> memories.put(
                                slug(item.shelf), EntryDraft.of(item.passage.key(), Json.string(item.passage.text())))
                        .entry());
        long start = System.nanoTime();
        List<Entry> pending = imported.results().stream()
                .filter(entry -> entry.embedding() == EmbeddingState.PENDING)
                .toList();
        pending.forEach(this::awaitVector);
        double waited = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
        return List.of(
                new Figure(set.name(), Figure.ALL, "imports/s", imported.perSecond(), items.size()),
                new Figure(set.name(), Figure.ALL, "seconds until all ready", waited, pending.size()));
    }

    private void awaitVector(Entry entry) {
        while (memories.get(entry.namespace(), entry.key()).embedding() == EmbeddingState.PENDING) {
            try {
                TimeUnit.NANOSECONDS.sleep(PENDING_PAUSE.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private List<Figure> rankings() {
        Done<Ranked> asked =
                crew.work(asked(), ask -> new Ranked(ask.question, keys(ask.question, ask.shelf, RANKING_LIMIT, 0)));
        var figures = new ArrayList<>(set.figures(asked.results()));
        figures.add(new Figure(
                set.name(),
                Figure.ALL,
                "searches/s",
                asked.perSecond(),
                asked.results().size()));
        return figures;
    }

    /// What the default threshold keeps and cuts, over pairs of a question and an entry: of all shelves, and of
    /// the groups. An answer has no more than [Limits#PAGE_MAX] hits, so that more wrong ones are not counted.
    private List<Figure> cuts() {
        Done<Cut> cuts = crew.work(asked(), this::cut);
        var figures = new ArrayList<Figure>();
        var groups = new ArrayList<>(List.of(Figure.ALL));
        groups.addAll(set.groups());
        for (String group : groups) {
            List<Cut> chosen = cuts.results().stream()
                    .filter(cut -> cut.question.isIn(group))
                    .toList();
            Map<String, Share> shares = new HashMap<>();
            for (Cut cut : chosen) {
                cut.shares().forEach((measure, share) -> shares.merge(measure, share, Share::plus));
            }
            shares.forEach((measure, share) -> figures.add(
                    new Figure(set.name(), group, measure, share.part / (double) share.whole, share.whole)));
        }
        return figures;
    }

    private Cut cut(Ask ask) {
        List<String> own = keys(ask.question, ask.shelf, Limits.PAGE_MAX, SearchQuery.THRESHOLD_DEFAULT);
        int found = ask.question.found(own);
        Shelf other = next(ask.shelf);
        int foreign = other.equals(ask.shelf)
                ? 0
                : keys(ask.question, other, Limits.PAGE_MAX, SearchQuery.THRESHOLD_DEFAULT)
                        .size();
        int relevant = ask.question.relevant().size();
        int rest = ask.shelf.passages().size() - relevant;
        var shares = new HashMap<String, Share>();
        shares.put("relevant kept at 0.7", new Share(found, relevant));
        shares.put("same topic cut at 0.7", new Share(rest - (own.size() - found), rest));
        if (!other.equals(ask.shelf)) {
            int all = other.passages().size();
            shares.put("other topic cut at 0.7", new Share(all - foreign, all));
        }
        return new Cut(ask.question, shares);
    }

    private Shelf next(Shelf shelf) {
        int index = set.shelves().indexOf(shelf);
        return set.shelves().get((index + 1) % set.shelves().size());
    }

    private List<Ask> asked() {
        return set.shelves().stream()
                .flatMap(shelf -> shelf.questions().stream().map(question -> new Ask(question, shelf)))
                .toList();
    }

    private List<String> keys(Question question, Shelf shelf, int limit, double threshold) {
        var query = new SearchQuery(question.text(), slug(shelf), limit, threshold, List.of(), false);
        return memories.search(query).results().stream()
                .map(hit -> hit.entry().key())
                .toList();
    }

    private String slug(Shelf shelf) {
        return SLUG_PREFIX
                + set.name()
                + "-"
                + shelf.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private record Ask(Question question, Shelf shelf) {}

    private record Cut(Question question, Map<String, Share> shares) {}

    private record Share(long part, long whole) {
        Share plus(Share other) {
            return new Share(part + other.part, whole + other.whole);
        }
    }
}
