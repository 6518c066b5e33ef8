package dev.ctxmem.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.EmbeddingState;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Tier;
import dev.ctxmem.memory.ArchiveItem;
import dev.ctxmem.memory.EmbeddingModel;
import dev.ctxmem.memory.Vectorization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The archive as a file: what was written comes back, and nothing else is taken.
class ArchiveFileTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final UUID ACCOUNT = new UUID(1, 2);
    private static final Progress QUIET = (done, total) -> {};

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("all.ndjson");
    }

    @Test
    void whatWasWritten_comesBack() {
        ArchiveSummary written = write(items());
        ArchiveReader reader = ArchiveReader.open(file, QUIET, QUIET);
        assertEquals(written, reader.summary());
        assertEquals(4, written.items());
        assertEquals(
                Map.of("accounts", 1L, "namespaces", 1L, "entries", 1L, "versions", 1L, "vectors", 1L),
                positive(written.counts()));
        var read = new ArrayList<ArchiveItem>();
        reader.giveTo(read::add);
        assertEquals(items().getFirst(), read.getFirst());
        assertEquals(items().getLast(), read.getLast());
        var entry = (ArchiveItem.OfEntry) read.get(2);
        assertEquals(2, entry.vectors().getFirst().chunks().size());
        assertArrayEquals(
                new float[] {-0.25f, Float.MIN_VALUE},
                entry.vectors().getFirst().chunks().get(1));
    }

    @Test
    void headers_doNotCountForTheContent() {
        String first = write(items()).contentHash();
        file = directory.resolve("later.ndjson");
        try (var writer = new ArchiveWriter(file, new ArchiveHeader("9.9", "other", NOW.plusSeconds(9), "x"), QUIET)) {
            items().forEach(writer::accept);
            assertEquals(first, writer.finish().contentHash());
        }
    }

    @Test
    void aFile_isThereWholeOrNotAtAll_andForItsOwnerAlone() throws IOException {
        try (var writer = new ArchiveWriter(file, header(), QUIET)) {
            items().forEach(writer::accept);
            assertFalse(Files.exists(file));
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
        write(items());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void anExistingFile_isNeverReplaced() throws IOException {
        Files.writeString(file, "precious");
        var failure = assertThrows(UncheckedIOException.class, () -> write(items()));
        assertEquals(FileAlreadyExistsException.class, failure.getCause().getClass());
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void everyFlippedBit_isNoticed() throws IOException {
        write(items());
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            assertRefused(flipped, "byte " + i);
        }
    }

    @Test
    void everyPlaceToCutOff_isNoticed() throws IOException {
        write(items());
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "first " + length + " bytes");
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1), "a byte more");
    }

    @Test
    void linesThatWereMovedRemovedOrDoubled_areNoticed() throws IOException {
        write(items());
        List<String> lines = Files.readAllLines(file);
        for (int i = 1; i < lines.size() - 1; i++) {
            var removed = new ArrayList<>(lines);
            removed.remove(i);
            assertRefused(joined(removed), "without line " + i);
            var doubled = new ArrayList<>(lines);
            doubled.add(i, lines.get(i));
            assertRefused(joined(doubled), "line " + i + " twice");
            var moved = new ArrayList<>(lines);
            moved.add(1, moved.remove(i));
            if (i > 1) {
                assertRefused(joined(moved), "line " + i + " first");
            }
        }
    }

    @Test
    void foreignFiles_areRefusedByName() {
        for (String text :
                List.of("{}\n", "[1]\n", "PK\u0003\u0004\n", "{\"format\":\"other\"}\n", "\n", "SQLite format 3")) {
            assertRefused(text.getBytes(StandardCharsets.UTF_8), text);
        }
    }

    @Test
    void aNewerFormat_namesTheNewerProgram() throws IOException {
        write(items());
        String newer = Files.readString(file).replaceFirst("\"format_version\":1", "\"format_version\":2");
        Files.writeString(file, newer);
        var failure = assertThrows(MemoryException.class, () -> ArchiveReader.open(file, QUIET, QUIET));
        assertTrue(failure.detail().contains("newer program"), failure.detail());
    }

    private void assertRefused(byte[] bytes, String what) {
        try {
            Path damaged = directory.resolve("damaged");
            Files.write(damaged, bytes);
            var failure = assertThrows(MemoryException.class, () -> ArchiveReader.open(damaged, QUIET, QUIET), what);
            assertEquals(ErrorCode.INVALID_VALUE, failure.code());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ArchiveSummary write(List<ArchiveItem> items) {
        try (var writer = new ArchiveWriter(file, header(), QUIET)) {
            writer.expect(items.size());
            items.forEach(writer::accept);
            return writer.finish();
        }
    }

    private static ArchiveHeader header() {
        return new ArchiveHeader("1.2.3", "embedded", NOW, null);
    }

    private static List<ArchiveItem> items() {
        var model = new EmbeddingModel("m", 2);
        return List.of(
                new ArchiveItem.OfAccount(new Account(ACCOUNT, "a@b", null, Tier.PRO, NOW), 1),
                new ArchiveItem.OfNamespace(ACCOUNT, new UUID(3, 4), "notes", "Notes\n\"é", null, NOW, NOW),
                new ArchiveItem.OfEntry(
                        ACCOUNT,
                        "notes",
                        "k",
                        new UUID(5, 6),
                        1,
                        1,
                        ArchiveItem.KeyState.LIVE,
                        EmbeddingState.READY,
                        NOW,
                        NOW.plusMillis(1),
                        List.of(new Vectorization.Ready(
                                model, List.of(new float[] {1, 0}, new float[] {-0.25f, Float.MIN_VALUE})))),
                new ArchiveItem.OfVersion(
                        1,
                        1,
                        false,
                        new UUID(7, 8),
                        "req",
                        0.1,
                        60L,
                        NOW.plusMillis(1),
                        NOW,
                        List.of("ä", "b"),
                        Json.parse("{\"x\":1.50}"),
                        Json.parse("{\"deep\":[[[1e3,\"\\u0007\"]]]}")));
    }

    private static Map<String, Long> positive(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static byte[] joined(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
