package dev.ctxmem.store.flat;

/// A few words, each with a bit, made for asking many times whether it holds a word. Words are hashes: their bits
/// tell where they lie.
final class WordTable {
    /// Most words that are asked for are not there, and seen not to be at the first look.
    private static final int PLACES_PER_WORD = 4;

    private final long[] words;

    /// 0 where a place is free.
    private final long[] bits;

    /// At most 64 words.
    WordTable(long[] asked) {
        int places = Integer.highestOneBit(Math.max(1, asked.length * PLACES_PER_WORD)) << 1;
        words = new long[places];
        bits = new long[places];
        for (int number = 0; number < asked.length; number++) {
            int place = place(asked[number]);
            words[place] = asked[number];
            bits[place] |= 1L << number;
        }
    }

    /// The bits of all words of the table that are among these.
    long matches(long[] among) {
        long matches = 0;
        for (long word : among) {
            matches |= bits[place(word)];
        }
        return matches;
    }

    /// Where the word is, or a free place.
    private int place(long word) {
        int place = (int) word & (words.length - 1);
        while (bits[place] != 0 && words[place] != word) {
            place = (place + 1) & (words.length - 1);
        }
        return place;
    }
}
