package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewKey;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.memory.ArchiveItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/// Export and import of whole installations, with the server running and without.
@ParameterizedClass
@CsvSource({"EMBEDDED, EMBEDDED", "EMBEDDED, POSTGRES", "POSTGRES, EMBEDDED", "POSTGRES, POSTGRES"})
class TransferTest {
    @Parameter(0)
    StoreKind from;

    @Parameter(1)
    StoreKind to;

    @TempDir
    Path directory;

    private Installation here;
    private Installation there;
    private Path file;

    @BeforeEach
    void prepare() {
        here = Installation.of(from, directory.resolve("here"));
        there = Installation.of(to, directory.resolve("there"));
        file = directory.resolve("all.ndjson");
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void whatARunningServerExported_isTheSameAfterTheMove() throws IOException {
        String key = fillAndExport(false);
        TaskStatus imported = there.run(new StoreTask.Import(file.toString(), false, false));
        assertEquals(3, imported.counts().get("entries"));
        Path again = directory.resolve("again.ndjson");
        there.run(new StoreTask.Export(again.toString(), false));
        assertEquals(Exports.content(file), Exports.content(again));
        try (App app = there.serve();
                HttpMemories stranger = Installation.memories(app, key)) {
            var failure = assertThrows(MemoryException.class, stranger::namespaces);
            assertEquals(ErrorCode.INVALID_API_KEY, failure.code());
        }
    }

    @Test
    void keysMoveWithThePepper_whichTravelsInAFileOfItsOwn() throws IOException {
        String key = fillAndExport(true);
        Path pepper = directory.resolve("all.ndjson.pepper");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(pepper)));
        assertFalse(Files.readString(file).contains(Files.readString(pepper).strip()));
        there.run(new StoreTask.Import(file.toString(), true, false));
        try (App app = there.serve();
                HttpMemories memories = Installation.memories(app, key)) {
            assertEquals("\"one\"", memories.get("notes", "a").value().text());
            assertEquals(
                    "\"again\"",
                    memories.put("notes", EntryDraft.of("a", Json.string("again")))
                            .entry()
                            .value()
                            .text());
        }
    }

    @Test
    void aServerThatRuns_takesAnImport() throws IOException {
        fillAndExport(false);
        try (App app = there.serve()) {
            TaskStatus imported = Installation.run(app, new StoreTask.Import(file.toString(), false, false));
            assertTrue(
                    imported.notes().stream().anyMatch(note -> note.contains("--with-pepper")),
                    () -> imported.toString());
            var twice = assertThrows(
                    MemoryException.class,
                    () -> Installation.run(app, new StoreTask.Import(file.toString(), false, false)));
            assertEquals(ErrorCode.ALREADY_EXISTS, twice.code());
        }
        assertEquals(
                3,
                there.items().stream()
                        .filter(item -> item instanceof ArchiveItem.OfVersion)
                        .count());
    }

    @Test
    void aRehearsal_changesNothing() {
        fillAndExport(false);
        TaskStatus tried = there.run(new StoreTask.Import(file.toString(), false, true));
        assertEquals(3, tried.counts().get("entries"));
        assertEquals(List.of(), there.items());
        there.run(new StoreTask.Import(file.toString(), false, false));
        assertEquals(
                ErrorCode.ALREADY_EXISTS,
                there.failure(new StoreTask.Import(file.toString(), false, true))
                        .code());
    }

    @Test
    void aDamagedFile_isRefusedWhole() throws IOException {
        fillAndExport(false);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(directory.resolve("damaged"), bytes);
        assertEquals(
                ErrorCode.INVALID_VALUE,
                there.failure(new StoreTask.Import(damaged.toString(), false, false))
                        .code());
        assertEquals(List.of(), there.items());
    }

    @Test
    void keysUnderAnotherSalt_areRefused() {
        here.with("API_KEY_SALT", "s".repeat(40));
        there.with("API_KEY_SALT", "t".repeat(40));
        fillAndExport(false);
        there.serve().close();
        var failure = there.failure(new StoreTask.Import(file.toString(), false, false));
        assertTrue(failure.detail().contains("API_KEY_SALT"), failure.detail());
    }

    @Test
    void anExport_replacesNoFile() throws IOException {
        Files.writeString(file, "precious");
        try (App app = here.serve()) {
            assertThrows(
                    MemoryException.class, () -> Installation.run(app, new StoreTask.Export(file.toString(), false)));
        }
        assertEquals("precious", Files.readString(file));
    }

    /// A key of the local account.
    private String fillAndExport(boolean withPepper) {
        try (App app = here.serve();
                HttpMemories memories = here.memories(app)) {
            memories.createNamespace(NewNamespace.of("notes"));
            memories.put("notes", EntryDraft.of("a", Json.string("one")));
            memories.put("notes", EntryDraft.of("b", Json.parse("{\"x\":[1.50,\"é\"]}")));
            memories.put("notes", EntryDraft.of("c", Json.NULL));
            String key = memories.createKey(NewKey.unrestricted("moves")).token();
            Installation.run(app, new StoreTask.Export(file.toString(), withPepper));
            return key;
        }
    }
}
