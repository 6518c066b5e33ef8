package dev.ctxmem.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How commands fail, and the commands about the command line itself.
final class CliTest {
    @TempDir
    Path home;

    private final CannedApi api = new CannedApi();
    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(home, api);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, MALFORMED_JSON, 1",
        "401, INVALID_API_KEY, 4",
        "403, INSUFFICIENT_SCOPE, 4",
        "403, SIGNUP_CLOSED, 4",
        "403, TIER_LIMIT_REACHED, 6",
        "404, NOT_FOUND, 3",
        "409, ALREADY_EXISTS, 6",
        "422, INVALID_VALUE, 1",
        "429, RATE_LIMITED, 7",
        "500, INTERNAL, 1",
        "503, OVERLOADED, 7",
        "503, UNAVAILABLE, 7",
        "503, UNREACHABLE, 5",
        "507, STORAGE_FULL, 6",
    })
    void failuresOfTheServer_endWithTheirExitCode(int status, ErrorCode code, int exitCode) {
        api.answers("GET /v1/account", status, Samples.problem(code.name(), "What \\u001b[1mhappened."));

        var run = shell.ctx("whoami");

        assertEquals(exitCode, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("error: What \\u001b[1mhappened.\n"), run.err());
    }

    @Test
    void aReachedLimit_tellsWhereTheAccountStands() {
        api.answers(
                "POST /v1/namespaces",
                403,
                "{\"code\":\"TIER_LIMIT_REACHED\",\"detail\":\"No more namespaces.\",\"limit\":1,\"current\":1}");

        assertTrue(shell.ctx("ns", "create", "b").err().startsWith("error: No more namespaces. (1 of 1)\nhint: "));
    }

    @Test
    void aServerThatIsNotThere_isUnreachable() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            shell.environment.put("CTX_API_URL", "http://127.0.0.1:" + socket.getLocalPort());
        }

        var run = shell.ctx("whoami");

        assertEquals(5, run.exitCode());
        assertEquals(
                "error: " + shell.environment.get("CTX_API_URL") + " takes no connections.\nhint: "
                        + ErrorCode.UNREACHABLE.hint() + "\n",
                run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serach | There is no command 'serach'. | Did you mean serve or search or set? See 'ctx --help'.",
                "ns lst | There is no command 'lst'. | Did you mean ls or list? See 'ctx ns --help'.",
                "ns | Missing required subcommand | See 'ctx ns --help'.",
                "get a | Missing required parameter: 'KEY' | See 'ctx get --help'.",
                "get a b c | 'c' is one argument too many. | See 'ctx get --help'.",
                "ls a -l x | Invalid value for option '--limit': 'x' is not an int | See 'ctx list --help'.",
                "get a b --limt | There is no option '--limt'. | Put '--' before a value that begins with a hyphen."
                        + " See 'ctx get --help'.",
                "completion fish | Invalid value for positional parameter at index 0 (SHELL): expected one of [bash, zsh]"
                        + " (case-sensitive) but was 'fish' | See 'ctx completion --help'.",
            })
    void commandLinesThatAreWrong_sayHow(String line, String error, String hint) {
        assertEquals(new Shell.Run(2, "", "error: " + error + "\nhint: " + hint + "\n"), shell.ctx(line.split(" ")));
    }

    @Test
    void valuesWithAHyphen_goBehindTwo() {
        api.answers("POST /v1/namespaces/ns/entries", 201, Samples.entry("k", "1"));

        assertEquals(2, shell.ctx("set", "ns", "k", "--ttyl").exitCode());
        assertEquals(0, shell.ctx("set", "ns", "k", "--", "--ttyl").exitCode());
        assertTrue(api.lastRequest().body().contains("\"value\":\"--ttyl\""));
    }

    @Test
    void argumentsThatLostCharactersOnTheirWay_areRefused() {
        var run = shell.ctx("set", "ns", "k", "gr\ufffd\ufffde");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("hint: Set LC_ALL=C.UTF-8"), run.err());
        assertEquals(List.of(), api.requests);
    }

    @Test
    void anOutputThatTakesNothing_isAFailure() {
        api.answers("GET /v1/account", 200, Samples.USAGE);
        var full = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        var err = new ByteArrayOutputStream();

        int exitCode = new Cli(shell.environment, shell.new Verbs(), InstantSource.fixed(Shell.NOW))
                .run(new String[] {"whoami"}, InputStream.nullInputStream(), full, new PrintStream(err), false);

        assertEquals(1, exitCode);
        assertEquals("error: The output could not be written.\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void serve_getsItsArgumentsUntouched() {
        String[] arguments = {"serve", "--port", "0", "--api-key-salt", "--json", "@file", "-V", "--", "x"};

        assertEquals(78, shell.ctx(arguments).exitCode());
        assertEquals(List.of(arguments).subList(1, arguments.length), shell.served);
        shell.served.clear();
        shell.ctx("serve", "-h");
        assertEquals(List.of("--help"), shell.served);
    }

    @Test
    void version_isTheProgramsOwn() {
        assertEquals(new Shell.Run(0, "ctx 1.2.3\n", ""), shell.ctx("--version"));
        assertEquals(new Shell.Run(0, "ctx 1.2.3\n", ""), shell.ctx("-V"));
    }

    @Test
    void withoutArguments_thereIsHelp() {
        var run = shell.ctx();

        assertEquals(0, run.exitCode());
        assertTrue(run.out().startsWith("Usage: ctx "), run.out());
        assertEquals(run, shell.ctx("--help"));
    }

    @Test
    void doctor_findsAHealthyMachine() {
        prepareHealthyServer();
        shell.checks.add(Check.passed("data directory", "writable"));

        var run = shell.ctx("doctor");

        assertEquals("""
                ✓ Java: %s
                ✓ configuration: %s; address from CTX_API_URL, key from CTX_API_KEY
                ✓ server: %s runs version 0.1.0
                ✓ clock: with the server's
                ✓ API key: of admin@local, tier team
                ✓ search: answers
                ✓ data directory: writable
                """.formatted(Runtime.version(), home.resolve(".config/ctx/config.json"), api.url()), run.out());
        assertEquals(0, run.exitCode());
    }

    @Test
    void doctor_saysWhatToDoAboutEachProblem() throws IOException {
        prepareHealthyServer();
        api.answers(
                "GET /health",
                200,
                "{\"status\":\"ok\",\"version\":\"0.1.0\",\"timestamp\":\"2026-01-02T03:03:00.000Z\"}");
        api.answers("GET /v1/account", 401, Samples.problem("INVALID_API_KEY", "The API key is not valid."));
        shell.ctx("config", "--api-url", api.url());
        Path file = home.resolve(".config/ctx/config.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        shell.checks.add(Check.failed("data directory", "/data is read-only.", "Make it writable."));

        var run = shell.ctx("doctor");

        assertEquals(
                """
                ✗ configuration: Others may read the key in %1$s.
                  Run 'chmod 600 %1$s'.
                ✓ server: %2$s runs version 0.1.0
                ✗ clock: This machine's clock is 65 s ahead of the server's.
                  Synchronise both clocks: expiries are counted by the server's.
                ✗ API key: The API key is not valid.
                  Set a valid key with 'ctx config --api-key KEY'; 'ctx config --show' tells which is used.
                ✗ data directory: /data is read-only.
                  Make it writable.
                """.formatted(file, api.url()), run.out().substring(run.out().indexOf('\n') + 1));
        assertEquals(1, run.exitCode());
    }

    @Test
    void doctor_stopsAtAServerThatIsNotThere_andSpeaksJson() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            shell.environment.put("CTX_API_URL", "http://127.0.0.1:" + socket.getLocalPort());
        }

        var run = shell.ctx("doctor", "--json");

        assertEquals(1, run.exitCode());
        assertTrue(run.out().startsWith("{\"checks\":[{\"name\":\"Java\",\"ok\":true,"), run.out());
        assertTrue(
                run.out().endsWith("takes no connections.\",\"hint\":\"" + ErrorCode.UNREACHABLE.hint() + "\"}]}\n"),
                run.out());
    }

    @Test
    void completion_completesInBash() throws Exception {
        Path script = home.resolve("completion");
        Files.writeString(script, shell.ctx("completion", "bash").out());

        assertEquals("search", completed(script, "ctx", "sea"));
        assertEquals("create", completed(script, "ctx", "ns", "cr"));
        assertEquals("--threshold", completed(script, "ctx", "search", "--thr"));
        assertEquals("--api-url", completed(script, "ctx", "keys", "list", "--api-u"));
        assertTrue(shell.ctx("completion", "zsh").out().contains("compinit"));
        assertFalse(shell.ctx("completion", "bash").out().contains("autoload -Uz compinit"));
    }

    private static String completed(Path script, String... words) throws Exception {
        String command = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_ctx; echo \"${COMPREPLY[@]}\"";
        var bash = new ProcessBuilder("bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(1, TimeUnit.MINUTES));
        return output.strip();
    }

    private void prepareHealthyServer() {
        api.answers(
                "GET /health",
                200,
                "{\"status\":\"ok\",\"version\":\"0.1.0\",\"timestamp\":\"2026-01-02T03:04:00.000Z\"}");
        api.answers("GET /v1/account", 200, Samples.USAGE);
        api.answers("POST /v1/search", 200, Samples.results());
    }
}
