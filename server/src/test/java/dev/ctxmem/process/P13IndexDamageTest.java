package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.SearchQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P13 on the whole server: the index may be deleted, cut or altered while it stands still; the next start
/// gives the same answers.
class P13IndexDamageTest {
    private static final int ENTRIES = 300;
    private static final String[] FLAGS = {"--embedding-provider", "none", "--log-level", "warning"};
    private static final List<String> ANIMALS = List.of("otter", "heron", "badger", "lynx", "marten", "stork");
    private static final List<String> PLACES = List.of("river", "meadow", "quarry", "harbour", "orchard");

    @TempDir
    Path home;

    @Test
    void aDeletedIndexIsRebuilt() {
        List<String> before = fill();
        deleteTree(index());
        assertEquals(before, answersAfterStart());
    }

    @Test
    void truncatedFilesAreNoticedAndTheIndexIsRebuilt() throws IOException {
        List<String> before = fill();
        for (Path file : files()) {
            if (Files.exists(file) && Files.size(file) > 0) {
                damage(file, half(Files.readAllBytes(file)));
                assertEquals(before, answersAfterStart(), file.getFileName() + " cut in half");
            }
        }
    }

    @Test
    void flippedBitsAreNoticedAndTheIndexIsRebuilt() throws IOException {
        List<String> before = fill();
        var random = new SplittableRandom(7);
        for (Path file : files()) {
            // An earlier rebuild may have replaced it.
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                damage(file, bytes);
                assertEquals(before, answersAfterStart(), "a bit of " + file.getFileName() + " flipped");
            }
        }
    }

    private List<String> fill() {
        try (ServerProcess server = ServerProcess.start(home, FLAGS);
                HttpMemories memories = server.memories()) {
            memories.createNamespace(NewNamespace.of("zoo"));
            for (int i = 0; i < ENTRIES; i++) {
                String text = "the " + ANIMALS.get(i % ANIMALS.size()) + " number " + i + " was seen at the "
                        + PLACES.get(i / 7 % PLACES.size());
                memories.put("zoo", EntryDraft.of("note-" + i, Json.string(text)));
            }
            List<String> answers = answers(memories);
            assertFalse(answers.isEmpty());
            assertEquals(0, server.terminate());
            return answers;
        }
    }

    private List<String> answersAfterStart() {
        try (ServerProcess server = ServerProcess.start(home, FLAGS);
                HttpMemories memories = server.memories()) {
            assertEquals("note-3", memories.get("zoo", "note-3").key());
            List<String> answers = answers(memories);
            assertEquals(0, server.terminate());
            return answers;
        }
    }

    private static List<String> answers(HttpMemories memories) {
        return Stream.of("otter at the river", "heron", "number 42", "which lynx was in the orchard?")
                .flatMap(query ->
                        memories.search(new SearchQuery(query, "zoo", 20, 0, List.of(), false)).results().stream())
                .map(hit -> hit.entry().key() + " " + Math.round(hit.similarity() * 1e6))
                .toList();
    }

    private Path index() {
        return ServerProcess.dataDirectory(home).resolve("index");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(index())) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            assertTrue(found.size() > 3, found.toString());
            return found;
        }
    }

    /// The file may be gone after an earlier rebuild.
    private static void damage(Path file, byte[] bytes) throws IOException {
        if (Files.exists(file)) {
            Files.write(file, bytes);
        }
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
