package dev.ctxmem.store.flat;

import dev.ctxmem.memory.StemWeights;
import dev.ctxmem.store.flat.FlatEntry.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All live entries of one account as of a revision, with their vectors of one model. A search looks at each of them,
/// which for some ten thousand takes about a millisecond, and misses none.
///
/// Immutable. The vectors of an index that was made from another by [#with] lie behind those of the other one, in the
/// same place: only the newest may be followed by a further one.
public final class FlatIndex {
    /// So many entries, or this part of all, may be missing in the postings or gone from the entries.
    private static final int LOOSE_MIN = 256;

    private static final int LOOSE_PART = 8;

    private final long revision;

    /// Null where one is gone.
    private final @Nullable Held[] entries;

    private final Columns columns;

    /// The words of the first entries; those of the others, gone ones too, are loose.
    private final Postings postings;

    private final long[][] looseWords;
    private final Vectors vectors;
    private final List<UUID> awaitingVectors;
    private final int size;
    private final int liveVectors;
    private final long bytes;

    FlatIndex(long revision, @Nullable Held[] entries, Postings postings, Vectors vectors) {
        this(revision, entries, postings, new long[0][], vectors);
    }

    private FlatIndex(
            long revision, @Nullable Held[] entries, Postings postings, long[][] looseWords, Vectors vectors) {
        this.revision = revision;
        this.entries = entries;
        this.postings = postings;
        this.looseWords = looseWords;
        columns = Columns.of(entries);
        this.vectors = vectors;
        var awaiting = new ArrayList<UUID>();
        int live = 0;
        int ofLive = 0;
        long ofEntries = 0;
        for (Held entry : entries) {
            if (entry != null) {
                live++;
                ofLive += entry.vectors();
                ofEntries += entry.bytes();
                if (entry.head().awaitsVectors()) {
                    awaiting.add(entry.head().id());
                }
            }
        }
        for (long[] words : looseWords) {
            ofEntries += (long) words.length * Long.BYTES;
        }
        awaitingVectors = List.copyOf(awaiting);
        size = live;
        liveVectors = ofLive;
        bytes = ofEntries + columns.bytes() + postings.bytes() + vectors.bytes();
    }

    public long revision() {
        return revision;
    }

    public int size() {
        return size;
    }

    /// How much memory it takes, about.
    public long bytes() {
        return bytes;
    }

    /// More than half of its vectors belong to no entry any more: it should be made anew.
    public boolean isWorn() {
        return vectors.size() > 2 * liveVectors + 64;
    }

    /// Entries that will get vectors without a new revision.
    public List<UUID> awaitingVectors() {
        return awaitingVectors;
    }

    /// The index as of a later revision: of the names in `changed` and of `goneNamespaces` nothing is left but what
    /// is in `current`. What it has of an equal or a later revision stays as it is, unless it waits for vectors.
    public FlatIndex with(long later, Set<Name> changed, Set<UUID> goneNamespaces, Collection<FlatEntry> current) {
        Map<Name, FlatEntry> coming = new LinkedHashMap<>();
        current.forEach(entry -> coming.put(entry.head().name(), entry));
        Set<String> keys = Stream.concat(changed.stream(), coming.keySet().stream())
                .map(Name::key)
                .collect(Collectors.toSet());
        @Nullable Held[] next = entries.clone();
        for (int i = 0; i < entries.length; i++) {
            Held held = entries[i];
            if (held != null) {
                Head entry = held.head();
                boolean isTouched = keys.contains(entry.key());
                FlatEntry now = isTouched ? coming.get(entry.name()) : null;
                if (now != null && !entry.isBefore(now.head())) {
                    coming.remove(entry.name());
                } else if (now != null
                        || goneNamespaces.contains(entry.namespace())
                        || (isTouched && changed.contains(entry.name()))) {
                    next[i] = null;
                }
            }
        }
        int end = next.length;
        next = Arrays.copyOf(next, end + coming.size());
        long[][] loose = Arrays.copyOf(looseWords, looseWords.length + coming.size());
        Vectors grown = vectors.withRoomFor(coming.values().stream()
                .mapToInt(entry -> entry.vectors().size())
                .sum());
        for (FlatEntry entry : coming.values()) {
            loose[end - postings.entries()] = entry.words();
            next[end++] = new Held(entry, grown.size());
            for (float[] vector : entry.vectors()) {
                grown = grown.with(vector);
            }
        }
        return new FlatIndex(Math.max(revision, later), next, postings, loose, grown).tidied();
    }

