package dev.ctxmem.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A connection that sends whatever bytes a test wants and reads one HTTP/1.1 answer at a time.
final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawConnection(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends text as it stands, one byte for each character.
    RawConnection send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// What a server that has turned away does not want to read any more is dropped.
    RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The answer that explains it may be there to be read.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /// Says that nothing more will come, and still reads.
    RawConnection finish() {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            // The server has finished before.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /// The next answer to a request that is no HEAD; null when the server has closed the connection.
    @Nullable
    Reply read() {
        return read(true);
    }

    @Nullable
    Reply read(boolean withBody) {
        try {
            String statusLine = line();
            if (statusLine == null) {
                return null;
            }
            int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
            var headers = new TreeMap<String, String>();
            for (String line = line(); line != null && !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.merge(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (a, b) -> a + ", " + b);
            }
            int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("the answer ends inside its body");
            }
            return new Reply(status, headers, body);
        } catch (SocketException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
