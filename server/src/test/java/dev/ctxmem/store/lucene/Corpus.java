package dev.ctxmem.store.lucene;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.store.SearchIndex.Document;
import dev.ctxmem.store.SearchIndex.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Made-up entries: words as frequent as in a language, vectors in clusters, tags on 100, 10, 1 and 0.1 % of
/// them.
final class Corpus {
    static final EmbeddingModel MODEL = new EmbeddingModel("made-up", 32);
    private static final int VOCABULARY = 2_000;
    private static final int CLUSTERS = 50;
    private static final int CHUNKS_MAX = 3;

    private final Random random;
    private final List<float[]> centres = new ArrayList<>();

    Corpus(long seed) {
        random = new Random(seed);
        for (int i = 0; i < CLUSTERS; i++) {
            centres.add(gaussian());
        }
    }

    /// One in ten has no vector, one in ten has several.
    Document entry(long row, UUID account, long namespace) {
        var tags = new ArrayList<String>();
        for (int share = 1; share <= 1000; share *= 10) {
            if (row % share == 0) {
                tags.add("one-in-" + share);
            }
        }
        int kind = random.nextInt(10);
        int chunks = kind == 0 ? 0 : kind == 1 ? 1 + random.nextInt(CHUNKS_MAX) : 1;
        var vectors = new ArrayList<float[]>();
        for (int i = 0; i < chunks; i++) {
            vectors.add(vector());
        }
        return new Document(
                row, account, namespace, tags, text(3 + random.nextInt(30)), chunks == 0 ? null : MODEL, vectors);
    }

    String text(int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
            text.append('w');
            for (int rest = rank; rest > 0; rest /= 26) {
                text.append((char) ('a' + rest % 26));
            }
            text.append(' ');
        }
        return text.toString();
    }

    float[] vector() {
        float[] centre = centres.get(random.nextInt(CLUSTERS));
        float[] vector = gaussian();
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] += centre[i];
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    static Query query(
            UUID account,
            Set<Long> namespaces,
            List<String> tags,
            List<String> stems,
            float @Nullable [] vector,
            int limit) {
        return new Query(account, namespaces, tags, stems, vector, vector == null ? null : MODEL, limit);
    }

    private float[] gaussian() {
        var vector = new float[MODEL.dimension()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
