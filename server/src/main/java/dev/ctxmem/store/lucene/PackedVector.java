package dev.ctxmem.store.lucene;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A vector in a quarter of its size, and how two of them are compared.
///
/// The bytes are the components scaled so that the largest is ±127, padded with zeros to a multiple of four,
/// then the reciprocal of their length as a float; little-endian. They are read as `int` words of four
/// components, with the float as the last word.
///
/// Comparing works on words because the compiler turns loops over `int` arrays into vector instructions, and
/// loops over bytes not: shifts unpack four components from each word. That makes the incubating Vector API
/// unnecessary.
final class PackedVector {
    private static final int COMPONENT_MAX = 127;

    private PackedVector() {}

    /// How many bytes a vector of this dimension takes.
    static int bytes(int dimension) {
        return (dimension + 3) / 4 * 4 + Float.BYTES;
    }

    /// Null for a vector without direction.
    static byte @Nullable [] of(float[] vector) {
        float max = 0;
        for (float component : vector) {
            max = Math.max(max, Math.abs(component));
        }
        if (!(max > 0) || Float.isInfinite(max)) {
            return null;
        }
        var packed = new byte[bytes(vector.length)];
        int squares = 0;
        for (int i = 0; i < vector.length; i++) {
            packed[i] = (byte) Math.round(vector[i] / max * COMPONENT_MAX);
            squares += packed[i] * packed[i];
        }
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).putFloat(packed.length - Float.BYTES, (float)
                (1 / Math.sqrt(squares)));
        return packed;
    }

    static void words(byte[] packed, int[] words) {
        ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    }

    /// One side of many comparisons, unpacked once.
    static final class Probe {
        private final int[] first;
        private final int[] second;
        private final int[] third;
        private final int[] fourth;
        private float reciprocal;

        Probe(int words) {
            first = new int[words - 1];
            second = new int[words - 1];
            third = new int[words - 1];
            fourth = new int[words - 1];
        }

        static Probe of(byte[] packed) {
            var words = new int[packed.length / Integer.BYTES];
            words(packed, words);
            var probe = new Probe(words.length);
            probe.set(words);
            return probe;
        }

        void set(int[] words) {
            for (int i = 0; i < first.length; i++) {
                int word = words[i];
                first[i] = word << 24 >> 24;
                second[i] = word << 16 >> 24;
                third[i] = word << 8 >> 24;
                fourth[i] = word >> 24;
            }
            reciprocal = Float.intBitsToFloat(words[first.length]);
        }

        /// −1 to 1, but for rounding.
        float cosine(int[] words) {
            int product = product(words, first, second, third, fourth);
            return product * reciprocal * Float.intBitsToFloat(words[first.length]);
        }

        private static int product(int[] words, int[] first, int[] second, int[] third, int[] fourth) {
            int sum = 0;
            for (int i = 0; i < first.length; i++) {
                int word = words[i];
                sum += (word << 24 >> 24) * first[i]
                        + (word << 16 >> 24) * second[i]
                        + (word << 8 >> 24) * third[i]
                        + (word >> 24) * fourth[i];
            }
            return sum;
        }
    }
}
