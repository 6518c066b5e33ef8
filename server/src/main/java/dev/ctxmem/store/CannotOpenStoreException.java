package dev.ctxmem.store;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A store that cannot be opened as it is found: in use by another process, newer than this program, damaged,
/// not writable. The message is for the operator; a start that meets it is refused.
public final class CannotOpenStoreException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public CannotOpenStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
