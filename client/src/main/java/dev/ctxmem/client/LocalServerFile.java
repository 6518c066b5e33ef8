package dev.ctxmem.client;

import dev.ctxmem.core.MemoryException;
import java.util.Map;
import java.util.Optional;

/// The file by which a running server lets the same user's commands find it: `$XDG_STATE_HOME/ctx/server.json`,
/// by default `~/.local/state/ctx/server.json`, readable by that user alone.
public final class LocalServerFile {
    private static final String NAME = "server.json";

    private final UserFile file;

    public LocalServerFile(UserFile file) {
        this.file = file;
    }

    /// Empty for an environment without a home.
    public static Optional<LocalServerFile> in(Map<String, String> environment) {
        return UserFile.state(environment, NAME).map(LocalServerFile::new);
    }

    public UserFile file() {
        return file;
    }

    /// The server of the file, if its process lives: a key must not go to whoever listens on a dead server's
    /// port. A file that cannot be understood counts as none. UncheckedIOException when it cannot be read.
    public Optional<LocalServer> read() {
        return parsed().filter(server ->
                ProcessHandle.of(server.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    /// Durable on return; replaces what another server left. UncheckedIOException.
    public void write(LocalServer server) {
        file.write(server.toJson());
    }

    /// Takes the file away unless it has become another process's. UncheckedIOException.
    public void delete(long pid) {
        if (parsed().filter(server -> server.pid() == pid).isPresent()) {
            file.delete();
        }
    }

    private Optional<LocalServer> parsed() {
        return file.read().flatMap(json -> {
            try {
                return Optional.of(LocalServer.parse(json));
            } catch (IllegalArgumentException | MemoryException e) {
                return Optional.empty();
            }
        });
    }
}
