package dev.ctxmem.embed.onnx;

import java.util.ArrayList;
import java.util.List;

/// How a text's pieces become sequences that fit a model's window: `[CLS] prefix pieces [SEP]`.
///
/// A longer passage is cut into windows that overlap by at least [#OVERLAP_TOKENS] and cover it evenly. A
/// passage of more than [#CHUNKS_MAX] windows keeps that many, spread over its whole length with gaps between
/// them, so that its end is found as well as its beginning.
final class Windows {
    /// Vectors of one text: some 28,000 tokens, 115 KB of English, are covered without a gap.
    static final int CHUNKS_MAX = 64;

    static final int OVERLAP_TOKENS = 64;

    private final int begin;
    private final int end;
    private final int[] prefix;
    private final int capacity;

    /// `window` counts all tokens of a sequence.
    Windows(int begin, int end, int[] prefix, int window) {
        this.begin = begin;
        this.end = end;
        this.prefix = prefix;
        this.capacity = window - 2 - prefix.length;
    }

    /// One sequence or more, in the order of the text.
    List<long[]> split(int[] pieces) {
        int excess = pieces.length - capacity;
        if (excess <= 0) {
            return List.of(sequence(pieces, 0, pieces.length));
        }
        int stride = capacity - OVERLAP_TOKENS;
        int chunks = Math.min(CHUNKS_MAX, 1 + Math.ceilDiv(excess, stride));
        var sequences = new ArrayList<long[]>(chunks);
        for (int i = 0; i < chunks; i++) {
            int start = (int) ((long) excess * i / (chunks - 1));
            sequences.add(sequence(pieces, start, start + capacity));
        }
        return sequences;
    }

    /// The one sequence of a question: what is beyond the window is left out.
    long[] first(int[] pieces) {
        return sequence(pieces, 0, Math.min(pieces.length, capacity));
    }

    private long[] sequence(int[] pieces, int from, int to) {
        long[] sequence = new long[2 + prefix.length + to - from];
        sequence[0] = begin;
        for (int i = 0; i < prefix.length; i++) {
            sequence[1 + i] = prefix[i];
        }
        for (int i = from; i < to; i++) {
            sequence[1 + prefix.length + i - from] = pieces[i];
        }
        sequence[sequence.length - 1] = end;
        return sequence;
    }
}
