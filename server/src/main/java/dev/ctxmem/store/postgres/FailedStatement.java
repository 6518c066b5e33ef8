package dev.ctxmem.store.postgres;

import java.io.Serial;
import java.sql.SQLException;
import java.util.Objects;

/// A statement that the database refused, on its way to whoever decides whether to try again.
final class FailedStatement extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    FailedStatement(SQLException cause) {
        super(cause);
    }

    SQLException failure() {
        return (SQLException) Objects.requireNonNull(getCause());
    }
}
