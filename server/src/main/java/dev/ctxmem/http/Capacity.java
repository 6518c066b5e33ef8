package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds what is under way at one time: requests being handled, and bytes of bodies being held. Whoever finds
/// no room waits a little, then is told to come back.
final class Capacity {
    private static final int KIB = 1 << 10;

    private final Semaphore requests;
    private final Semaphore bodyKib;
    private final long timeoutMillis;

    Capacity(HttpLimits limits) {
        this.requests = new Semaphore(limits.requestsAtOnceMax());
        this.bodyKib = new Semaphore(limits.bodyBytesAtOnceMax() / KIB);
        this.timeoutMillis = limits.queueTimeout().toMillis();
    }

    /// OVERLOADED. Closed when the body is no longer needed.
    Permit forBody(int bytes) {
        return acquire(bodyKib, (bytes + KIB - 1) / KIB);
    }

    /// OVERLOADED. Closed when the request has been handled.
    Permit forRequest() {
        return acquire(requests, 1);
    }

    private Permit acquire(Semaphore semaphore, int permits) {
        try {
            if (!semaphore.tryAcquire(permits)
                    && !semaphore.tryAcquire(permits, timeoutMillis, TimeUnit.MILLISECONDS)) {
                throw new MemoryException(ErrorCode.OVERLOADED, "The server has more to do than it can.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.OVERLOADED, "The server is stopping.", e);
        }
        return () -> semaphore.release(permits);
    }

    /// Room that was given.
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }
}
