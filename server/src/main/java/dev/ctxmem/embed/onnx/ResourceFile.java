package dev.ctxmem.embed.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/// A resource of a jar that native code wants as a file. It is written once, and again when it is found
/// damaged; several processes may share a directory.
///
/// A SHA-256 over 60 MB costs a starting Java 700 ms. So the pinned digest is checked when the file is written,
/// and at every later start the CRC-32 that the jar holds anyway, which takes 15 ms and finds damage just as
/// well.
final class ResourceFile {
    private final String resource;
    private final URL url;

    /// `resource` begins with a slash.
    ResourceFile(String resource) {
        URL found = ResourceFile.class.getResource(resource);
        if (found == null) {
            throw new IllegalStateException("The resource " + resource + " is not on the class path.");
        }
        this.resource = resource;
        this.url = found;
    }

    /// All of it. Throws [IllegalStateException] unless its SHA-256 is `sha256` (lower-case hex).
    byte[] read(String sha256) {
        try (InputStream in = url.openStream()) {
            byte[] bytes = in.readAllBytes();
            requireDigest(sha256().digest(bytes), sha256);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + resource + " cannot be read.", e);
        }
    }

    /// The CRC-32 of the content: from the jar's directory, without reading it.
    long crc32() {
        try {
            URLConnection connection = url.openConnection();
            return connection instanceof JarURLConnection jar
                    ? jar.getJarEntry().getCrc()
                    : crc32Of(connection.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + resource + " cannot be read.", e);
        }
    }

    /// The file `target` with the content of this resource: complete and on disk on return, whatever was there
    /// before.
    Path provide(Path target) {
        return provide(target, "");
    }

    /// As [#provide(Path)]; throws [IllegalStateException] when the resource to write has another SHA-256 than
    /// `sha256` (lower-case hex).
    Path provide(Path target, String sha256) {
        Path file = target.toAbsolutePath();
        try {
            if (!Files.isRegularFile(file) || crc32Of(Files.newInputStream(file)) != crc32()) {
                write(file, sha256);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /// A process that dies on the way leaves a `.part` behind, never a part under the file's own name.
    private void write(Path file, String sha256) throws IOException {
        Path directory = file.getParent();
        Files.createDirectories(directory);
        Path part = Files.createTempFile(directory, file.getFileName().toString(), ".part");
        try {
            MessageDigest digest = sha256();
            try (InputStream in = url.openStream();
                    OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
                in.transferTo(out);
            }
            if (!sha256.isEmpty()) {
                requireDigest(digest.digest(), sha256);
            }
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void requireDigest(byte[] found, String sha256) {
        String hex = HexFormat.of().formatHex(found);
        if (!hex.equals(sha256)) {
            throw new IllegalStateException("The resource " + resource + " has the SHA-256 " + hex + ", not " + sha256
                    + ": the class path holds another version of its jar.");
        }
    }

    private static long crc32Of(InputStream content) throws IOException {
        try (var in = new CheckedInputStream(content, new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
