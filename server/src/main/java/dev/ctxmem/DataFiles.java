package dev.ctxmem;

import dev.ctxmem.config.ConfigException;
import dev.ctxmem.config.Key;
import dev.ctxmem.config.StoreConfig;
import dev.ctxmem.memory.GeneratedPepper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The directory of the embedded store, seen by its user alone, and what stands in it.
record DataFiles(Path path) implements GeneratedPepper {
    /// Where locks and fsync are not what they say, or what is written goes with the container.
    private static final Set<String> UNSAFE_FILE_SYSTEMS =
            Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "fuse.sshfs", "overlay", "aufs");

    private static final int PEPPER_BYTES = 32;

    /// Makes the directory, mode 0700, if it is not there. [ConfigException] when it cannot be made or must not
    /// be used.
    static DataFiles prepare(StoreConfig config) {
        Path path = config.dataDirectory();
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path);
            }
            if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            String type = Files.getFileStore(path).type();
            if (UNSAFE_FILE_SYSTEMS.contains(type) && !config.allowNetworkStorage()) {
                throw new ConfigException(List.of("The data directory " + path + " is on a file system of type " + type
                        + ", where acknowledged writes can be lost. Choose a local directory or a volume with "
                        + Key.CTX_DATA_DIR + ", or accept the risk with " + Key.CTX_ALLOW_NETWORK_STORAGE + "=true."));
            }
            return made(path);
        } catch (IOException e) {
            throw new ConfigException(List.of("The data directory " + path + " cannot be used (" + e.getMessage()
                    + "). Choose another one with " + Key.CTX_DATA_DIR + "."));
        }
    }

    /// The same directory where nothing in it needs to last.
    static DataFiles scratch(StoreConfig config) {
        try {
            return made(config.dataDirectory());
        } catch (IOException e) {
            throw new ConfigException(List.of("The directory " + config.dataDirectory() + " cannot be used ("
                    + e.getMessage() + "). Choose another one with " + Key.CTX_DATA_DIR + "."));
        }
    }

    private static DataFiles made(Path path) throws IOException {
        var files = new DataFiles(path);
        Files.createDirectories(files.natives());
        return files;
    }

    Path index() {
        return path.resolve("index");
    }

    Path models() {
        return path.resolve("models");
    }

    /// Where native libraries are unpacked; there from the start.
    Path natives() {
        return path.resolve("native");
    }

    /// The generated pepper: made on first use, 0600, durable before it is used.
    byte[] pepper() {
        return get().orElseGet(() -> {
            byte[] fresh = new byte[PEPPER_BYTES];
            new SecureRandom().nextBytes(fresh);
            put(fresh);
            return fresh;
        });
    }

    @Override
    public void put(byte[] pepper) {
        try {
            Path temporary = Files.createTempFile(
                    path,
                    "pepper",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, HexFormat.of().formatHex(pepper), StandardOpenOption.SYNC);
            Files.move(temporary, pepperFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> get() {
        Path file = pepperFile();
        try {
            return Files.exists(file)
                    ? Optional.of(HexFormat.of().parseHex(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(List.of("The generated pepper " + file + " cannot be read: restore it from a"
                    + " backup, or API keys made under it stay invalid (" + e.getMessage() + ")."));
        }
    }

    private Path pepperFile() {
        return path.resolve("pepper");
    }
}
