package dev.ctxmem.store.postgres;

import dev.ctxmem.store.CannotOpenStoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/// Waits at a start for a database that is not up yet: what starts both at once starts them in any order.
final class Arrival {
    private static final Logger LOG = System.getLogger(Arrival.class.getName());

    private static final Duration PAUSE = Duration.ofMillis(500);

    /// The server starts, stops, or has crashed; or it has no connection left.
    private static final Set<String> NOT_YET = Set.of("57P01", "57P02", "57P03", "53300");

    private Arrival() {}

    /// Returns once there is a connection. [CannotOpenStoreException] when there is none after `longest`, or when the
    /// database is there and lets nobody in.
    static void await(Direct direct, Duration longest) {
        long start = System.nanoTime();
        for (boolean isFirst = true; ; isFirst = false) {
            try {
                direct.getConnection().close();
                return;
            } catch (SQLException e) {
                if (!isNotYet(e) || System.nanoTime() - start >= longest.toNanos()) {
                    throw new CannotOpenStoreException(
                            "The database cannot be reached (" + e.getMessage() + "). Check DATABASE_URL.", e);
                }
                if (isFirst) {
                    LOG.log(
                            Level.WARNING,
                            "The database cannot be reached yet (" + e.getMessage() + "); waits up to "
                                    + longest.toSeconds() + " s for it.");
                }
            }
            pause();
        }
    }

    private static boolean isNotYet(SQLException e) {
        String state = Failures.state(e);
        return state.startsWith("08") || NOT_YET.contains(state);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotOpenStoreException("The start was interrupted.", e);
        }
    }
}
