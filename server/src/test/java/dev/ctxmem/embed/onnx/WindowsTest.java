package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
    private static final int WINDOW = 256;
    private static final int CAPACITY = WINDOW - 3;
    private static final Windows WINDOWS = new Windows(-1, -2, new int[] {-3}, WINDOW);

    private static int[] pieces(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Test
    void split_putsPrefixAndSpecialTokensAround() {
        assertArrayEquals(
                new long[] {-1, -3, 0, 1, 2, -2}, WINDOWS.split(pieces(3)).getFirst());
    }

    @Test
    void split_leavesWhatFitsInOnePart() {
        assertEquals(1, WINDOWS.split(pieces(0)).size());
        assertEquals(1, WINDOWS.split(pieces(CAPACITY)).size());
        assertEquals(2, WINDOWS.split(pieces(CAPACITY + 1)).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {254, 300, 500, 1000, 5000, 12_000})
    void split_overlapsAndCoversEverything(int count) {
        List<long[]> parts = WINDOWS.split(pieces(count));
        assertTrue(parts.size() <= Windows.CHUNKS_MAX);
        assertEquals(0, first(parts.getFirst()));
        assertEquals(count - 1, last(parts.getLast()));
        for (int i = 0; i < parts.size(); i++) {
            assertEquals(WINDOW, parts.get(i).length);
            if (i > 0) {
                long overlap = last(parts.get(i - 1)) - first(parts.get(i)) + 1;
                assertTrue(overlap >= Windows.OVERLAP_TOKENS, "overlap of " + overlap);
            }
        }
    }

    @Test
    void split_spreadsItsPartsOverATextThatIsTooLong() {
        int count = 1_000_000;
        List<long[]> parts = WINDOWS.split(pieces(count));
        assertEquals(Windows.CHUNKS_MAX, parts.size());
        assertEquals(0, first(parts.getFirst()));
        assertEquals(count - 1, last(parts.getLast()));
        long gap = first(parts.get(1)) - first(parts.get(0));
        for (int i = 1; i < parts.size(); i++) {
            assertTrue(Math.abs(first(parts.get(i)) - first(parts.get(i - 1)) - gap) <= 1);
        }
    }

    @Test
    void first_cutsAtTheWindow() {
        long[] sequence = WINDOWS.first(pieces(1000));
        assertEquals(WINDOW, sequence.length);
        assertEquals(CAPACITY - 1, last(sequence));
    }

    private static long first(long[] sequence) {
        return sequence[2];
    }

    private static long last(long[] sequence) {
        return sequence[sequence.length - 2];
    }
}
