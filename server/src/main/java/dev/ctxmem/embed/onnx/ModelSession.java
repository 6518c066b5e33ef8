package dev.ctxmem.embed.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ctxmem.embed.onnx.LocalModel.Pooling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A loaded model: token ids in, a unit vector out. Thread-safe; runs go on side by side, each on its caller's
/// thread alone.
final class ModelSession implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String STATES = "last_hidden_state";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Pooling pooling;
    private final int window;
    private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

    /// Held for reading by runs: closing a native session under a run ends the process.
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private ModelSession(OrtEnvironment environment, OrtSession session, Pooling pooling, int window) {
        this.environment = environment;
        this.session = session;
        this.pooling = pooling;
        this.window = window;
    }

    /// `window` is the largest number of tokens of a run.
    static ModelSession open(OrtEnvironment environment, Path model, Pooling pooling, int window) {
        try (var options = new OrtSession.SessionOptions()) {
            // Threads of our own run side by side; a pool of the runtime's would spin beside them.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // Patterns keep memory for every length of input ever seen; without them the arena stays 100 MB smaller.
            // The arena itself is worth its memory: without it long texts leave the C library's heap in pieces.
            options.setMemoryPatternOptimization(false);
            OrtSession session = environment.createSession(model.toString(), options);
            return new ModelSession(environment, session, pooling, window);
        } catch (OrtException e) {
            throw new IllegalStateException("The model " + model.getFileName() + " cannot be loaded.", e);
        }
    }

    /// The vector of one sequence: [LocalModel#DIMENSION] components, length 1.
    float[] run(long[] sequence) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The embedder is closed.");
            }
            Buffers buffers = idle.pollFirst();
            if (buffers == null) {
                buffers = new Buffers(window);
            }
            try {
                return run(sequence, buffers);
            } finally {
                idle.addFirst(buffers);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("The model failed on a text of " + sequence.length + " tokens.", e);
        } finally {
            open.readLock().unlock();
        }
    }

    private float[] run(long[] sequence, Buffers buffers) throws OrtException {
        int length = sequence.length;
        long[] shape = {1, length};
        try (var ids = OnnxTensor.createTensor(environment, buffers.ids(sequence), shape);
                var mask = OnnxTensor.createTensor(environment, buffers.ones.slice(0, length), shape);
                var types = OnnxTensor.createTensor(environment, buffers.zeros.slice(0, length), shape);
                var states = OnnxTensor.createTensor(
                        environment,
                        buffers.states.slice(0, length * LocalModel.DIMENSION),
                        new long[] {1, length, LocalModel.DIMENSION});
                var _ = session.run(Map.of(IDS, ids, MASK, mask, TYPES, types), Map.of(STATES, states))) {
            return unit(
                    switch (pooling) {
                        case FIRST_TOKEN -> sum(buffers.states, 1);
                        case MEAN -> sum(buffers.states, length);
                    });
        }
    }

    /// The mean but for its length.
    private static double[] sum(FloatBuffer states, int tokens) {
        double[] sum = new double[LocalModel.DIMENSION];
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += states.get(token * LocalModel.DIMENSION + i);
            }
        }
        return sum;
    }

    private static float[] unit(double[] vector) {
        double square = 0;
        for (double component : vector) {
            square += component * component;
        }
        if (!(square > 0) || Double.isInfinite(square)) {
            throw new IllegalStateException("The model gave a vector without a direction.");
        }
        double norm = Math.sqrt(square);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("The model cannot be unloaded.", e);
        } finally {
            open.writeLock().unlock();
        }
    }

    /// Memory outside the heap that a run reads and writes in place; one per run at a time, kept for the next.
    private static final class Buffers {
        private final LongBuffer ids;
        private final LongBuffer ones;
        private final LongBuffer zeros;
        private final FloatBuffer states;

        Buffers(int window) {
            ids = direct(window * Long.BYTES).asLongBuffer();
            ones = direct(window * Long.BYTES).asLongBuffer();
            for (int i = 0; i < window; i++) {
                ones.put(i, 1);
            }
            zeros = direct(window * Long.BYTES).asLongBuffer();
            states = direct(window * LocalModel.DIMENSION * Float.BYTES).asFloatBuffer();
        }

        LongBuffer ids(long[] sequence) {
            return ids.slice(0, sequence.length).put(0, sequence);
        }

        private static ByteBuffer direct(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
    }
}
