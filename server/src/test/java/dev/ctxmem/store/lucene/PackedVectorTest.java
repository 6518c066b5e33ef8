package dev.ctxmem.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ctxmem.store.TestVectors;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedVectorTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 31, 384, 1536, 2000})
    void cosine_isThatOfTheVectors(int dimension) {
        var random = new Random(dimension);
        for (int i = 0; i < 200; i++) {
            float[] one = TestVectors.random(random, dimension);
            float[] other = TestVectors.random(random, dimension);
            assertEquals(TestVectors.cosine(one, other), packed(one, other), 0.02, "dimension " + dimension);
            assertEquals(1, packed(one, one), 1e-4);
        }
    }

    @Test
    void cosine_doesNotDependOnLength_norOnTheOrderOfTheTwo() {
        float[] one = {0.3f, -0.4f, 0.1f, 0.9f, -0.2f};
        float[] longer = {3f, -4f, 1f, 9f, -2f};
        float[] other = {-0.1f, 0.7f, 0.2f, 0.3f, 0.5f};
        assertEquals(packed(one, other), packed(longer, other), 1e-6);
        assertEquals(packed(one, other), packed(other, one), 1e-6);
    }

    @Test
    void cosine_ofTheLargestComponents_doesNotOverflow() {
        var ones = new float[2000];
        var opposite = new float[2000];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = 1;
            opposite[i] = -1;
        }
        assertEquals(1, packed(ones, ones), 1e-4);
        assertEquals(-1, packed(ones, opposite), 1e-4);
    }

    @Test
    void of_aVectorWithoutDirection_isNull() {
        assertNull(PackedVector.of(new float[384]));
        assertNull(PackedVector.of(new float[] {Float.NaN}));
        assertNull(PackedVector.of(new float[] {Float.POSITIVE_INFINITY, 1}));
        assertNotNull(PackedVector.of(new float[] {Float.MIN_VALUE, 0}));
    }

    private static float packed(float[] one, float[] other) {
        byte[] bytes = pack(other);
        var words = new int[bytes.length / Integer.BYTES];
        PackedVector.words(bytes, words);
        return PackedVector.Probe.of(pack(one)).cosine(words);
    }

    private static byte[] pack(float[] vector) {
        byte[] packed = PackedVector.of(vector);
        assertNotNull(packed);
        assertEquals(PackedVector.bytes(vector.length), packed.length);
        return packed;
    }
}
