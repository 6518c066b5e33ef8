package dev.ctxmem.embed.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiSettingsTest {
    private static OpenAiSettings settings(String baseUrl, String key) {
        return new OpenAiSettings(
                URI.create(baseUrl),
                Optional.of(key),
                OpenAiSettings.DEFAULT_MODEL,
                Optional.empty(),
                OpenAiSettings.Timeouts.DEFAULT);
    }

    @Test
    void endpoint_isBelowTheBaseUrl() {
        assertEquals(
                "http://host:1/v1/embeddings",
                settings("http://host:1/v1", "k").endpoint().toString());
        assertEquals(
                "http://host:1/v1/embeddings",
                settings("http://host:1/v1/", "k").endpoint().toString());
    }

    @Test
    void messages_nameTheOriginWithoutCredentials() {
        var settings = settings("https://user:secret@host/v1", "sk-secret");
        assertEquals("https://host", settings.origin());
        assertFalse(settings.toString().contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-secret\n", "sk secret", "sk-sécret", "\u0000secret"})
    void aKeyThatNoHeaderTakes_isRefusedAndNotQuoted(String key) {
        var refused = assertThrows(IllegalArgumentException.class, () -> settings("http://host/v1", key));
        assertFalse(refused.toString().contains("cret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host/v1", "/v1", "mailto:me@host", "http://host/v1?key=secret"})
    void aBaseUrlThatIsNone_isRefused(String url) {
        assertThrows(IllegalArgumentException.class, () -> settings(url, "k"));
    }
}
