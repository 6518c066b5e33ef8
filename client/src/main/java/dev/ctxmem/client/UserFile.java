package dev.ctxmem.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A small file of the user's own, for secrets: only the user may read it (mode 0600 in a directory of mode
/// 0700), and it is replaced as a whole or not at all. Failing disks and permissions are an
/// UncheckedIOException.
public final class UserFile {
    private static final int BYTES_MAX = 64 << 10;
    private static final String DIRECTORY = "ctx";

    private final Path path;

    public UserFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /// The file `name` in `$XDG_CONFIG_HOME/ctx`, by default `~/.config/ctx`; empty for an environment without
    /// a home.
    public static Optional<UserFile> config(Map<String, String> environment, String name) {
        return find(environment, "XDG_CONFIG_HOME", ".config", name);
    }

    /// The file `name` in `$XDG_STATE_HOME/ctx`, by default `~/.local/state/ctx`; empty for an environment
    /// without a home.
    public static Optional<UserFile> state(Map<String, String> environment, String name) {
        return find(environment, "XDG_STATE_HOME", ".local/state", name);
    }

    public Path path() {
        return path;
    }

    /// Empty when there is no such file.
    public Optional<byte[]> read() {
        try (var in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(BYTES_MAX + 1);
            if (content.length > BYTES_MAX) {
                throw new IOException(path + " is larger than " + BYTES_MAX + " bytes");
            }
            return Optional.of(content);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Durable on return: the file holds `content` and nothing else, whatever was there before.
    public void write(byte[] content) {
        @Nullable Path temporary = null;
        try {
            Path directory = directory();
            Files.createDirectories(directory, privately(directory, "rwx------"));
            temporary =
                    Files.createTempFile(directory, path.getFileName() + ".", "", privately(directory, "rw-------"));
            try (var out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                var left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                out.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            temporary = null;
            makeDurable(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            discard(temporary);
        }
    }

    /// Does nothing when there is no such file.
    public void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the file is there and others than its owner may read or write it.
    public boolean isOpenToOthers() {
        try {
            var others = EnumSet.complementOf(EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            others.retainAll(Files.getPosixFilePermissions(path));
            return !others.isEmpty();
        } catch (NoSuchFileException | UnsupportedOperationException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private Path directory() {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    /// The XDG specification asks to ignore relative directories.
    private static Optional<UserFile> find(Map<String, String> env, String variable, String inHome, String name) {
        String base = env.getOrDefault(variable, "");
        if (!base.isEmpty() && Path.of(base).isAbsolute()) {
            return Optional.of(new UserFile(Path.of(base, DIRECTORY, name)));
        }
        String home = env.getOrDefault("HOME", env.getOrDefault("USERPROFILE", ""));
        return home.isEmpty() ? Optional.empty() : Optional.of(new UserFile(Path.of(home, inHome, DIRECTORY, name)));
    }

    /// A rename is on the disk when its directory is; only POSIX systems open directories.
    private static void makeDurable(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (var entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /// On file systems without POSIX permissions the directory's own rules must do.
    private static FileAttribute<?>[] privately(Path directory, String permissions) {
        if (!isPosix(directory)) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    private static void discard(@Nullable Path temporary) {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }
}
