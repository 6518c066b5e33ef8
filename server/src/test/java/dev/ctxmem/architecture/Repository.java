package dev.ctxmem.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The files of this repository that people write: what git tracks or would add, or, in an unpacked archive,
/// all but build output. Paths are relative to [#ROOT] and sorted.
final class Repository {
    static final Path ROOT = root();

    private static final Set<String> NOT_WRITTEN = Set.of("target", ".git", "node_modules");

    private Repository() {}

    static List<Path> files() {
        try {
            List<Path> files = Files.exists(ROOT.resolve(".git")) ? tracked() : walked();
            return files.stream()
                    .filter(file -> Files.isRegularFile(ROOT.resolve(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static List<Path> tracked() throws IOException {
        Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard")
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Pattern.compile("\0").splitAsStream(names).map(Path::of).toList();
    }

    private static List<Path> walked() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(ROOT::relativize)
                    .filter(file -> StreamSupport.stream(file.spliterator(), false)
                            .noneMatch(part -> NOT_WRITTEN.contains(part.toString())))
                    .toList();
        }
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ctx"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("The tests run inside the repository.");
            }
        }
        return directory;
    }
}
