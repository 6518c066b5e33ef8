package dev.ctxmem.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Writes that share a commit.
class WriterTest {
    private static final UUID ACCOUNT = new UUID(1, 1);
    private static final int CALLERS = 5;
    private static final String CRASH_SHUTDOWN = "57P02";
    private static final long ANSWER_MILLIS_MAX = 20_000;

    @Test
    void aDatabaseThatIsGoneBeforeTheRetry_isToldToEveryWriteOfTheGroup() throws InterruptedException {
        try (TestDatabase server = TestDatabase.create();
                var database = new Database(
                        server.settings(), new Direct(server.settings().database()), null)) {
            var writer = new Writer(database, server.settings(), WriterTest::isGone);
            var gathered = new CountDownLatch(1);
            var codes = new ConcurrentLinkedQueue<ErrorCode>();
            Thread first =
                    Thread.ofPlatform().daemon().start(() -> writer.write(ACCOUNT, transaction -> await(gathered)));
            awaitWaiting(first);
            List<Thread> others = Stream.generate(
                            () -> Thread.ofPlatform().daemon().start(() -> fail(writer, codes)))
                    .limit(CALLERS)
                    .toList();
            others.forEach(WriterTest::awaitWaiting);
            gathered.countDown();
            for (Thread other : others) {
                other.join(ANSWER_MILLIS_MAX);
            }
            assertEquals(Collections.nCopies(CALLERS, ErrorCode.UNAVAILABLE), List.copyOf(codes));
        }
    }

    private static void fail(Writer writer, ConcurrentLinkedQueue<ErrorCode> codes) {
        try {
            writer.write(ACCOUNT, transaction -> {
                throw new FailedStatement(new SQLException("terminated", CRASH_SHUTDOWN));
            });
        } catch (MemoryException e) {
            codes.add(e.code());
        }
    }

    private static void isGone() {
        throw Failures.unavailable("The database cannot be reached.", null);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive());
            Thread.onSpinWait();
        }
    }
}
