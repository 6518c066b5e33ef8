package dev.ctxmem.store.postgres;

import dev.ctxmem.disk.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server as `initdb` leaves it, with its files where a test wants them. It runs as `nobody`, because it
/// refuses to run as root.
final class OwnServer implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final String PROGRAMS = "CTX_TEST_POSTGRES_BIN";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int POLLS_MAX = 3_000;

    private final Path programs;
    private final Path directory;
    private final Path log;
    private final int port;
    private @Nullable Process process;

    private OwnServer(Path programs, Path directory, Path log, int port) {
        this.programs = programs;
        this.directory = directory;
        this.log = log;
        this.port = port;
    }

    /// Makes its files in a new directory, which `nobody` must be able to reach; does not start it.
    static OwnServer create(Path directory, Path log) {
        Path programs =
                Path.of(Needs.variable(PROGRAMS, "the directory of initdb and postgres; bin/with-postgres sets it"));
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setAttribute(directory, "unix:uid", Integer.valueOf(NOBODY));
            var server = new OwnServer(programs, directory, log, free.getLocalPort());
            Process initdb =
                    server.launch("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            if (initdb.waitFor() != 0) {
                throw new AssertionError(Files.readString(log));
            }
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As JDBC has it.
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /// Returns when it answers, after whatever recovery it needs.
    void start() {
        Process started = launch(
                "postgres",
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=");
        process = started;
        for (int poll = 0; poll < POLLS_MAX && started.isAlive(); poll++) {
            if (answers()) {
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new AssertionError("PostgreSQL does not start, see " + log);
    }

    /// SIGKILL to all of its processes; returns after their end.
    void kill() {
        if (process == null) {
            return;
        }
        var processes = new ArrayList<>(process.descendants().toList());
        processes.add(process.toHandle());
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(ended -> ended.onExit().join());
        process = null;
    }

    /// SIGTERM: it ends once nobody is connected, and leaves nothing behind.
    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }

    private boolean answers() {
        try (var _ = DriverManager.getConnection(url())) {
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private Process launch(String program, String... arguments) {
        var command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                programs.resolve(program).toString(),
                "-D",
                directory.toString()));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().put("HOME", "/");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
