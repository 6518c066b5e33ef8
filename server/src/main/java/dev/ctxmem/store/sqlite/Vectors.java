package dev.ctxmem.store.sqlite;

import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The chunk vectors of an entry as they are stored: little-endian float32, one chunk after the other.
final class Vectors {
    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private Vectors() {}

    static byte[] encode(Vectorization.Ready ready) {
        int dimension = ready.model().dimension();
        ByteBuffer bytes = ByteBuffer.allocate(ready.chunks().size() * dimension * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] chunk : ready.chunks()) {
            if (chunk.length != dimension) {
                throw new IllegalArgumentException(
                        "a vector of " + chunk.length + " for " + ready.model().name() + " of " + dimension);
            }
            bytes.asFloatBuffer().put(chunk);
            bytes.position(bytes.position() + dimension * Float.BYTES);
        }
        return bytes.array();
    }

    static List<float[]> decode(byte[] bytes, EmbeddingModel model) {
        var chunks = new ArrayList<float[]>();
        int size = model.dimension() * Float.BYTES;
        for (int start = 0; start + size <= bytes.length; start += size) {
            var chunk = new float[model.dimension()];
            ByteBuffer.wrap(bytes, start, size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(chunk);
            chunks.add(chunk);
        }
        return chunks;
    }

    /// The cosine of the question and the best chunk, −1 to 1; 0 for a chunk that has no direction (zero or
    /// damaged).
    static double bestCosine(float[] question, byte[] bytes) {
        double best = -1;
        int size = question.length * Float.BYTES;
        for (int start = 0; start + size <= bytes.length; start += size) {
            best = Math.max(best, cosine(question, bytes, start));
        }
        return best;
    }

    private static double cosine(float[] question, byte[] bytes, int start) {
        double dot = 0;
        double questionSquares = 0;
        double chunkSquares = 0;
        for (int i = 0; i < question.length; i++) {
            double a = question[i];
            double b = (float) FLOATS.get(bytes, start + i * Float.BYTES);
            dot += a * b;
            questionSquares += a * a;
            chunkSquares += b * b;
        }
        double cosine = dot / Math.sqrt(questionSquares * chunkSquares);
        return Double.isFinite(cosine) ? Math.clamp(cosine, -1, 1) : 0;
    }
}
