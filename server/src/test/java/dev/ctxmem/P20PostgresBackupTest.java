package dev.ctxmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.StoreTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// P20 on PostgreSQL, where a backup is an archive.
class P20PostgresBackupTest extends BackupContract {
    private static final int FLIPS = Integer.getInteger("ctx.backup.flips", 12);

    P20PostgresBackupTest() {
        super(StoreKind.POSTGRES);
    }

    @Test
    void damagedAndForeignBackups_areRefusedWhole() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        byte[] whole = Files.readAllBytes(file);
        var random = new SplittableRandom(20);
        var damaged = new ArrayList<byte[]>();
        for (int i = 0; i < FLIPS; i++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            damaged.add(flipped);
        }
        for (int length : List.of(0, 1, 4096, whole.length / 2, whole.length - 1)) {
            damaged.add(Arrays.copyOf(whole, length));
        }
        damaged.add(Arrays.copyOf(whole, whole.length + 1));
        damaged.add("SET statement_timeout = 0;\n".getBytes(StandardCharsets.UTF_8));
        try (Installation embedded = Installation.of(StoreKind.EMBEDDED, directory.resolve("embedded"))) {
            Path foreign = directory.resolve("foreign");
            fill(embedded, "foreign", foreign);
            damaged.add(Files.readAllBytes(foreign));
        }
        assertEquals(FLIPS + 8, damaged.size());
        Installation restored = install("restored");
        for (int i = 0; i < damaged.size(); i++) {
            Path bad = Files.write(directory.resolve("bad-" + i), damaged.get(i));
            MemoryException failure = restored.failure(new StoreTask.Restore(bad.toString(), false, false, false));
            assertEquals(ErrorCode.INVALID_VALUE, failure.code(), "damage " + i);
        }
        assertEquals(List.of(), restored.items());
        restored.run(new StoreTask.Restore(file.toString(), false, false, true));
        assertEquals(List.of(), restored.items());
        restored.run(new StoreTask.Restore(file.toString(), false, false, false));
        assertEquals(texts(live.items()), texts(restored.items()));
    }

    @Test
    void aStoreThatHoldsSomething_isNeverReplaced() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        Installation other = install("other");
        fill(other, "precious", null);
        List<String> before = texts(other.items());
        for (boolean force : List.of(false, true)) {
            MemoryException failure = other.failure(new StoreTask.Restore(file.toString(), false, force, false));
            assertEquals(ErrorCode.ALREADY_EXISTS, failure.code());
            assertEquals(force, failure.detail().contains("--force"), failure.detail());
        }
        assertEquals(before, texts(other.items()));
    }

    @Test
    void aServerThatRuns_takesABackupBack() throws IOException {
        Path file = directory.resolve("backup");
        fill(live, "theirs", file);
        Installation restored = install("restored");
        try (App app = restored.serve()) {
            Installation.run(app, new StoreTask.Restore(file.toString(), false, false, false));
        }
        assertEquals(texts(live.items()), texts(restored.items()));
        assertTrue(Files.exists(file));
    }
}
