package dev.ctxmem.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserFileTest {
    @TempDir
    Path home;

    @Test
    void files_lieWhereTheXdgSpecificationSays() {
        assertEquals(
                home.resolve(".config/ctx/a.json"),
                UserFile.config(Map.of("HOME", home.toString()), "a.json")
                        .orElseThrow()
                        .path());
        assertEquals(
                home.resolve(".local/state/ctx/a.json"),
                UserFile.state(Map.of("HOME", home.toString(), "XDG_STATE_HOME", "relative"), "a.json")
                        .orElseThrow()
                        .path());
        assertEquals(
                home.resolve("x/ctx/a.json"),
                UserFile.config(
                                Map.of(
                                        "HOME",
                                        "/nowhere",
                                        "XDG_CONFIG_HOME",
                                        home.resolve("x").toString()),
                                "a.json")
                        .orElseThrow()
                        .path());
        assertEquals(Optional.empty(), UserFile.config(Map.of(), "a.json"));
    }

    @Test
    void write_makesFileAndDirectoryForTheUserAlone() throws IOException {
        var file = new UserFile(home.resolve("new/ctx/a.json"));

        file.write(bytes("one"));
        file.write(bytes("two"));

        assertArrayEquals(bytes("two"), file.read().orElseThrow());
        assertEquals("rw-------", permissions(file.path()));
        assertEquals("rwx------", permissions(home.resolve("new/ctx")));
        try (var files = Files.list(home.resolve("new/ctx"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void write_replacesAnOpenFileByAClosedOne() throws IOException {
        var file = new UserFile(home.resolve("a.json"));
        Files.writeString(file.path(), "open");
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(file.isOpenToOthers());

        file.write(bytes("closed"));

        assertFalse(file.isOpenToOthers());
    }

    @Test
    void write_whereADirectoryCannotBeMade_leavesNothing() throws IOException {
        Files.writeString(home.resolve("ctx"), "a file in the way");

        assertThrows(UncheckedIOException.class, () -> new UserFile(home.resolve("ctx/a.json")).write(bytes("x")));
        assertEquals("a file in the way", Files.readString(home.resolve("ctx")));
    }

    @Test
    void read_refusesAFileThatIsNoneOfOurs() throws IOException {
        Files.write(home.resolve("big"), new byte[(64 << 10) + 1]);

        assertThrows(UncheckedIOException.class, () -> new UserFile(home.resolve("big")).read());
        assertEquals(Optional.empty(), new UserFile(home.resolve("missing")).read());
        assertFalse(new UserFile(home.resolve("missing")).isOpenToOthers());
    }

    @Test
    void aRunningServer_isFound() throws IOException {
        var file = localServerFile();
        var server = new LocalServer(
                URI.create("http://127.0.0.1:3000"),
                "ctx_a\"b",
                "ctxop_a",
                ProcessHandle.current().pid());

        file.write(server);

        assertEquals(Optional.of(server), file.read());
        assertEquals(
                "{\"url\":\"http://127.0.0.1:3000\",\"api_key\":\"ctx_a\\\"b\",\"operator_key\":\"ctxop_a\",\"pid\":"
                        + server.pid() + "}",
                Files.readString(home.resolve(".local/state/ctx/server.json")));
        assertFalse(server.toString().contains("ctx_a"));
    }

    @Test
    void aDeadServer_isNotFound() throws Exception {
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        var file = localServerFile();

        file.write(new LocalServer(URI.create("http://127.0.0.1:3000"), "ctx_a", "ctxop_a", dead.pid()));

        assertEquals(Optional.empty(), file.read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "no json", "{\"url\":\"::\",\"api_key\":\"k\",\"pid\":1}"})
    void aFileThatCannotBeUnderstood_isNone(String content) {
        var file = localServerFile();
        file.file().write(bytes(content));

        assertEquals(Optional.empty(), file.read());
    }

    @Test
    void delete_leavesTheFileOfAnotherServer() {
        var file = localServerFile();
        long pid = ProcessHandle.current().pid();
        file.write(new LocalServer(URI.create("http://127.0.0.1:3000"), "ctx_a", "ctxop_a", pid));

        file.delete(pid + 1);
        assertTrue(file.read().isPresent());

        file.delete(pid);
        file.delete(pid);
        assertEquals(Optional.empty(), file.read());
    }

    private LocalServerFile localServerFile() {
        return LocalServerFile.in(Map.of("HOME", home.toString())).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
