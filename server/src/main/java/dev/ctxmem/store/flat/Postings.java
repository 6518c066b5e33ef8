package dev.ctxmem.store.flat;

import java.util.Arrays;

/// Which of some numbered entries have a word: an inverted index. Words are hashes: their bits tell where they lie.
/// Immutable.
final class Postings {
    private final int entries;

    /// Each place of the table has a word, where its entries begin in `lists`, and how many they are: none where the
    /// place is free.
    private final long[] words;

    private final int[] starts;
    private final int[] lengths;
    private final int[] lists;

    /// Of entry 0, 1, 2 … these.
    Postings(long[][] wordsOfEach) {
        entries = wordsOfEach.length;
        int total = Arrays.stream(wordsOfEach).mapToInt(each -> each.length).sum();
        var counting = new Counting(total);
        for (long[] each : wordsOfEach) {
            for (long word : each) {
                counting.add(word);
            }
        }
        words = counting.words;
        lengths = counting.counts;
        starts = new int[words.length];
        int next = 0;
        for (int place = 0; place < words.length; place++) {
            starts[place] = next;
            next += lengths[place];
        }
        lists = new int[total];
        int[] filled = new int[words.length];
        for (int entry = 0; entry < entries; entry++) {
            for (long word : wordsOfEach[entry]) {
                int place = place(words, lengths, word);
                lists[starts[place] + filled[place]++] = entry;
            }
        }
    }

    int entries() {
        return entries;
    }

    long bytes() {
        return (long) words.length * (Long.BYTES + 2 * Integer.BYTES) + (long) lists.length * Integer.BYTES;
    }

    /// Sets a bit of each entry that has the word.
    void mark(long word, long[] marks, long bit) {
        int place = place(words, lengths, word);
        for (int i = 0; i < lengths[place]; i++) {
            marks[lists[starts[place] + i]] |= bit;
        }
    }

    /// The words of entry 0, 1, 2 …
    long[][] wordsOfEach() {
        int[] counts = new int[entries];
        for (int entry : lists) {
            counts[entry]++;
        }
        long[][] wordsOfEach = new long[entries][];
        for (int entry = 0; entry < entries; entry++) {
            wordsOfEach[entry] = new long[counts[entry]];
        }
        for (int place = 0; place < words.length; place++) {
            for (int i = 0; i < lengths[place]; i++) {
                int entry = lists[starts[place] + i];
                wordsOfEach[entry][--counts[entry]] = words[place];
            }
        }
        return wordsOfEach;
    }

    /// Where the word is, or could be. The table is never full.
    private static int place(long[] words, int[] counts, long word) {
        int place = (int) word & (words.length - 1);
        while (counts[place] != 0 && words[place] != word) {
            place = (place + 1) & (words.length - 1);
        }
        return place;
    }

    /// Counts words in a table that grows.
    private static final class Counting {
        private static final int PLACES_MIN = 16;

        private long[] words;
        private int[] counts;
        private int size;

        /// A word occurs many times: the table begins much smaller than all that will come.
        Counting(int total) {
            int places = Math.max(PLACES_MIN, Integer.highestOneBit(total / PLACES_MIN + 1) << 1);
            words = new long[places];
            counts = new int[places];
        }

        void add(long word) {
            int place = place(words, counts, word);
            if (counts[place] == 0) {
                words[place] = word;
                size++;
            }
            counts[place]++;
            if (2 * size > words.length) {
                grow();
            }
        }

        private void grow() {
            long[] formerWords = words;
            int[] formerCounts = counts;
            words = new long[2 * formerWords.length];
            counts = new int[words.length];
            for (int i = 0; i < formerWords.length; i++) {
                if (formerCounts[i] != 0) {
                    int place = place(words, counts, formerWords[i]);
                    words[place] = formerWords[i];
                    counts[place] = formerCounts[i];
                }
            }
        }
    }
}