    /// Leaves out those that expired first, so many at most.
    public FlatIndex withoutExpired(long now, int most) {
        @Nullable Held[] left = entries.clone();
        IntStream.range(0, entries.length)
                .filter(i -> entries[i] != null && entries[i].head().expiresAt() <= now)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> head(i).expiresAt())
                        .thenComparingLong(i -> head(i).revision()))
                .limit(most)
                .forEach(i -> left[i] = null);
        return new FlatIndex(revision, left, postings, looseWords, vectors).tidied();
    }

    /// With everything in the postings, if much is not.
    private FlatIndex tidied() {
        int loose = entries.length - postings.entries() + entries.length - size;
        if (loose <= Math.max(LOOSE_MIN, size / LOOSE_PART)) {
            return this;
        }
        long[][] formerWords = postings.wordsOfEach();
        Held[] tidy = new Held[size];
        long[][] words = new long[size][];
        int next = 0;
        for (int i = 0; i < entries.length; i++) {
            Held entry = entries[i];
            if (entry != null) {
                words[next] = i < formerWords.length ? formerWords[i] : looseWords[i - formerWords.length];
                tidy[next++] = entry;
            }
        }
        return new FlatIndex(revision, tidy, new Postings(words), vectors);
    }

    /// Leaves the store's records out of it: that a candidate is still so, they have to say.
    public Answer search(Question question) {
        long[] matches = marked(question.stems());
        long[] frequencies = new long[question.stems().length];
        for (int i = 0; i < entries.length; i++) {
            for (long rest = entries[i] == null ? 0 : matches[i]; rest != 0; rest &= rest - 1) {
                frequencies[Long.numberOfTrailingZeros(rest)]++;
            }
        }
        var weights = new StemWeights(question.documents(), frequencies);
        float[] cosines = question.vector() == null ? null : vectors.cosines(question.vector());
        return new Answer(candidates(question, matches, weights, cosines), weights);
    }

    /// For each entry, a bit for each of the words that it has.
    private long[] marked(long[] words) {
        long[] marks = new long[entries.length];
        for (int i = 0; i < words.length; i++) {
            postings.mark(words[i], marks, 1L << i);
        }
        var table = new WordTable(words);
        for (int i = postings.entries(); i < entries.length; i++) {
            marks[i] = table.matches(looseWords[i - postings.entries()]);
        }
        return marks;
    }

    private List<Candidate> candidates(
            Question question, long[] matches, StemWeights weights, float @Nullable [] cosines) {
        var scope = new Scope(question);
        int textHash = question.text().hashCode();
        long[] tags = question.tags().length == 0 ? matches : marked(question.tags());
        var nearest = new Best(question.candidates());
        var worded = new Best(question.candidates());
        var proposed = new BitSet(entries.length);
        var prefixed = new ArrayList<Integer>();
        for (int i = 0; i < entries.length; i++) {
            double cosine = cosines == null ? Double.NaN : columns.cosine(i, cosines);
            double words = matches[i] == 0 ? Double.NaN : weights.coverage(matches[i]) * columns.wordWeights()[i];
            boolean mayBeNamed = question.keyPrefix() || columns.keyHashes()[i] == textHash;
            Held held = mayBeNamed || nearest.mayTake(cosine) || worded.mayTake(words) ? entries[i] : null;
            if (held == null || !scope.holds(held.head(), tags[i])) {
                continue;
            }
            Head entry = held.head();
            if (nearest.mayTake(cosine)) {
                nearest.offer(i, cosine, entry.revision());
            }
            if (worded.mayTake(words)) {
                worded.offer(i, words, entry.revision());
            }
            if (entry.key().equals(question.text())) {
                proposed.set(i);
            } else if (question.keyPrefix() && entry.key().startsWith(question.text())) {
                prefixed.add(i);
            }
        }
        Stream<Integer> firstKeys = prefixed.stream()
                .sorted(Comparator.comparing(i -> head(i).key()))
                .limit(question.candidates());
        IntStream.concat(
                        IntStream.concat(IntStream.of(nearest.numbers()), IntStream.of(worded.numbers())),
                        firstKeys.mapToInt(Integer::intValue))
                .forEach(proposed::set);
        return proposed.stream()
                .mapToObj(i -> candidate(i, matches[i], cosines))
                .toList();
    }

    private Held held(int i) {
        return Objects.requireNonNull(entries[i]);
    }

    private Head head(int i) {
        return held(i).head();
    }

    private Candidate candidate(int i, long matches, float @Nullable [] cosines) {
        Head entry = head(i);
        Double cosine = null;
        if (cosines != null && held(i).vectors() > 0) {
            float best = columns.cosine(i, cosines);
            cosine = Float.isNaN(best) ? 0 : (double) best;
        }
        return new Candidate(
                entry.id(), entry.revision(), entry.key(), entry.importance(), entry.length(), matches, cosine);
    }

    /// What a search may find, and the weights of the question's stems in the account.
    public record Answer(List<Candidate> candidates, StemWeights weights) {
        public Answer {
            candidates = List.copyOf(candidates);
        }
    }

    /// What the question is about.
    private record Scope(Question question, long allTags) {
        Scope(Question question) {
            this(question, question.tags().length == 0 ? 0 : -1L >>> (Long.SIZE - question.tags().length));
        }

        boolean holds(Head entry, long tags) {
            return entry.expiresAt() > question.now()
                    && (tags & allTags) == allTags
                    && (question.namespaces() == null || question.namespaces().contains(entry.namespace()));
        }
    }
}
