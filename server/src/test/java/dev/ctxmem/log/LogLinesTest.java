package dev.ctxmem.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Logger logger = System.getLogger("dev.ctxmem.test");

    @AfterEach
    void restore() {
        LogLines.configure(System.err, false, Level.WARNING, InstantSource.system());
    }

    @Test
    void aJsonLineIsOneDocument() {
        configure(true);
        logger.log(Level.INFO, "{0} of {1}", 1, "a\nb");
        var members = Json.parse(text().strip()).members();
        assertEquals(Json.string("1 of a\nb"), members.get("message"));
        assertEquals(Json.string("2026-01-02T03:04:05.000Z"), members.get("time"));
    }

    @Test
    void nothingThatLooksLikeAKeyIsWritten() {
        configure(true);
        logger.log(
                Level.ERROR,
                "key ctx_abcdefgh1234_ABCDEFGHIJKLMNOPQRSTUVWXYZ and sk-proj-1234567890",
                new IllegalStateException("ctx_secretsecret"));
        assertFalse(
                text().contains("ctx_abc") || text().contains("sk-proj") || text().contains("secretsecret"), text());
        assertTrue(text().contains("[redacted]"));
    }

    @Test
    void aTextLineCannotBeForgedByItsContent() {
        configure(false);
        logger.log(Level.INFO, "a\n\u001b[31mb");
        assertEquals(1, text().strip().lines().count());
        assertTrue(text().contains("\\u000a\\u001b"));
    }

    @Test
    void linesBelowTheLevelAreLeftOut() {
        configure(false);
        logger.log(Level.DEBUG, "quiet");
        assertEquals("", text());
    }

    private void configure(boolean json) {
        LogLines.configure(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                json,
                Level.INFO,
                InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
