package dev.ctxmem.core;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one failure of this product: a code, and a sentence for a person. Thrown on both sides of the wire.
public final class MemoryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldError> errors;
    private final transient @Nullable Quota quota;
    private final transient @Nullable Duration retryAfter;

    public MemoryException(ErrorCode code, String detail) {
        this(code, detail, List.of(), null, null, null);
    }

    public MemoryException(ErrorCode code, String detail, Throwable cause) {
        this(code, detail, List.of(), null, null, cause);
    }

    public MemoryException(
            ErrorCode code,
            String detail,
            List<FieldError> errors,
            @Nullable Quota quota,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.quota = quota;
        this.retryAfter = retryAfter;
    }

    /// A request whose field at `pointer` (RFC 6901) is refused; `message` completes "pointer …".
    public static MemoryException invalid(String pointer, String message) {
        return invalid(ErrorCode.INVALID_VALUE, pointer, message);
    }

    public static MemoryException invalid(ErrorCode code, String pointer, String message) {
        var error = new FieldError(pointer, message);
        return new MemoryException(code, pointer.substring(1) + " " + message, List.of(error), null, null, null);
    }

    /// `what` names the kind of thing ("Namespace", "Entry"); the answer is the same for what is missing and
    /// what is another account's.
    public static MemoryException notFound(String what) {
        return new MemoryException(ErrorCode.NOT_FOUND, what + " not found.");
    }

    public static MemoryException retryLater(ErrorCode code, String detail, Duration retryAfter) {
        return new MemoryException(code, detail, List.of(), null, retryAfter, null);
    }

    public ErrorCode code() {
        return code;
    }

    /// The sentence for a person; never holds SQL, class names or paths.
    public String detail() {
        return String.valueOf(getMessage());
    }

    /// The refused fields of a 422; empty otherwise.
    public List<FieldError> errors() {
        return errors;
    }

    /// The limit that was reached and where the account stands, for [ErrorCode#TIER_LIMIT_REACHED].
    public Optional<Quota> quota() {
        return Optional.ofNullable(quota);
    }

    /// How long to wait before the same call can succeed.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
