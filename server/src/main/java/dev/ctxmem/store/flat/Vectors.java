package dev.ctxmem.store.flat;

import java.util.Arrays;

/// Vectors in the order in which they came, made for the cosines of all of them with one question.
///
/// Each number has 16 bits, of which the largest of its vector uses all: cosines are right to some millionths. Many
/// vectors lie together, their first numbers side by side, then their second ones: so the compiler computes many of
/// them at a time, the more the better. Immutable to look at; one that was made from another by [#with] shares its
/// blocks, and only the last one made may be added to.
final class Vectors {
    private static final int WIDTH_MIN = 64;
    private static final int WIDTH_MAX = 512;

    /// So many blocks at least, where there are so many vectors: the last one is half empty.
    private static final int BLOCKS = 8;

    private static final int LARGEST = Short.MAX_VALUE;
    private static final int STEP = 4;

    private final int dimension;
    private final int width;
    private final short[][] blocks;
    private final float[] scales;
    private final int size;

    /// For so many vectors, about.
    Vectors(int dimension, long expected) {
        this(
                dimension,
                Math.clamp(Long.highestOneBit(expected / BLOCKS), WIDTH_MIN, WIDTH_MAX),
                new short[0][],
                new float[0],
                0);
    }

    private Vectors(int dimension, int width, short[][] blocks, float[] scales, int size) {
        this.dimension = dimension;
        this.width = width;
        this.blocks = blocks;
        this.scales = scales;
        this.size = size;
    }

    int size() {
        return size;
    }

    long bytes() {
        return (long) blocks.length * width * (dimension * Short.BYTES + Float.BYTES);
    }

    /// Room for so many more, of which `size` are there.
    Vectors withRoomFor(int more) {
        int needed = Math.ceilDiv(size + more, width);
        if (needed <= blocks.length) {
            return this;
        }
        short[][] grown = Arrays.copyOf(blocks, needed);
        for (int i = blocks.length; i < needed; i++) {
            grown[i] = new short[dimension * width];
        }
        return new Vectors(dimension, width, grown, Arrays.copyOf(scales, needed * width), size);
    }

    Vectors with(float[] vector) {
        Vectors roomy = withRoomFor(1);
        short[] block = roomy.blocks[size / width];
        int column = size % width;
        float largest = 0;
        double squares = 0;
        for (float number : vector) {
            largest = Math.max(largest, Math.abs(number));
            squares += (double) number * number;
        }
        for (int i = 0; i < dimension; i++) {
            block[i * width + column] = (short) Math.round(vector[i] / largest * LARGEST);
        }
        roomy.scales[size] = (float) (largest / LARGEST / Math.sqrt(squares));
        return new Vectors(dimension, width, roomy.blocks, roomy.scales, size + 1);
    }

    /// NaN where one of both has no direction.
    float[] cosines(float[] question) {
        float[] direction = direction(question);
        float[] cosines = new float[size];
        float[] sums = new float[width];
        for (int first = 0; first < size; first += width) {
            short[] block = blocks[first / width];
            Arrays.fill(sums, 0);
            for (int i = 0; i < dimension; i += STEP) {
                addFour(sums, block, direction, i);
            }
            int end = Math.min(size - first, width);
            for (int i = 0; i < end; i++) {
                cosines[first + i] = Math.clamp(sums[i] * scales[first + i], -1, 1);
            }
        }
        return cosines;
    }

    private void addFour(float[] sums, short[] block, float[] direction, int number) {
        int at = number * width;
        if (number + STEP <= dimension) {
            add(
                    sums,
                    block,
                    at,
                    width,
                    direction[number],
                    direction[number + 1],
                    direction[number + 2],
                    direction[number + 3]);
        } else {
            for (int i = number; i < dimension; i++) {
                add(sums, block, i * width, direction[i]);
            }
        }
    }

    /// Simple enough for the compiler to use wide registers; more terms in one line would not be.
    private static void add(float[] sums, short[] block, int at, int width, float a, float b, float c, float d) {
        for (int i = 0; i < width; i++) {
            sums[i] += a * block[at + i]
                    + b * block[at + width + i]
                    + c * block[at + 2 * width + i]
                    + d * block[at + 3 * width + i];
        }
    }

    private static void add(float[] sums, short[] block, int at, float factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * block[at + i];
        }
    }

    private static float[] direction(float[] vector) {
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        float[] direction = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            direction[i] = (float) (vector[i] / Math.sqrt(squares));
        }
        return direction;
    }
}
