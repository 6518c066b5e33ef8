package dev.ctxmem;

import dev.ctxmem.client.HttpMemories;
import dev.ctxmem.core.EntryDraft;
import dev.ctxmem.core.Json;
import dev.ctxmem.core.TimeToLive;
import dev.ctxmem.process.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Callers who write without a pause: each changes keys of its own, and deletes some for good. One revision for each
/// acknowledged write.
final class WriteLoad implements AutoCloseable {
    static final String NAMESPACE = "load";

    private static final int CALLERS = 3;
    private static final int KEYS = 40;
    private static final int AHEAD = 300;
    private static final int PADDING = 2000;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    WriteLoad(Installation installation, App app) {
        for (int caller = 0; caller < CALLERS; caller++) {
            int number = caller;
            threads.add(Thread.ofPlatform().start(() -> write(installation.memories(app), number)));
        }
    }

    /// Waits until much more has been acknowledged; how much by then.
    long awaitMore() {
        long target = acknowledged.get() + AHEAD;
        while (acknowledged.get() < target) {
            if (threads.stream().noneMatch(Thread::isAlive)) {
                throw new AssertionError("The load has ended.");
            }
            Thread.onSpinWait();
        }
        return acknowledged.get();
    }

    static EntryDraft draft(String key, String value) {
        return new EntryDraft(
                key,
                Json.string(value),
                List.of("load", "t-" + key.length()),
                Json.EMPTY_OBJECT,
                0.25,
                TimeToLive.KEEP);
    }

    @Override
    public void close() {
        stopped.set(true);
        Threads.join(threads);
    }

    private void write(HttpMemories opened, int caller) {
        var random = new SplittableRandom(caller);
        try (HttpMemories memories = opened) {
            for (long n = 0; !stopped.get(); n++) {
                String key = caller + "-" + random.nextInt(KEYS);
                memories.put(NAMESPACE, draft(key, n + "x".repeat(random.nextInt(PADDING))));
                acknowledged.incrementAndGet();
                if (n % 10 == 0) {
                    memories.put(NAMESPACE, draft("gone-" + caller + "-" + n, "short"));
                    acknowledged.incrementAndGet();
                    memories.delete(NAMESPACE, "gone-" + caller + "-" + n);
                    acknowledged.incrementAndGet();
                }
            }
        }
    }
}
