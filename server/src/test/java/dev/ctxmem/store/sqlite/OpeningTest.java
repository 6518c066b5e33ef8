package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.process.Programs;
import dev.ctxmem.store.CannotOpenStoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What opening a data directory makes, takes and refuses.
class OpeningTest {
    /// A released migration never changes: a data directory that has had it would not get the change.
    private static final Map<String, String> MIGRATIONS = Map.of(
            "V1__first_release.sql", "a70ac846416cba8b8ae2fbb395b87166da8d30f6ea80d2d720d3d93c32e4f4f9",
            "V2__billing.sql", "3706d2fa77b5b0e608b857f66d2e28ee3c7a378ae4bd40309439ef9f48884828",
            "V3__generations_of_vectors.sql", "39d85a810ccc576f5fc0eb46490a2992a37b5863e67e80be24b6659564f93e43");

    @TempDir
    Path home;

    private Path directory;
    private OpenStores stores;

    @BeforeEach
    void chooseADirectory() {
        directory = home.resolve("a/data");
        stores = new OpenStores(directory);
    }

    @Test
    void theDirectory_isTheOwnersAlone() throws IOException {
        try (SqliteStore store = stores.open()) {
            OpenStores.put(store, "k", "v");

            assertEquals("rwx------", permissions(directory));
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    assertEquals("rw-------", permissions(file), file.toString());
                }
            }
        }
    }

    @Test
    void aDirectoryOpenToOthers_isClosedToThem() throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        stores.open().close();

        assertEquals("rwx------", permissions(directory));
    }

    @Test
    void aSecondStore_inTheSameProcess_isRefused_andTheFirstGoesOn() {
        try (SqliteStore store = stores.open()) {
            String message = refusal();

            assertTrue(message.contains(directory.toString()), message);
            OpenStores.put(store, "k", "v");
            // The refusal must not have dropped the lock.
            assertTrue(refusal().contains("in use"));
        }
        stores.open().close();
    }

    @Test
    void aDirectoryOfAnotherProcess_isRefused_withItsId() throws IOException, InterruptedException {
        Files.createDirectories(home.resolve("acks"));
        Process other = Programs.java(List.of(), CrashChild.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String job =
                    String.join("\t", directory.toString(), home.resolve("acks").toString(), "1", "0", "NONE", "100");
            other.getOutputStream().write((job + "\n").getBytes(StandardCharsets.UTF_8));
            other.getOutputStream().flush();
            assertEquals("writing", new BufferedReader(other.inputReader()).readLine());

            String message = refusal();

            assertTrue(message.contains(directory.toString()), message);
            assertTrue(message.contains("process " + other.pid()), message);
        } finally {
            other.destroyForcibly().waitFor();
        }
        stores.open().close();
    }

    @Test
    void aNewerSchema_isRefused_andLeftAlone() {
        stores.open().close();
        Records.update(directory, "pragma user_version = 99");

        String message = refusal();

        assertTrue(message.contains("schema version 99"), message);
        assertEquals(List.of("99"), Records.query(directory, "pragma user_version"));
    }

    @Test
    void aDatabaseOfAnotherProgram_isRefused() throws IOException {
        Files.createDirectories(directory);
        Records.update(directory, "create table theirs (a integer)");

        String message = refusal();

        assertTrue(message.contains("another program"), message);
        assertEquals(List.of("theirs"), Records.query(directory, "select name from sqlite_schema"));
    }

    @Test
    void aFileThatIsNoDatabase_isRefused_andLeftAlone() throws IOException {
        Files.createDirectories(directory);
        String garbage = "no database at all ".repeat(1000);
        Files.writeString(directory.resolve("ctx.db"), garbage);

        String message = refusal();

        assertTrue(message.contains("cannot be opened"), message);
        assertEquals(garbage, Files.readString(directory.resolve("ctx.db")));
    }

    @Test
    void aDirectoryThatCannotBeMade_isRefused() throws IOException {
        Files.createDirectories(directory.getParent());
        Files.writeString(directory, "a file is in the way");

        assertTrue(refusal().contains("cannot be written"));
    }

    @Test
    void aRefusal_leavesTheDirectoryUnlocked() {
        stores.open().close();
        Records.update(directory, "pragma user_version = 99");
        refusal();
        Records.update(directory, "pragma user_version = " + Schema.MIGRATIONS.size());

        stores.open().close();
    }

    @Test
    void releasedMigrations_neverChange() {
        assertEquals(Schema.MIGRATIONS.size(), MIGRATIONS.size());
        for (String name : Schema.MIGRATIONS) {
            assertEquals(MIGRATIONS.get(name), sha256(Schema.script(name)), name);
        }
    }

    @Test
    void reopening_appliesNoMigrationTwice() {
        stores.open().close();
        stores.open().close();

        assertEquals(
                List.of(Integer.toString(Schema.MIGRATIONS.size())), Records.query(directory, "pragma user_version"));
    }

    private String refusal() {
        return String.valueOf(assertThrows(CannotOpenStoreException.class, () -> stores.open())
                .getMessage());
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
