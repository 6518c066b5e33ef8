package dev.ctxmem.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ctxmem.config.Key;
import dev.ctxmem.core.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Lists that people read say what the program does.
class CataloguesTest {
    private static final Path ERRORS = Path.of("api", "errors.md");
    private static final Path CONTRACT = Path.of("api", "openapi.yaml");
    private static final Path CONFIGURATION = Path.of("docs", "configuration.md");
    private static final Path CHECKSUMS = Path.of("server", "src", "test", "resources", "migrations.sha256");

    @Test
    void errorsPage_isWrittenFromErrorCode() throws IOException {
        String expected = errorsPage();
        Path written = Files.writeString(Path.of("target", "errors.md"), expected);
        assertEquals(expected, Repository.read(ERRORS), "Copy " + written.toAbsolutePath() + " to " + ERRORS);
    }

    private static String errorsPage() {
        String rows = Arrays.stream(ErrorCode.values())
                .map(code -> "| <a id=\"%s\"></a>`%s` | %s | %s | %s |\n"
                        .formatted(code, code, code.status(), code.title(), code.hint()))
                .collect(Collectors.joining());
        return """
                # Errors

                Every failure is `application/problem+json` (RFC 9457) with these members: `type`, `title`, `status`, `detail`, `code`, `hint`,
                `request_id`, and `error`, which repeats `detail` for older clients. A 422 adds `errors`, a list of `{"pointer", "message"}`; a limit
                of the tier adds `limit`, `current` and `upgrade`; a 429 or 503 has the header `Retry-After` in whole seconds.

                | code | status | meaning | what to do |
                |---|---|---|---|
                """ + rows;
    }

    @Test
    void everyErrorCode_isInTheContract() {
        String contract = Repository.read(CONTRACT);
        assertEquals(
                List.of(),
                Arrays.stream(ErrorCode.values())
                        .filter(code -> !Pattern.compile("\\b" + code + "\\b")
                                .matcher(contract)
                                .find())
                        .toList(),
                "missing in " + CONTRACT);
    }

    @Test
    void everySetting_isInTheConfigurationPageAsItIsInKey() {
        String page = Repository.read(CONFIGURATION);
        assertEquals(
                List.of(),
                Arrays.stream(Key.values())
                        .filter(key -> page.lines()
                                .noneMatch(line -> line.startsWith("| `" + key + "` |")
                                        && line.endsWith("| " + key.meaning() + " |")
                                        && key.defaultText()
                                                .map(text -> line.contains("| `" + text + "` |"))
                                                .orElse(true)))
                        .toList(),
                "missing or different in " + CONFIGURATION);
    }

    /// A migration that has been released is history: a change to it would reach no database that has run it.
    @Test
    void migrations_neverChange() {
        String actual = Repository.files().stream()
                .filter(file -> file.startsWith(Path.of("server", "src", "main", "resources"))
                        && file.toString().endsWith(".sql"))
                .map(file -> sha256(Repository.read(file)) + "  " + file + "\n")
                .collect(Collectors.joining());
        assertEquals(
                Repository.read(CHECKSUMS),
                actual,
                "Add a new migration instead of changing one; list its checksum in " + CHECKSUMS);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
