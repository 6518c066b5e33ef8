package dev.ctxmem.cli;

import dev.ctxmem.core.ErrorCode;

/// How `ctx` ends, for scripts to act on.
enum ExitCode {
    OK(0),
    /// The request was refused or failed, for a reason that has no code of its own.
    FAILED(1),
    /// The command line itself is wrong; nothing was sent.
    USAGE(2),
    NOT_FOUND(3),
    /// No key, a key that is not valid, or one that may not do this.
    DENIED(4),
    UNREACHABLE(5),
    /// In the way: it exists already, or a limit is reached.
    CONFLICT(6),
    /// The same command can succeed later: rate limit, overload, store not available.
    TRY_LATER(7);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(ErrorCode code) {
        if (code == ErrorCode.UNREACHABLE) {
            return UNREACHABLE;
        }
        if (code == ErrorCode.TIER_LIMIT_REACHED) {
            return CONFLICT;
        }
        return switch (code.status()) {
            case 401, 403 -> DENIED;
            case 404 -> NOT_FOUND;
            case 408, 429, 503 -> TRY_LATER;
            case 409, 412, 507 -> CONFLICT;
            default -> FAILED;
        };
    }
}
