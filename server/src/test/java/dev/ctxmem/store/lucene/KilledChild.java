package dev.ctxmem.store.lucene;

import dev.ctxmem.store.SearchIndex.Change;
import dev.ctxmem.text.EnglishWords;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Writes into the index of a directory, from where it stands, until it is killed: prints each sequence that it was
/// told is durable. What it writes for a sequence is always the same, so that others can tell what must be there.
final class KilledChild {
    static final UUID ACCOUNT = new UUID(5, 6);
    static final int ROWS = 2_000;
    private static final int COMMIT_EVERY = 37;
    private static final int SEARCH_EVERY = 3;

    private KilledChild() {}

    public static void main(String[] args) {
        try (LuceneIndex index = LuceneIndex.open(Path.of(args[0]), new EnglishWords())) {
            for (long sequence = index.durableSequence() + 1; ; sequence++) {
                index.apply(List.of(change(sequence)), sequence);
                if (sequence % SEARCH_EVERY == 0) {
                    index.candidates(Corpus.query(ACCOUNT, Set.of(), List.of(), List.of("w"), null, 1));
                }
                if (sequence % COMMIT_EVERY == 0) {
                    index.commit();
                    System.out.println(index.durableSequence());
                }
            }
        }
    }

    /// Mostly puts, into ever the same rows; every fifth is a remove.
    static Change change(long sequence) {
        long row = sequence * 7919 % ROWS;
        return sequence % 5 == 0 ? new Change.Remove(row) : new Change.Put(new Corpus(sequence).entry(row, ACCOUNT, 1));
    }
}
