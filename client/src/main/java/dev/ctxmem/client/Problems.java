package dev.ctxmem.client;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.FieldError;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.Quota;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The failure that an answer other than a success stands for: the problem document (RFC 9457) where there is
/// one, else the status alone, since a proxy in between answers in its own words.
final class Problems {
    private static final int RETRY_AFTER_DIGITS_MAX = 9;

    private Problems() {}

    static MemoryException of(int status, HttpHeaders headers, byte[] body) {
        Fields problem = document(body);
        return new MemoryException(
                code(status, problem),
                detail(status, problem),
                errors(problem),
                quota(problem),
                retryAfter(headers),
                null);
    }

    private static Fields document(byte[] body) {
        try {
            Json json = Json.parseAnswer(body);
            return json.isObject() ? Fields.of(json) : new Fields(Map.of());
        } catch (MemoryException e) {
            return new Fields(Map.of());
        }
    }

    private static ErrorCode code(int status, Fields problem) {
        return ErrorCode.named(string(problem, "code")).orElseGet(() -> switch (status) {
            case 401 -> ErrorCode.INVALID_API_KEY;
            case 403 -> quota(problem) == null ? ErrorCode.INSUFFICIENT_SCOPE : ErrorCode.TIER_LIMIT_REACHED;
            case 404, 410 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 408 -> ErrorCode.REQUEST_TIMEOUT;
            case 409 -> ErrorCode.ALREADY_EXISTS;
            case 413 -> ErrorCode.BODY_TOO_LARGE;
            case 414 -> ErrorCode.URL_TOO_LONG;
            case 415 -> ErrorCode.UNSUPPORTED_ENCODING;
            case 422 -> ErrorCode.INVALID_VALUE;
            case 429 -> ErrorCode.RATE_LIMITED;
            case 431 -> ErrorCode.HEADERS_TOO_LARGE;
            case 502, 504 -> ErrorCode.UNREACHABLE;
            case 503 -> ErrorCode.UNAVAILABLE;
            case 507 -> ErrorCode.STORAGE_FULL;
            default ->
                status >= 500
                        ? ErrorCode.INTERNAL
                        : status >= 400 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.UNREACHABLE;
        });
    }

    private static String detail(int status, Fields problem) {
        String detail = string(problem, "detail");
        if (detail.isEmpty()) {
            detail = string(problem, "error");
        }
        if (detail.isEmpty()) {
            detail = "The server answered with status " + status + " and no explanation.";
        }
        String requestId = string(problem, "request_id");
        boolean operatorMustLook = status >= 500 && !requestId.isEmpty() && !detail.contains(requestId);
        return operatorMustLook ? detail + " (request " + requestId + ")" : detail;
    }

    private static List<FieldError> errors(Fields problem) {
        Json errors = problem.members().get("errors");
        if (errors == null || !errors.isArray()) {
            return List.of();
        }
        return errors.elements().stream()
                .filter(Json::isObject)
                .map(Fields::of)
                .map(error -> new FieldError(string(error, "pointer"), string(error, "message")))
                .toList();
    }

    private static @Nullable Quota quota(Fields problem) {
        Json current = problem.members().get("current");
        Json limit = problem.members().get("limit");
        if (current == null || limit == null) {
            return null;
        }
        try {
            return new Quota(Long.parseLong(current.text()), Long.parseLong(limit.text()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> !text.isEmpty()
                        && text.length() <= RETRY_AFTER_DIGITS_MAX
                        && text.chars().allMatch(c -> c >= '0' && c <= '9'))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
    }

    private static String string(Fields problem, String name) {
        Json json = problem.members().get(name);
        return json != null && json.isString() ? json.asString() : "";
    }
}
