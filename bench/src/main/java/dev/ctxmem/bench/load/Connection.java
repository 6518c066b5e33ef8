package dev.ctxmem.bench.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One HTTP/1.1 connection that is kept alive: plain sockets, because a client library takes more of the
/// machine than the server under test. For one thread.
final class Connection implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;
    private static final int LINE_BYTES_MAX = 16 << 10;
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_DIGITS = 3;
    private static final int HEX = 16;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    Connection(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    }

    /// Sends a whole request, reads the whole answer, and tells its status.
    int exchange(byte[] request) throws IOException {
        out.write(request);
        String first = line();
        int status = Integer.parseInt(first, STATUS_AT, STATUS_AT + STATUS_DIGITS, 10);
        long length = 0;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Long.parseLong(name.substring(name.indexOf(':') + 1).strip());
            } else if (name.startsWith("transfer-encoding:")) {
                chunked = name.contains("chunked");
            }
        }
        if (chunked) {
            skipChunks();
        } else {
            in.skipNBytes(length);
        }
        return status;
    }

    private void skipChunks() throws IOException {
        while (true) {
            int size = Integer.parseInt(line().strip(), HEX);
            in.skipNBytes(size);
            if (!line().isEmpty()) {
                throw new IOException("a chunk without an end");
            }
            if (size == 0) {
                return;
            }
        }
    }

    private String line() throws IOException {
        var bytes = new byte[LINE_BYTES_MAX];
        int length = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || length == bytes.length) {
                throw new EOFException("the server closed the connection");
            }
            bytes[length++] = (byte) next;
        }
        return new String(
                bytes, 0, length > 0 && bytes[length - 1] == '\r' ? length - 1 : length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
