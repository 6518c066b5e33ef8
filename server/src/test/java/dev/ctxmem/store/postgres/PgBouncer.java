package dev.ctxmem.store.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real PgBouncer in transaction mode before the server of the tests, with so few connections that clients share
/// them. It refuses to run as root.
public final class PgBouncer implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://)([^:/]+):(\\d+)(/[^?]*)[?]user=([^&]*)");
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final List<String> PROGRAMS = List.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer");
    private static final String NOBODY = "65534";

    private final Path directory;
    private final int port;
    private final Process process;

    /// Before the server of that URL.
    public PgBouncer(String url) {
        Matcher target = URL.matcher(url);
        if (!target.matches()) {
            throw new IllegalArgumentException(url);
        }
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
            directory = Files.createTempDirectory("ctx-pgbouncer");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(directory.resolve("users"), "\"" + target.group(5) + "\" \"\"\n");
            Files.writeString(directory.resolve("bouncer.ini"), """
                    [databases]
                    * = host=%s port=%s
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = trust
                    auth_file = %s
                    pool_mode = transaction
                    default_pool_size = 4
                    max_client_conn = 1000
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(
                            target.group(2), target.group(3), port, directory.resolve("users")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = launch();
    }

    /// The same database, through here.
    public String url(String url) {
        return URL.matcher(url).replaceFirst("$1127.0.0.1:" + port + "$4?user=$5");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            for (String file : List.of("users", "bouncer.ini", "log")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.deleteIfExists(directory);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        String program = PROGRAMS.stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("PgBouncer is needed: apt-get install pgbouncer"));
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(program, directory.resolve("bouncer.ini").toString()));
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            while (!listens()) {
                if (!started.isAlive()) {
                    throw new AssertionError(Files.readString(directory.resolve("log")));
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
