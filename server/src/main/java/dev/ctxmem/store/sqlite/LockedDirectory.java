package dev.ctxmem.store.sqlite;

import dev.ctxmem.store.CannotOpenStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The directory that holds `ctx.db`, open to its owner alone, and locked: a second process that wrote there
/// would not be kept in order by the first one's writer thread and its index.
final class LockedDirectory implements AutoCloseable {
    private static final String OWNER_ONLY_DIRECTORY = "rwx------";
    private static final String OWNER_ONLY_FILE = "rw-------";
    private static final int PID_CHARACTERS_MAX = 20;

    private final Path path;
    private final FileChannel lock;

    private LockedDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes the directory and its files where they are missing. Throws [CannotOpenStoreException].
    static LockedDirectory lock(Path path) {
        try {
            createDirectory(path);
            createFile(path.resolve("ctx.db"));
            Path lockFile = path.resolve("lock");
            createFile(lockFile);
            return new LockedDirectory(path, lockFile(path, lockFile));
        } catch (IOException e) {
            throw new CannotOpenStoreException(
                    "The data directory " + path + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    Path database() {
        return path.resolve("ctx.db");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.unavailable("The lock of the data directory cannot be released.", e);
        }
    }

    private static FileChannel lockFile(Path directory, Path lockFile) throws IOException {
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                String holder = read(channel);
                channel.close();
                throw inUse(directory, holder.isBlank() ? "another process" : "process " + holder);
            }
        } catch (OverlappingFileLockException e) {
            // The channel stays open on purpose: POSIX drops every lock that a process has on a file as soon as it
            // closes the file once, and the lock belongs to the store that holds it.
            throw inUse(directory, "this process");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.US_ASCII.encode(
                Long.toString(ProcessHandle.current().pid())));
        return channel;
    }

    private static CannotOpenStoreException inUse(Path directory, String holder) {
        return new CannotOpenStoreException(
                "The data directory " + directory + " is in use by " + holder
                        + ". Stop that one, or choose another directory.",
                null);
    }

    private static String read(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(PID_CHARACTERS_MAX);
        channel.read(bytes, 0);
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().trim();
    }

    private static void createDirectory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            restrict(path, OWNER_ONLY_DIRECTORY);
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(path, attributes(path, OWNER_ONLY_DIRECTORY));
    }

    /// SQLite gives its other files the permissions of the database file.
    private static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, attributes(file, OWNER_ONLY_FILE));
        } catch (FileAlreadyExistsException e) {
            restrict(file, OWNER_ONLY_FILE);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return hasPermissions(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void restrict(Path path, String permissions) throws IOException {
        if (!hasPermissions(path)) {
            return;
        }
        var wanted = PosixFilePermissions.fromString(permissions);
        if (Files.getPosixFilePermissions(path).equals(wanted)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path, wanted);
        } catch (FileSystemException e) {
            // A mounted volume may belong to somebody else; what matters is whether its files can be written.
            return;
        }
    }

    private static boolean hasPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
