package dev.ctxmem.process;

/// Waiting for threads.
public final class Threads {
    private Threads() {}

    /// Until all of them have ended.
    public static void join(Iterable<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
