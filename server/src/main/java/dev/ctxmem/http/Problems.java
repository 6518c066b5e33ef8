package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.FieldError;
import dev.ctxmem.core.JsonWriter;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import java.time.Duration;
import java.util.List;

/// Failures as `application/problem+json` (RFC 9457), with the members that existing clients read besides.
final class Problems {
    /// One answer for every way to lack a valid key, so that it tells nothing.
    private static final String NO_KEY = "The API key is missing, unknown, revoked or expired.";

    private static final Header AUTHENTICATE = HeaderValues.createCached("WWW-Authenticate", "Bearer");
    private static final Duration RETRY_AFTER_DEFAULT = Duration.ofSeconds(1);

    private final String upgrade;

    /// `upgrade` tells a caller at a limit of its tier how to get more.
    Problems(String upgrade) {
        this.upgrade = upgrade;
    }

    Answer of(MemoryException failure, String requestId) {
        ErrorCode code = failure.code();
        String detail = code == ErrorCode.INVALID_API_KEY ? NO_KEY : failure.detail();
        var json = new JsonWriter()
                .beginObject()
                .member("type", "/docs/errors#" + code.name())
                .member("title", code.title())
                .member("status", code.status())
                .member("detail", detail)
                .member("error", detail)
                .member("code", code.name())
                .member("hint", code.hint())
                .member("request_id", requestId);
        if (!failure.errors().isEmpty()) {
            errors(json, failure.errors());
        }
        if (code == ErrorCode.TIER_LIMIT_REACHED) {
            Quota quota = failure.quota().orElseThrow();
            json.member("limit", quota.limit())
                    .member("current", quota.current())
                    .member("upgrade", upgrade);
        }
        var answer = new Answer(code.status(), Answer.PROBLEM, json.endObject().toUtf8(), List.of());
        return switch (code.status()) {
            case 401 -> answer.with(AUTHENTICATE);
            case 429, 503, 507 -> answer.with(retryAfter(failure.retryAfter().orElse(RETRY_AFTER_DEFAULT)));
            default -> answer;
        };
    }

    static MemoryException internal(Throwable cause) {
        return new MemoryException(ErrorCode.INTERNAL, "Something went wrong inside the server.", cause);
    }

    private static void errors(JsonWriter json, List<FieldError> errors) {
        json.name("errors").beginArray();
        for (FieldError error : errors) {
            json.beginObject()
                    .member("pointer", error.pointer())
                    .member("message", error.message())
                    .endObject();
        }
        json.endArray();
    }

    /// Whole seconds, rounded up: who waits them is not turned away again for a fraction.
    private static Header retryAfter(Duration wait) {
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return HeaderValues.create("Retry-After", Long.toString(seconds));
    }
}
