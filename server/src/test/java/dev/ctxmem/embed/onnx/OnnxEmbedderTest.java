package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEmbedderTest {
    /// How far a component of an int8 model's vector is from the one published for the model it was made from,
    /// whose components are about 0.05; the fp32 model would be within 0.001.
    private static final double COMPONENT_TOLERANCE = 0.025;

    private static final double COSINE_TOLERANCE = 0.03;

    private static final List<String> TEXTS = List.of(
            "hello world",
            "use postgres for the database",
            "The weather is lovely today.",
            "a much longer text that has some more words than its neighbours, so that it would need padding",
            "naïve café 日本語 🙂");

    private static final Map<LocalModel, OnnxEmbedder> EMBEDDERS = new EnumMap<>(LocalModel.class);

    @TempDir
    private static Path cache;

    @BeforeAll
    static void open() {
        for (LocalModel local : LocalModel.values()) {
            EMBEDDERS.put(local, OnnxEmbedder.open(local, cache));
        }
    }

    @AfterAll
    static void close() {
        EMBEDDERS.values().forEach(OnnxEmbedder::close);
    }

    private static OnnxEmbedder embedder(LocalModel local) {
        return Objects.requireNonNull(EMBEDDERS.get(local));
    }

    private static float[] query(LocalModel local, String text) {
        return embedder(local).embedQueries(List.of(text)).getFirst();
    }

    private static List<float[]> passage(LocalModel local, String text) {
        return embedder(local).embedPassages(List.of(text)).getFirst();
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    @Test
    void miniLm_hasTheVectorsThatSentenceTransformersPublished() {
        float[] love = query(LocalModel.ALL_MINI_LM, "I love sentence transformers.");
        assertEquals(-0.0803190097, love[0], COMPONENT_TOLERANCE);
        assertEquals(-0.0171345081, love[1], COMPONENT_TOLERANCE);
        assertEquals(0.0478825271, love[382], COMPONENT_TOLERANCE);
        assertEquals(-0.056189958, love[383], COMPONENT_TOLERANCE);
        float[] hello = query(LocalModel.ALL_MINI_LM, "hello world");
        float[] published = {-0.034478f, 0.03102f, 0.00673f, 0.02611f, -0.039362f};
        for (int i = 0; i < published.length; i++) {
            assertEquals(published[i], hello[i], COMPONENT_TOLERANCE);
        }
    }

    @Test
    void miniLm_hasTheCosinesThatSentenceTransformersPublished() {
        float[] lovely = query(LocalModel.ALL_MINI_LM, "The weather is lovely today.");
        float[] sunny = query(LocalModel.ALL_MINI_LM, "It's so sunny outside!");
        float[] stadium = query(LocalModel.ALL_MINI_LM, "He drove to the stadium.");
        assertEquals(0.6660, cosine(lovely, sunny), COSINE_TOLERANCE);
        assertEquals(0.1046, cosine(lovely, stadium), COSINE_TOLERANCE);
        assertEquals(0.1411, cosine(sunny, stadium), COSINE_TOLERANCE);
    }

    @Test
    void bge_hasTheVectorThatItsAuthorsModelHas() {
        float[] hello = query(LocalModel.BGE_SMALL_EN, "hello world");
        float[] published = {0.01522374f, -0.02271799f, 0.00860278f, -0.07424029f, 0.00386434f};
        for (int i = 0; i < published.length; i++) {
            assertEquals(published[i], hello[i], COMPONENT_TOLERANCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void vectors_haveLengthOneAndTheModelsDimension(LocalModel local) {
        for (String text : TEXTS) {
            float[] vector = query(local, text);
            assertEquals(embedder(local).model().dimension(), vector.length);
            assertEquals(1, cosine(vector, vector), 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aText_hasTheSameVectorAloneAndAmongOthers(LocalModel local) {
        List<List<float[]>> together = embedder(local).embedPassages(TEXTS);
        for (int i = 0; i < TEXTS.size(); i++) {
            assertArrayEquals(
                    passage(local, TEXTS.get(i)).getFirst(), together.get(i).getFirst());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aText_hasTheSameVectorWhileOthersAreEmbedded(LocalModel local)
            throws ExecutionException, InterruptedException {
        List<float[]> alone = TEXTS.stream().map(text -> query(local, text)).toList();
        try (var threads = Executors.newFixedThreadPool(3)) {
            var meanwhile = new ArrayList<Future<List<float[]>>>();
            for (int i = 0; i < 12; i++) {
                meanwhile.add(threads.submit(() -> embedder(local).embedQueries(TEXTS)));
            }
            for (Future<List<float[]>> vectors : meanwhile) {
                for (int i = 0; i < TEXTS.size(); i++) {
                    assertArrayEquals(alone.get(i), vectors.get().get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void relatedTexts_areCloserThanOthers(LocalModel local) {
        float[] question = query(local, "what database should I use");
        double related = cosine(
                question,
                passage(local, "decision\nuse postgres for the database").getFirst());
        double unrelated =
                cosine(question, passage(local, "the cat sat on the mat").getFirst());
        assertTrue(related > unrelated + 0.05, related + " and " + unrelated);
    }

    @Test
    void e5_marksQuestionsAndPassagesAsItWasTrained() throws Exception {
        String text = "use postgres for the database";
        assertArrayEquals(runOf(LocalModel.E5_SMALL, "query: " + text), query(LocalModel.E5_SMALL, text));
        assertArrayEquals(
                runOf(LocalModel.E5_SMALL, "passage: " + text),
                passage(LocalModel.E5_SMALL, text).getFirst());
        assertNotEquals(
                1,
                cosine(
                        query(LocalModel.E5_SMALL, text),
                        passage(LocalModel.E5_SMALL, text).getFirst()),
                1e-3);
    }

    /// The vector of a text as it stands.
    private static float[] runOf(LocalModel local, String text) {
        WordPiece wordPiece = local.tokenizer();
        var windows = new Windows(wordPiece.id("[CLS]"), wordPiece.id("[SEP]"), new int[0], local.window());
        try (var session = ModelSession.open(
                NativeRuntime.start(cache), local.provideModel(cache), local.pooling(), local.window())) {
            return session.run(windows.first(wordPiece.encode(text)));
        }
    }

    @Test
    void aLongPassage_hasAVectorForEachOfItsParts() {
        String filler = "The minutes of the meeting say nothing of interest here. ".repeat(150);
        String text = filler + "Our pet parrot is called Bernard.";
        List<float[]> chunks = passage(LocalModel.BGE_SMALL_EN, text);
        assertEquals(4, chunks.size());
        float[] question = query(LocalModel.BGE_SMALL_EN, "what is the name of the parrot");
        double[] cosines =
                chunks.stream().mapToDouble(chunk -> cosine(question, chunk)).toArray();
        int best = IntStream.range(0, chunks.size())
                .reduce((a, b) -> cosines[a] >= cosines[b] ? a : b)
                .orElseThrow();
        assertEquals(3, best);
    }

    @Test
    void aLongQuestion_isJudgedByItsBeginning() {
        String text = "what database should I use ".repeat(200);
        assertArrayEquals(query(LocalModel.BGE_SMALL_EN, text), query(LocalModel.BGE_SMALL_EN, text + "and the cat"));
    }

    @Test
    void anEmptyText_hasAVectorToo() {
        assertEquals(1, passage(LocalModel.BGE_SMALL_EN, "").size());
    }

    @Test
    void aClosedEmbedder_saysSo() {
        var embedder = OnnxEmbedder.open(LocalModel.ALL_MINI_LM, cache);
        embedder.close();
        embedder.close();
        assertThrows(IllegalStateException.class, () -> embedder.embedQueries(List.of("hello")));
    }

    /// A native session that is closed under a run ends the process.
    @Test
    void close_waitsForRunsUnderWay() throws InterruptedException, ExecutionException {
        var embedder = OnnxEmbedder.open(LocalModel.ALL_MINI_LM, cache);
        try (var thread = Executors.newSingleThreadExecutor()) {
            String text = "a run that takes a while ".repeat(60);
            Future<?> runs = thread.submit(() -> {
                while (true) {
                    embedder.embedPassages(List.of(text));
                }
            });
            embedder.embedPassages(List.of(text));
            embedder.close();
            var ended = assertThrows(ExecutionException.class, runs::get);
            assertInstanceOf(IllegalStateException.class, ended.getCause());
        }
    }
}
