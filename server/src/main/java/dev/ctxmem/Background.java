package dev.ctxmem;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Work that goes on beside the requests, on a platform thread of its own: now and then every `pause`, and
/// again at once while it says that there is more. A failure is logged and the work goes on.
final class Background implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Background.class.getName());
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier work;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private Background(String name, Duration pause, BooleanSupplier work) {
        this.name = name;
        this.pause = pause;
        this.work = work;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    static Background start(String name, Duration pause, BooleanSupplier work) {
        var background = new Background(name, pause, work);
        background.thread.start();
        return background;
    }

    private void run() {
        try {
            do {
                while (stopped.getCount() > 0 && ranAndHasMore()) {
                    // the next round of the same work
                }
            } while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ranAndHasMore() {
        try {
            return work.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The background work '" + name + "' failed; it is tried again.", e);
            return false;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(STOP_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
