package dev.ctxmem;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Work that goes on beside the requests, each kind on a platform thread of its own. A failure is logged and the work goes on.
final class Background implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Background.class.getName());
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);

    private final ScheduledExecutorService executor;
    private final String name;

    Background(String name) {
        this.name = name;
        this.executor = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name(name).daemon().unstarted(work));
    }

    /// Runs `work` now and then every `pause`; at once again while it returns true.
    Background every(Duration pause, BooleanSupplier work) {
        executor.scheduleWithFixedDelay(() -> runWhileMore(work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void runWhileMore(BooleanSupplier work) {
        try {
            boolean more = true;
            while (more && !executor.isShutdown()) {
                more = work.getAsBoolean();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The background work '" + name + "' failed; it is tried again.", e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
