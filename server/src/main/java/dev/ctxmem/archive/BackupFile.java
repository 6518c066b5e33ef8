package dev.ctxmem.archive;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A backup of the embedded store: its database as one file, and behind it one line that says what it is, with its
/// length and its hash. SQLite itself can read the file as it is.
///
/// @param databaseBytes length of the database at its beginning
public record BackupFile(
        Path path,
        String productVersion,
        Instant writtenAt,
        @Nullable String pepperCheck,
        long databaseBytes,
        String hash) {
    private static final String FORMAT = "context-memory-backup";
    private static final long VERSION = 1;
    private static final int LAST_LINE_BYTES_MAX = 4096;
    private static final int BUFFER_BYTES = 256 << 10;

    /// Makes a backup from a copy of the database that nobody writes to; durable on return.
    public static BackupFile write(
            Path target,
            Path database,
            String productVersion,
            Instant writtenAt,
            @Nullable String pepperCheck,
            Progress progress) {
        try (NewFile file = NewFile.create(target);
                InputStream in = Files.newInputStream(database)) {
            MessageDigest digest = sha256();
            long size = Files.size(database);
            byte[] buffer = new byte[BUFFER_BYTES];
            long written = 0;
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                file.write(buffer, 0, n);
                written += n;
                progress.at(written, size);
            }
            var backup = new BackupFile(target, productVersion, writtenAt, pepperCheck, written, "");
            String open = backup.openLine();
            digest.update(open.getBytes(StandardCharsets.UTF_8));
            String hash = HexFormat.of().formatHex(digest.digest());
            byte[] line = closedLine(open, hash).getBytes(StandardCharsets.UTF_8);
            file.write(line, 0, line.length);
            file.commit();
            return new BackupFile(target, productVersion, writtenAt, pepperCheck, written, hash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the last line of a file says. INVALID_VALUE for what is no backup, is cut off, or of a newer version.
    public static BackupFile open(Path path) {
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            long length = file.length();
            var tail = new byte[(int) Math.min(length, LAST_LINE_BYTES_MAX)];
            file.seek(length - tail.length);
            file.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            int start = text.lastIndexOf("\n{");
            if (start < 0 || !text.endsWith("}\n")) {
                throw refused("is not a backup of Context Memory, or is cut off", null);
            }
            String line = text.substring(start);
            BackupFile backup = parse(path, line);
            if (backup.databaseBytes + line.getBytes(StandardCharsets.UTF_8).length != length) {
                throw refused("is damaged: it is not as long as its last line says", null);
            }
            return backup;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies the database to `target`, which is synced. INVALID_VALUE, and nothing is left there, when the content
    /// is not what was written.
    public void extract(Path target, Progress progress) {
        try {
            MessageDigest digest = sha256();
            try (var in = new DigestInputStream(Files.newInputStream(path), digest);
                    OutputStream out = Files.newOutputStream(target)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                long left = databaseBytes;
                while (left > 0) {
                    int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (n < 0) {
                        break;
                    }
                    out.write(buffer, 0, n);
                    left -= n;
                    progress.at(databaseBytes - left, databaseBytes);
                }
            }
            try (FileChannel copy = FileChannel.open(target, StandardOpenOption.WRITE)) {
                copy.force(true);
            }
            digest.update(openLine().getBytes(StandardCharsets.UTF_8));
            if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
                Files.deleteIfExists(target);
                throw refused("is damaged: its content is not what was written", null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String openLine() {
        return "\n"
                + new JsonWriter()
                        .beginObject()
                        .member("format", FORMAT)
                        .member("format_version", VERSION)
                        .member("product_version", productVersion)
                        .member("written_at", writtenAt)
                        .member("pepper_check", pepperCheck)
                        .member("database_bytes", databaseBytes);
    }

    private static String closedLine(String open, String hash) {
        return open + ",\"sha256\":\"" + hash + "\"}\n";
    }

    private static BackupFile parse(Path path, String line) {
        try {
            Members in = Members.of(Json.parse(line.strip()));
            if (!in.string("format").equals(FORMAT)) {
                throw refused("is not a backup of Context Memory", null);
            }
            if (in.whole("format_version") > VERSION) {
                throw refused("is of a newer version; use the newer program that wrote it", null);
            }
            var backup = new BackupFile(
                    path,
                    in.string("product_version"),
                    in.time("written_at"),
                    in.optionalString("pepper_check"),
                    in.whole("database_bytes"),
                    in.string("sha256"));
            if (!line.equals(closedLine(backup.openLine(), backup.hash))) {
                throw refused("is damaged in its last line", null);
            }
            return backup;
        } catch (MemoryException e) {
            throw e.detail().startsWith("The file") ? e : refused("is not a backup of Context Memory", e);
        } catch (RuntimeException e) {
            throw refused("is not a backup of Context Memory, or is damaged", e);
        }
    }

    private static MemoryException refused(String what, @Nullable Throwable cause) {
        String detail = "The file " + what + ".";
        return cause == null
                ? new MemoryException(ErrorCode.INVALID_VALUE, detail)
                : new MemoryException(ErrorCode.INVALID_VALUE, detail, cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
