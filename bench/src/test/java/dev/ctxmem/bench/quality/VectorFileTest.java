package dev.ctxmem.bench.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {
    private static final List<String> TEXTS = List.of("a", "bb", "ccc", "dddd");

    @TempDir
    private Path directory = Path.of("");

    private final LengthEmbedder embedder = new LengthEmbedder();

    @Test
    void nothingIsEmbeddedTwice() {
        List<List<float[]>> first = vectors();
        embedder.seen.clear();
        List<List<float[]>> again = vectors();
        assertEquals(List.of(), List.copyOf(embedder.seen));
        for (int i = 0; i < TEXTS.size(); i++) {
            assertEquals(TEXTS.get(i).length(), again.get(i).size());
            assertArrayEquals(first.get(i).getFirst(), again.get(i).getFirst());
        }
    }

    @Test
    void anEndedRunGoesOnWhereItWas() throws IOException {
        vectors();
        try (var files = Files.list(directory)) {
            Path file = files.findFirst().orElseThrow();
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length - 3));
        }
        embedder.seen.clear();
        assertEquals(TEXTS.size(), vectors().size());
        assertEquals(List.of("dddd"), List.copyOf(embedder.seen));
    }

    private List<List<float[]>> vectors() {
        return new VectorFile(directory, embedder).passages(TEXTS);
    }

    /// As many chunks as characters.
    private static final class LengthEmbedder implements Embedder {
        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Override
        public EmbeddingModel model() {
            return new EmbeddingModel("length", 2);
        }

        @Override
        public List<List<float[]>> embedPassages(List<String> texts) {
            seen.addAll(texts);
            return texts.stream()
                    .map(text -> IntStream.range(0, text.length())
                            .mapToObj(i -> new float[] {text.length(), i})
                            .toList())
                    .toList();
        }

        @Override
        public List<float[]> embedQueries(List<String> texts) {
            return texts.stream().map(text -> new float[] {text.length(), 0}).toList();
        }
    }
}
