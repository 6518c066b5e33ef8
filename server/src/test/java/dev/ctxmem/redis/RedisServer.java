package dev.ctxmem.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A real redis-server on a port of 127.0.0.1 that keeps nothing on disk.
final class RedisServer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private Process process;

    RedisServer(Path directory) {
        this.directory = directory;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = launch();
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// SIGKILL; it comes back empty with [#restart].
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    void restart() {
        process = launch();
    }

    /// Neither answers nor goes away until [#resume].
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    void flushAll() {
        command("FLUSHALL\r\n");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private Process launch() {
        try {
            Process started = new ProcessBuilder(List.of(
                            "redis-server",
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no",
                            "--dir",
                            directory.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("redis.log").toFile())
                    .start();
            awaitAnswer(started);
            return started;
        } catch (IOException e) {
            throw new AssertionError(
                    "There is no redis-server. Run: apt-get install -y --no-install-recommends redis-server", e);
        }
    }

    private void awaitAnswer(Process started) {
        while (true) {
            try {
                command("PING\r\n");
                return;
            } catch (UncheckedIOException e) {
                if (!started.isAlive()) {
                    throw new AssertionError("redis-server does not start; see " + directory.resolve("redis.log"), e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private void command(String text) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            if (socket.getInputStream().read() != '+') {
                throw new IOException("Redis refuses " + text.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill " + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
