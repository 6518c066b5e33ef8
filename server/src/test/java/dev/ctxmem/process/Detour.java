package dev.ctxmem.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Another way to a database: a port of 127.0.0.1 behind which nobody listens at first.
public final class Detour implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://)([^:/]+):(\\d+)(/.*)");
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int BUFFER_BYTES = 8192;

    private final Matcher target;
    private final int port;
    private volatile boolean closed;
    private volatile boolean frozen;

    public Detour(String jdbcUrl) throws IOException {
        target = URL.matcher(jdbcUrl);
        if (!target.matches()) {
            throw new IllegalArgumentException(jdbcUrl);
        }
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    public String url() {
        return target.group(1) + "127.0.0.1:" + port + target.group(4);
    }

    /// Leads to the database from the moment on at which `condition` holds.
    public void openOnce(Callable<Boolean> condition) {
        Thread.ofVirtual().start(() -> {
            try {
                while (!closed && !condition.call()) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                listen();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private void listen() throws IOException {
        try (var entrance = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            while (!closed) {
                Socket near = entrance.accept();
                var far = new Socket(target.group(2), Integer.parseInt(target.group(3)));
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            }
        }
    }

    /// Connections stay, and nothing goes through them, until the thaw.
    public void freeze(boolean frozenNow) {
        frozen = frozenNow;
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[BUFFER_BYTES];
            for (int count; (count = from.getInputStream().read(bytes)) >= 0; ) {
                while (frozen && !closed) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One of both has hung up.
        }
    }

    /// Ends with the next connection, or with the tests.
    @Override
    public void close() {
        closed = true;
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        } catch (IOException e) {
            // It was never opened.
        }
    }
}
