package dev.ctxmem.embed.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into overlapping chunks of so many bytes of UTF-8, at most [#CHUNKS_MAX]; a longer text is
/// covered evenly, with gaps.
final class TextChunks {
    static final int CHUNKS_MAX = 64;
    /// The share of a chunk that is in the next one too.
    private static final int OVERLAP_PERCENT = 12;

    private TextChunks() {}

    /// One chunk or more, in order. A character is never cut apart.
    static List<String> of(String text, int chunkBytes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int excess = utf8.length - chunkBytes;
        if (excess <= 0) {
            return List.of(text);
        }
        int stride = chunkBytes - chunkBytes * OVERLAP_PERCENT / 100;
        int chunks = Math.min(CHUNKS_MAX, 1 + Math.ceilDiv(excess, stride));
        var parts = new ArrayList<String>(chunks);
        for (int i = 0; i < chunks; i++) {
            int start = (int) ((long) excess * i / (chunks - 1));
            while (isContinuation(utf8, start)) {
                start++;
            }
            int end = Math.min(utf8.length, start + chunkBytes);
            while (isContinuation(utf8, end)) {
                end--;
            }
            parts.add(new String(utf8, start, end - start, StandardCharsets.UTF_8));
        }
        return parts;
    }

    /// The text up to `chunkBytes`.
    static String first(String text, int chunkBytes) {
        return of(text, chunkBytes).getFirst();
    }

    /// Whether the character at `index` began before it.
    private static boolean isContinuation(byte[] utf8, int index) {
        return index < utf8.length && (utf8[index] & 0xC0) == 0x80;
    }
}
