package dev.ctxmem.embed.openai;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// How long a service asks us to wait: `retry-after-ms` (OpenAI), or `Retry-After` in seconds or as a date (RFC
/// 9110, section 10.2.3), which is read against the answer's own `Date`.
final class RetryAfter {
    private RetryAfter() {}

    /// Empty when the service does not say, or nothing that can be understood.
    static Optional<Duration> of(HttpHeaders headers) {
        return headers.firstValue("retry-after-ms")
                .flatMap(RetryAfter::number)
                .map(Duration::ofMillis)
                .or(() -> headers.firstValue("retry-after")
                        .flatMap(text -> number(text)
                                .map(Duration::ofSeconds)
                                .or(() -> date(text)
                                        .flatMap(until -> headers.firstValue("date")
                                                .flatMap(RetryAfter::date)
                                                .map(now -> Duration.between(now, until))))))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<ZonedDateTime> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
