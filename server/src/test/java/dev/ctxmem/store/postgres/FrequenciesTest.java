package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/// Which stems of a question entries are looked for by.
class FrequenciesTest {
    private static final long[] STEMS = {11, 12, 13, 14};

    @Test
    void all_whereFewEntriesHaveThem() {
        assertArrayEquals(new long[] {13, 12, 11, 14}, telling(30, 20, 10, 40));
    }

    @Test
    void theRarest_upToSoManyEntries() {
        assertArrayEquals(new long[] {12, 14}, telling(900, 20, 81, 80));
    }

    @Test
    void theRarestOfAll_howeverManyHaveIt() {
        assertArrayEquals(new long[] {13}, telling(5_000, 6_000, 4_000, 7_000));
    }

    @Test
    void none_ofNone() {
        assertArrayEquals(new long[0], Frequencies.telling(new long[0], new long[0], 100));
    }

    private static long[] telling(long... frequencies) {
        return Frequencies.telling(STEMS, frequencies, 100);
    }
}
