package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.StoreTask;
import dev.ctxmem.core.TaskStatus;
import dev.ctxmem.store.Everything;
import dev.ctxmem.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that a store can hold moves from one kind of store to the other and back: the files of each are equal
/// but for their header.
class MoveTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsLostBetweenTheStores() throws IOException {
        try (Installation first = Installation.of(StoreKind.EMBEDDED, directory.resolve("first"));
                Installation second = Installation.of(StoreKind.POSTGRES, directory.resolve("second"));
                Installation third = Installation.of(StoreKind.EMBEDDED, directory.resolve("third"))) {
            first.open(store -> {
                Everything.fill(new Stores(
                        store.memories(), store.accounts(), store.billing(), store.archive(), store.generations()));
                return true;
            });
            Path here = export(first, "here");
            Path there = move(here, second, "there");
            Path back = move(there, third, "back");
            assertEquals(Exports.content(here), Exports.content(there));
            assertEquals(Exports.content(here), Exports.content(back));
            assertTrue(Files.readAllLines(there).getFirst().contains("\"store\":\"postgresql\""));
            assertEquals(List.of("vector(3)"), second.database().query("""
                    select format_type(atttypid, atttypmod) from pg_attribute
                    where attrelid = 'entries'::regclass and attname = 'embedding'
                    """));
        }
    }

    private Path move(Path file, Installation to, String name) {
        TaskStatus status = to.run(new StoreTask.Import(file.toString(), false, false));
        Map<String, Long> counts = status.counts();
        for (String kind : List.of(
                "settings",
                "accounts",
                "customers",
                "keys",
                "usage",
                "namespaces",
                "entries",
                "versions",
                "events",
                "vectors")) {
            assertTrue(counts.getOrDefault(kind, 0L) > 0, () -> kind + " in " + counts);
        }
        return export(to, name);
    }

    private Path export(Installation from, String name) {
        Path file = directory.resolve(name);
        from.run(new StoreTask.Export(file.toString(), false));
        return file;
    }
}
