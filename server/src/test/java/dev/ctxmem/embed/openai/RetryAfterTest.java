package dev.ctxmem.embed.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return RetryAfter.of(HttpHeaders.of(lists, (_, _) -> true));
    }

    @Test
    void seconds_milliseconds_andDatesAreUnderstood() {
        assertEquals(Optional.of(Duration.ofSeconds(7)), retryAfter(Map.of("Retry-After", "7")));
        assertEquals(
                Optional.of(Duration.ofMillis(1500)), retryAfter(Map.of("retry-after-ms", "1500", "Retry-After", "2")));
        assertEquals(
                Optional.of(Duration.ofSeconds(90)),
                retryAfter(Map.of(
                        "Retry-After", "Wed, 21 Oct 2015 07:29:30 GMT", "Date", "Wed, 21 Oct 2015 07:28:00 GMT")));
        assertEquals(
                Optional.of(Duration.ZERO),
                retryAfter(Map.of(
                        "Retry-After", "Wed, 21 Oct 2015 07:27:00 GMT", "Date", "Wed, 21 Oct 2015 07:28:00 GMT")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-3", "1e9", "99999999999999999999", "Wed, 99 Oct 2015 07:29:30 GMT"})
    void nonsense_isNoTime(String value) {
        assertEquals(Optional.empty(), retryAfter(Map.of("Retry-After", value)));
    }

    @Test
    void nothing_isNoTime() {
        assertEquals(Optional.empty(), retryAfter(Map.of()));
    }
}
