package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.client.LocalServer;
import dev.ctxmem.client.LocalServerFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where address and key come from, and that a key goes nowhere else.
final class ConfigurationTest {
    private static final String LONG_KEY = "ctx_abcdefghijklmnopqrstuvwxyz0123456789";

    @TempDir
    Path home;

    private final CannedApi api = new CannedApi();
    private Shell shell;
    private Path file;

    @BeforeEach
    void open() {
        shell = new Shell(home);
        file = home.resolve(".config/ctx/config.json");
        api.answers("GET /v1/account", 200, Samples.USAGE);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void besideAServerOnThisMachine_nothingNeedsToBeConfigured() {
        writeLocalServer(api.url(), "ctx_local");

        assertEquals(0, shell.ctx("whoami").exitCode());
        assertEquals("Bearer ctx_local", api.lastRequest().authorization());
    }

    @Test
    void flagsGoBeforeTheEnvironment_thatBeforeTheFile_thatBeforeTheLocalServer() {
        writeLocalServer(api.url(), "ctx_local");
        shell.ctx("config", "--api-key", "ctx_file");
        shell.ctx("whoami");
        assertEquals("Bearer ctx_file", api.lastRequest().authorization());

        shell.environment.put("CTX_API_KEY", "ctx_environment");
        shell.ctx("whoami");
        assertEquals("Bearer ctx_environment", api.lastRequest().authorization());

        shell.ctx("whoami", "--api-key", "ctx_flag");
        assertEquals("Bearer ctx_flag", api.lastRequest().authorization());
        shell.ctx("--api-key=ctx_flag2", "whoami");
        assertEquals("Bearer ctx_flag2", api.lastRequest().authorization());
    }

    @Test
    void theLocalServersKey_goesToNoOtherAddress() {
        writeLocalServer("http://127.0.0.1:1", "ctx_local");

        var run = shell.ctx("whoami", "--api-url", api.url());

        assertEquals(4, run.exitCode());
        assertTrue(run.err().startsWith("error: No API key is configured.\nhint: Run 'ctx signup"), run.err());
        assertEquals(List.of(), api.requests);
    }

    @Test
    void config_keepsWhatItIsGiven_forTheUserAlone() throws IOException {
        var run = shell.ctx("config", "--api-key", LONG_KEY, "--api-url", api.url() + "/");

        assertEquals(new Shell.Run(0, "", "Kept in " + file + ".\n"), run);
        assertEquals("{\"api_url\":\"" + api.url() + "\",\"api_key\":\"" + LONG_KEY + "\"}", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

        shell.ctx("config", "--api-url", "https://memory.example.com");
        assertEquals(
                "{\"api_url\":\"https://memory.example.com\",\"api_key\":\"" + LONG_KEY + "\"}",
                Files.readString(file));
    }

    @Test
    void config_readsAKeyFromTheStandardInput() throws IOException {
        shell.input = LONG_KEY + "\nmore";

        shell.ctx("config", "--api-key", "-");

        assertEquals("{\"api_key\":\"" + LONG_KEY + "\"}", Files.readString(file));
        shell.input = "\n";
        assertEquals(2, shell.ctx("config", "--api-key", "-").exitCode());
    }

    @Test
    void config_refusesAnAddressThatIsNone() {
        assertEquals(1, shell.ctx("config", "--api-url", "localhost:3000").exitCode());
        assertFalse(Files.exists(file));

        shell.environment.put("CTX_API_URL", "nowhere");
        shell.environment.put("CTX_API_KEY", "ctx_secret");
        assertEquals(
                "error: The server's address from CTX_API_URL: url must look like http://HOST:PORT or https://HOST\n",
                shell.ctx("whoami").err());
    }

    @Test
    void show_tellsWhatIsInForce_andNeverTheKey() {
        shell.ctx("config", "--api-key", LONG_KEY);

        assertEquals("""
                file     %1$s
                api-url  http://127.0.0.1:3000  (default)
                api-key  ctx_abc…6789  (%1$s)
                """.formatted(file), shell.ctx("config", "--show").out());
        assertEquals("""
                {"config_file":"%1$s","api_url":"http://127.0.0.1:3000","api_url_source":"default",\
                "api_key":"ctx_abc…6789","api_key_source":"%1$s"}
                """.formatted(file), shell.ctx("config", "--json").out());
        assertTrue(shell.ctx("config", "--show", "--api-key", "ctx_short").out().contains("api-key  …  (--api-key)"));
    }

    @Test
    void aBrokenFile_isToldAndNotOverwritten() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{broken");

        var run = shell.ctx("whoami");

        assertEquals(1, run.exitCode());
        assertTrue(run.err().startsWith("error: " + file + " is no configuration"), run.err());
        assertEquals(1, shell.ctx("config", "--api-key", LONG_KEY).exitCode());
        assertEquals("{broken", Files.readString(file));
    }

    @Test
    void withoutAHome_theEnvironmentIsEnough() {
        shell.environment.remove("HOME");
        shell.environment.put("CTX_API_URL", api.url());
        shell.environment.put("CTX_API_KEY", "ctx_secret");

        assertEquals(0, shell.ctx("whoami").exitCode());
        assertEquals(1, shell.ctx("config", "--api-key", LONG_KEY).exitCode());
    }

    private void writeLocalServer(String url, String apiKey) {
        LocalServerFile.in(shell.environment)
                .orElseThrow()
                .write(new LocalServer(
                        URI.create(url),
                        apiKey,
                        "ctxop_a",
                        ProcessHandle.current().pid()));
    }
}
