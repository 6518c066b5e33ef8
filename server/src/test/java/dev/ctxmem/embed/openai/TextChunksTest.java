package dev.ctxmem.embed.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextChunksTest {
    private static final int BYTES = 100;

    @Test
    void aTextThatFits_isOneChunk() {
        assertEquals(List.of(""), TextChunks.of("", BYTES));
        assertEquals(List.of("x".repeat(BYTES)), TextChunks.of("x".repeat(BYTES), BYTES));
        assertEquals(2, TextChunks.of("x".repeat(BYTES + 1), BYTES).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdefghij", "äöüß", "日本語", "🙂🇩🇪", "a\u00e4\u65e5🙂"})
    void chunks_coverTheTextAndCutNoCharacter(String pattern) {
        String text = pattern.repeat(200);
        List<String> chunks = TextChunks.of(text, BYTES);
        assertTrue(text.startsWith(chunks.getFirst()) && text.endsWith(chunks.getLast()));
        for (String chunk : chunks) {
            assertTrue(chunk.getBytes(StandardCharsets.UTF_8).length <= BYTES);
            assertTrue(text.contains(chunk));
            assertFalse(chunk.contains("\uFFFD"));
        }
    }

    @Test
    void chunks_overlap() {
        var text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(i).append(' ');
        }
        List<String> chunks = TextChunks.of(text.toString(), BYTES);
        int end = 0;
        for (String chunk : chunks) {
            int start = text.indexOf(chunk, Math.max(0, end - BYTES));
            assertTrue(end == 0 || end - start >= BYTES / 10, "overlap of " + (end - start));
            end = start + chunk.length();
        }
        assertEquals(text.length(), end);
    }

    @Test
    void aTextThatIsTooLong_isCoveredFromItsBeginningToItsEnd() {
        String text = "begin " + "x".repeat(1_000_000) + " end";
        List<String> chunks = TextChunks.of(text, BYTES);
        assertEquals(TextChunks.CHUNKS_MAX, chunks.size());
        assertTrue(chunks.getFirst().startsWith("begin") && chunks.getLast().endsWith("end"));
    }
}
