package dev.ctxmem.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.HttpMemories;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// P26: unsafe configuration does not start; what is merely unwise starts with a warning.
class P26StartChecksTest {
    private static final int EX_CONFIG = 78;
    private static final String SALT = "a-long-random-operator-salt-0123456789";

    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIGNUP|sometimes|SIGNUP must be one of",
                "CTX_DATADIR|/x|did you mean CTX_DATA_DIR",
                "EMBEDDING_MODEL|gpt|bge-small-en-v1.5",
                "EMBEDDING_PROVIDER|com.example.Missing|com.example.Missing",
                "CTX_DATA_DIR|/proc/context-memory|/proc/context-memory"
            })
    void aBadSettingIsRefusedWithOneLineThatNamesIt(String name, String value, String told) {
        var refusal = name.equals("CTX_DATA_DIR")
                ? ServerProcess.refusal(home, Map.of(), "--data-dir", value)
                : ServerProcess.refusal(home, Map.of(name, value));
        assertEquals(EX_CONFIG, refusal.exitCode(), refusal.output());
        assertTrue(refusal.output().contains(told), refusal.output());
    }

    @Test
    void aDataDirectoryInUseIsRefusedWithItsName() {
        try (ServerProcess first = ServerProcess.start(home, "--embedding-provider", "none")) {
            var second = ServerProcess.refusal(home, Map.of(), "--embedding-provider", "none");
            assertEquals(EX_CONFIG, second.exitCode(), second.output());
            assertTrue(
                    second.output().contains(ServerProcess.dataDirectory(home).toString()), second.output());
            assertTrue(second.output().contains("use"), second.output());
            try (HttpMemories memories = first.memories()) {
                assertEquals(0, memories.namespaces().size());
            }
        }
    }

    @Test
    void aSaltThatKeysWereNotMadeUnderIsRefused_unlessTheOldOneComesAlong() {
        String[] flags = {"--embedding-provider", "none", "--api-key-salt", SALT};
        ServerProcess.start(home, flags).terminate();
        var refusal =
                ServerProcess.refusal(home, Map.of(), "--embedding-provider", "none", "--api-key-salt", SALT + "x");
        assertEquals(EX_CONFIG, refusal.exitCode(), refusal.output());
        assertTrue(refusal.output().contains("API_KEY_SALT_PREVIOUS"), refusal.output());
        try (ServerProcess moved = ServerProcess.start(
                home, "--embedding-provider", "none", "--api-key-salt", SALT + "x", "--api-key-salt-previous", SALT)) {
            assertTrue(moved.url().startsWith("http://127.0.0.1:"));
        }
    }

    @Test
    void aPlaceholderSaltStartsWithAWarningThatDoesNotTellTheValue() {
        try (ServerProcess server =
                ServerProcess.start(home, "--embedding-provider", "none", "--api-key-salt", "your-random-salt")) {
            assertTrue(server.log().contains("API_KEY_SALT is not set"), server.log());
        }
    }
}
