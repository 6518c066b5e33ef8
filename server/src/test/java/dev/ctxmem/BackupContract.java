package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.memory.ArchiveItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P20: a backup that was taken under load, restored, is exactly the state at its revision; what is damaged is
/// refused whole.
abstract class BackupContract {
    private static final int BACKUPS = Integer.getInteger("ctx.backups", 2);

    @TempDir
    Path directory;

    Installation live;
    private final StoreKind kind;
    private final List<Installation> installed = new ArrayList<>();

    BackupContract(StoreKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void install() {
        live = install("live");
    }

    @AfterEach
    void close() {
        installed.forEach(Installation::close);
    }

    Installation install(String name) {
        Installation installation = Installation.of(kind, directory.resolve(name));
        installed.add(installation);
        return installation;
    }

    @Test
    void aBackupUnderLoad_isTheStateAtItsRevision() throws IOException {
        var taken = new ArrayList<Taken>();
        try (App app = live.serve();
                HttpMemories memories = live.memories(app)) {
            memories.createNamespace(NewNamespace.of(WriteLoad.NAMESPACE));
            try (var load = new WriteLoad(live, app)) {
                for (int i = 0; i < BACKUPS; i++) {
                    long before = load.awaitMore();
                    Path file = directory.resolve("backup-" + i);
                    Installation.run(app, new StoreTask.Backup(file.toString(), false));
                    taken.add(new Taken(file, before, load.awaitMore()));
                }
            }
        }
        List<ArchiveItem> all = live.items();
        for (Taken backup : taken) {
            Installation restored = install("from-" + backup.file.getFileName());
            restored.run(new StoreTask.Restore(backup.file.toString(), false, false, false));
            check(all, restored, backup);
        }
    }

    /// That what was restored is what the live store had at some moment during the backup.
    void check(List<ArchiveItem> all, Installation restored, Taken backup) throws IOException {
        List<ArchiveItem> found = StateAt.entries(restored.items());
        long revision = StateAt.revision(found);
        assertTrue(
                revision >= backup.before && revision <= backup.after,
                () -> "revision " + revision + ", acknowledged " + backup.before + " to " + backup.after);
        assertEquals(
                StateAt.hash(directory, StateAt.at(StateAt.entries(all), revision)), StateAt.hash(directory, found));
    }

    static void fill(Installation installation, String value, @Nullable Path backup) {
        try (App app = installation.serve();
                HttpMemories memories = installation.memories(app)) {
            memories.createNamespace(NewNamespace.of(WriteLoad.NAMESPACE));
            for (int i = 0; i < 20; i++) {
                memories.put(WriteLoad.NAMESPACE, WriteLoad.draft("k" + i, value + i));
            }
            if (backup != null) {
                Installation.run(app, new StoreTask.Backup(backup.toString(), false));
            }
        }
    }

    static List<String> texts(List<ArchiveItem> items) {
        return items.stream()
                .filter(item -> item instanceof ArchiveItem.OfVersion || item instanceof ArchiveItem.OfAccount)
                .map(ArchiveItem::toString)
                .toList();
    }

    record Taken(Path file, long before, long after) {}
}
