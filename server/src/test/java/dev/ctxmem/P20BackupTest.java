package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.archive.BackupFile;
import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.StoreTask;
import dev.ctxmem.memory.ArchiveItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// P20 on the embedded store.
class P20BackupTest extends BackupContract {
    private static final int FLIPS = Integer.getInteger("ctx.backup.flips", 12);

    private Installation restored;

    P20BackupTest() {
        super(StoreKind.EMBEDDED);
    }

    @BeforeEach
    void prepare() {
        restored = install("restored");
    }

    /// The control: what everybody does first.
    @Test
    void aCopyOfTheDatabaseWithoutItsLog_failsTheCheck() throws IOException {
        Taken taken;
        try (App app = live.serve();
                HttpMemories memories = live.memories(app)) {
            memories.createNamespace(NewNamespace.of(WriteLoad.NAMESPACE));
            try (var load = new WriteLoad(live, app)) {
                long before = load.awaitMore();
                Path copy = Files.copy(live.data().resolve("ctx.db"), directory.resolve("copy"));
                taken = new Taken(directory.resolve("backup"), before, load.awaitMore());
                BackupFile.write(taken.file(), copy, "1", Instant.EPOCH, null, (done, total) -> {});
            }
        }
        List<ArchiveItem> all = live.items();
        assertThrows(Throwable.class, () -> {
            restored.run(new StoreTask.Restore(taken.file().toString(), false, true, false));
            check(all, restored, taken);
        });
    }

    @Test
    void damagedBackups_areRefusedWhole_andLeaveWhatIsThere() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        fill(restored, "precious", null);
        List<String> before = texts(restored.items());
        byte[] whole = Files.readAllBytes(file);
        int database = Math.toIntExact(BackupFile.open(file).databaseBytes());
        var random = new SplittableRandom(20);
        var damaged = new ArrayList<byte[]>();
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            int at = i < FLIPS / 2 ? random.nextInt(database) : database + random.nextInt(whole.length - database);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            damaged.add(flipped);
        }
        for (int length : List.of(0, 1, 4096, whole.length / 2, database, whole.length - 1)) {
            damaged.add(Arrays.copyOf(whole, length));
        }
        damaged.add("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n".getBytes(StandardCharsets.UTF_8));
        damaged.add(Arrays.copyOf(whole, whole.length + 1));
        assertEquals(FLIPS + 8, damaged.size());
        for (int i = 0; i < damaged.size(); i++) {
            Path bad = Files.write(directory.resolve("bad-" + i), damaged.get(i));
            MemoryException failure = restored.failure(new StoreTask.Restore(bad.toString(), false, true, false));
            assertEquals(ErrorCode.INVALID_VALUE, failure.code(), "damage " + i);
        }
        assertEquals(before, texts(restored.items()));
    }

    /// Whole by its hash, and still not to be taken.
    @Test
    void foreignNewerAndBrokenDatabases_areRefused() throws IOException {
        fill(restored, "precious", null);
        List<String> before = texts(restored.items());
        fill(live, "theirs", directory.resolve("good"));
        byte[] good = Files.readAllBytes(live.data().resolve("ctx.db"));
        byte[] foreign = good.clone();
        foreign[68] ^= 1;
        byte[] newer = good.clone();
        newer[63] = 99;
        byte[] broken = good.clone();
        Arrays.fill(broken, 4096, 8192, (byte) 0x55);
        for (byte[] database : List.of(foreign, newer, broken, new byte[0], new byte[8192])) {
            Path copy = Files.write(directory.resolve("database"), database);
            Path file = directory.resolve("wrapped");
            BackupFile.write(file, copy, "1", Instant.EPOCH, null, (done, total) -> {});
            MemoryException failure = restored.failure(new StoreTask.Restore(file.toString(), false, true, false));
            assertEquals(ErrorCode.INVALID_VALUE, failure.code());
            Files.delete(file);
        }
        assertEquals(before, texts(restored.items()));
    }

    @Test
    void aStoreThatHoldsSomething_isReplacedByForceOnly_andNeverInARehearsal() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        fill(restored, "precious", null);
        List<String> before = texts(restored.items());
        assertEquals(
                ErrorCode.ALREADY_EXISTS,
                restored.failure(new StoreTask.Restore(file.toString(), false, false, false))
                        .code());
        restored.run(new StoreTask.Restore(file.toString(), false, true, true));
        assertEquals(before, texts(restored.items()));
        restored.run(new StoreTask.Restore(file.toString(), false, true, false));
        assertEquals(texts(live.items()), texts(restored.items()));
    }

    @Test
    void whileAServerUsesTheStore_nothingIsRestored() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        try (App app = restored.serve()) {
            assertEquals(
                    ErrorCode.UNAVAILABLE,
                    restored.failure(new StoreTask.Restore(file.toString(), false, true, false))
                            .code());
            var failure = assertThrows(
                    MemoryException.class,
                    () -> Installation.run(app, new StoreTask.Restore(file.toString(), false, true, false)));
            assertTrue(failure.detail().contains("stop the server"), failure.detail());
        }
    }
}
