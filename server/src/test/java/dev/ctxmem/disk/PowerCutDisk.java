package dev.ctxmem.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// An ext4 file system in a file, mounted, whose power can be cut: what was not synced is gone then. Data that waits
/// is dropped whole; blocks are neither torn nor written in another order.
public final class PowerCutDisk implements AutoCloseable {
    /// Only what is written takes room.
    private static final long BYTES = 2L << 30;

    private static final String JOURNAL_MEGABYTES = "size=16";
    private static final int UNMOUNTS_MAX = 200;
    private static final long UNMOUNT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path image;
    private final Path directory;

    private PowerCutDisk(Path image, Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /// An empty one below `home`.
    public static PowerCutDisk mount(Path home) {
        Needs.powerCuts();
        var disk = new PowerCutDisk(home.resolve("disk.img"), home.resolve("disk"));
        try (var file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(BYTES);
            Files.createDirectory(disk.directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.run("mkfs.ext4", "-q", "-F", "-J", JOURNAL_MEGABYTES, disk.image.toString());
        disk.mount();
        // The first call into the kernel takes a while, which is not to pass between a last look and a cut.
        disk.sync();
        return disk;
    }

    /// Where it is mounted.
    public Path directory() {
        return directory;
    }

    /// Everything written so far is durable on return.
    public void sync() {
        SystemCalls.sync(directory);
    }

    /// Takes a last look, and at once the power: from now on every call on the file system fails, until [#restart].
    public <T> T cut(Supplier<T> lastLook) {
        String source = Command.run("findmnt", "-nro", "SOURCE", "--mountpoint", directory.toString());
        if (!source.startsWith("/dev/loop")) {
            throw new AssertionError("Not a loop mount, and therefore not touched: " + directory + " on " + source);
        }
        T seen = lastLook.get();
        SystemCalls.shutDown(directory);
        return seen;
    }

    /// Mounts it again, once nobody has a file open any more: the journal is replayed.
    public void restart() {
        unmount();
        mount();
    }

    @Override
    public void close() {
        unmount();
        try {
            Files.delete(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mount() {
        Command.run("mount", "-o", "loop,nosuid,nodev", image.toString(), directory.toString());
    }

    /// The kernel lets go of a killed process's files a moment after its end.
    private void unmount() {
        Command.Result result = Command.attempt("umount", directory.toString());
        for (int tries = 1; result.status() != 0 && tries < UNMOUNTS_MAX; tries++) {
            LockSupport.parkNanos(UNMOUNT_PAUSE_NANOS);
            result = Command.attempt("umount", directory.toString());
        }
        if (result.status() != 0) {
            throw new AssertionError(result.output());
        }
    }
}
