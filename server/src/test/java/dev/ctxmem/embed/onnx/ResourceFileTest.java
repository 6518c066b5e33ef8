package dev.ctxmem.embed.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResourceFileTest {
    private static final String RESOURCE = "/bge-small-en-v1.5-q-tokenizer.json";
    private static final String SHA_256 = "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66";
    private static final int LENGTH = 711_396;

    @TempDir
    private Path directory;

    private Path target() {
        return directory.resolve("below").resolve("file.json");
    }

    private Path provide() {
        return new ResourceFile(RESOURCE).provide(target(), SHA_256);
    }

    private void assertOnlyFile() throws IOException {
        assertEquals(LENGTH, Files.size(target()));
        try (Stream<Path> files = Files.list(target().getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void provide_copiesTheResource() throws IOException {
        assertEquals(target(), provide());
        assertOnlyFile();
    }

    @Test
    void provide_leavesAGoodFileAlone() throws IOException {
        provide();
        var before = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(target(), before);
        provide();
        assertEquals(before, Files.getLastModifiedTime(target()));
    }

    @Test
    void provide_replacesADamagedFile() throws IOException {
        provide();
        byte[] bytes = Files.readAllBytes(target());
        bytes[LENGTH / 2] ^= 1;
        Files.write(target(), bytes);
        provide();
        assertTrue(new String(Files.readAllBytes(target()), StandardCharsets.UTF_8).contains("\"vocab\""));
        assertEquals(new ResourceFile(RESOURCE).read(SHA_256).length, Files.size(target()));
        assertFalse(Arrays.equals(bytes, Files.readAllBytes(target())));
        assertOnlyFile();
    }

    @Test
    void provide_replacesATruncatedFile() throws IOException {
        Files.createDirectories(target().getParent());
        Files.write(target(), new byte[0]);
        provide();
        assertOnlyFile();
    }

    @Test
    void provide_refusesAResourceOfAnotherVersion() {
        String other = "0".repeat(64);
        var refused =
                assertThrows(IllegalStateException.class, () -> new ResourceFile(RESOURCE).provide(target(), other));
        assertTrue(refused.toString().contains("another version of its jar"), refused.toString());
        assertFalse(Files.exists(target()));
        assertThrows(IllegalStateException.class, () -> new ResourceFile(RESOURCE).read(other));
    }

    @Test
    void aResourceThatIsNotThere_isNamed() {
        var missing = assertThrows(IllegalStateException.class, () -> new ResourceFile("/no-such-model.onnx"));
        assertTrue(missing.toString().contains("/no-such-model.onnx"));
    }

    @ParameterizedTest
    @EnumSource
    void provideModel_hasThePinnedModel(LocalModel local) {
        assertTrue(Files.isRegularFile(local.provideModel(directory)));
    }
}
