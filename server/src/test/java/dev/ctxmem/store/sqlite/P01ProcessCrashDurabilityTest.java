package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ctxmem.store.sqlite.CrashChild.SeededBug;
import dev.ctxmem.store.sqlite.CrashLoop.Death;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P1: every acknowledged write is there after SIGKILL at any moment; P3: one without an answer is there whole
/// or not at all; P4: the records never contradict each other.
class P01ProcessCrashDurabilityTest {
    private static final long SEED = 20_260_102;
    private static final int CYCLES_MIN = Integer.getInteger("ctx.crash.cycles", 60);
    private static final int ACKS_MIN = Integer.getInteger("ctx.crash.acks", 20_000);
    private static final int CYCLES_PER_DIRECTORY = 20;
    private static final int CONTROL_CYCLES_MAX = 30;

    private static final List<String> FAULT_POINTS =
            List.of("before-commit", "after-commit-before-ack", "between-batch-writes", "checkpoint", "purge");

    private static final int KILL_ACKS_MAX = 1_000;
    private static final long KILL_NANOS_MAX = 10_000_000;

    /// Checkpoints and purges are rarer than commits.
    private static final int RARE_HITS_MAX = 3;

    private static final int COMMIT_HITS_MAX = 60;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private int deaths;

    @Test
    void everyAcknowledgedWrite_survivesKillsAtAnyMoment(@TempDir Path home) {
        try (var loop = new CrashLoop(home, home, SeededBug.NONE, this::killOrFault)) {
            while (loop.cycles() < CYCLES_MIN || loop.acks() < ACKS_MIN) {
                if (loop.cycles() > 0 && loop.cycles() % CYCLES_PER_DIRECTORY == 0) {
                    loop.freshDirectory();
                }
                loop.cycle(random.nextLong());
                assertEquals(List.of(), loop.violations(), "seed " + SEED + ", cycle " + loop.cycles());
            }
            loop.freshDirectory();
            assertEquals(List.of(), loop.violations(), "seed " + SEED);
            System.out.println("P1: " + loop.cycles() + " kills, " + loop.acks() + " acknowledged writes, 0 lost");
        }
    }

    /// The negative control: acknowledgements before the commit must be caught.
    @Test
    void anAcknowledgementBeforeTheCommit_isFound(@TempDir Path home) {
        try (var loop = new CrashLoop(home, home, SeededBug.ANSWER_BEFORE_COMMIT, this::kill)) {
            while (loop.violations().isEmpty() && loop.cycles() < CONTROL_CYCLES_MAX) {
                loop.cycle(random.nextLong());
            }
            assertFalse(loop.violations().isEmpty());
        }
    }

    /// Two kills, then a fault, each point in its turn. The first cycle of a directory is a kill: nothing has
    /// expired there that could be purged.
    private Death killOrFault() {
        int number = deaths++;
        if (number % 3 != 2) {
            return kill();
        }
        String point = FAULT_POINTS.get(number / 3 % FAULT_POINTS.size());
        boolean rare = point.equals("checkpoint") || point.equals("purge");
        return new Death.Fault(point, random.nextInt(1, 1 + (rare ? RARE_HITS_MAX : COMMIT_HITS_MAX)));
    }

    private Death kill() {
        return new Death.Kill(random.nextInt(KILL_ACKS_MAX), random.nextLong(KILL_NANOS_MAX));
    }
}
