package dev.ctxmem.store.sqlite;

/// Waiting for threads of our own to end.
final class Threads {
    private Threads() {}

    /// Waits until the thread has ended, whatever interrupts arrive; they are kept for the caller.
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
