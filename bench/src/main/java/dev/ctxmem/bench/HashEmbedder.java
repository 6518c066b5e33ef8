package dev.ctxmem.bench;

import dev.ctxmem.memory.Embedder;
import dev.ctxmem.memory.EmbeddingModel;
import java.util.List;

/// A bag of hashed words as a vector: no model, some microseconds a text. For comparing servers without
/// comparing models; run it with `EMBEDDING_PROVIDER=dev.ctxmem.bench.HashEmbedder` and the jar of this module
/// on `CTX_PLUGINS`.
///
/// Each word adds ±1 at 12 places drawn from its FNV-1a hash by a linear congruential generator; a faint
/// pattern from the hash of the whole text keeps texts from being equal.
public final class HashEmbedder implements Embedder {
    private static final EmbeddingModel MODEL = new EmbeddingModel("hashed-words", 384);
    private static final int PLACES_PER_WORD = 12;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    @Override
    public EmbeddingModel model() {
        return MODEL;
    }

    @Override
    public List<List<float[]>> embedPassages(List<String> texts) {
        return texts.stream().map(text -> List.of(vector(text))).toList();
    }

    @Override
    public List<float[]> embedQueries(List<String> texts) {
        return texts.stream().map(HashEmbedder::vector).toList();
    }

    private static float[] vector(String text) {
        float[] vector = new float[MODEL.dimension()];
        int word = FNV_OFFSET;
        int all = FNV_OFFSET;
        int length = 0;
        for (int i = 0; i <= text.length(); i++) {
            int c = i < text.length() ? Character.toLowerCase(text.charAt(i)) : ' ';
            if (Character.isLetterOrDigit(c)) {
                word = (word ^ c) * FNV_PRIME;
                all = (all ^ c) * FNV_PRIME;
                length++;
            } else if (length > 0) {
                addWord(vector, word, length < 4 ? 0.3f : 1);
                word = FNV_OFFSET;
                length = 0;
            }
        }
        return normalized(vector, all);
    }

    private static void addWord(float[] vector, int hash, float weight) {
        int state = hash;
        for (int place = 0; place < PLACES_PER_WORD; place++) {
            state = next(state);
            vector[(state >>> 8) % vector.length] += state < 0 ? weight : -weight;
        }
    }

    private static float[] normalized(float[] vector, int hash) {
        int state = hash;
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            state = next(state);
            vector[i] += (float) ((Integer.toUnsignedLong(state) / 4294967296.0 - 0.5) * 0.2);
            squares += (double) vector[i] * vector[i];
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    private static int next(int state) {
        return state * 1664525 + 1013904223;
    }
}
