package dev.ctxmem.archive;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a file as bytes, each with its line feed. A last line without one counts as cut off.
final class LineInput implements AutoCloseable {
    /// More than the largest entry with the vectors of all its chunks.
    private static final int LINE_BYTES_MAX = 128 << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private long position;

    private LineInput(InputStream in) {
        this.in = in;
    }

    static LineInput open(Path file) {
        try {
            return new LineInput(Files.newInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Null at the end. INVALID_VALUE for a line without an end, or of a length that no archive has.
    byte @Nullable [] next() {
        var line = new ByteArrayOutputStream();
        while (true) {
            if (start == end && !fill()) {
                if (line.size() > 0) {
                    throw refused("is cut off in its last line");
                }
                return null;
            }
            int i = start;
            while (i < end && buffer[i] != '\n') {
                i++;
            }
            int stop = Math.min(i + 1, end);
            line.write(buffer, start, stop - start);
            position += stop - start;
            start = stop;
            if (i < end) {
                return line.toByteArray();
            }
            if (line.size() > LINE_BYTES_MAX) {
                throw refused("has a line of more than " + LINE_BYTES_MAX + " bytes");
            }
        }
    }

    /// Bytes read so far.
    long position() {
        return position;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean fill() {
        try {
            start = 0;
            end = Math.max(0, in.read(buffer));
            return end > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemoryException refused(String what) {
        return new MemoryException(ErrorCode.INVALID_VALUE, "The file is damaged or cut off: it " + what + ".");
    }
}
