package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.disk.PowerCutDisk;
import dev.ctxmem.store.sqlite.CrashChild.SeededBug;
import dev.ctxmem.store.sqlite.CrashLoop.Death;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P2: every acknowledged write is there after everything that was not synced is gone, and the records do not
/// contradict each other. `-Psoak` cuts 300 times.
class P02PowerCutTest {
    private static final long SEED = 20_260_102;
    private static final int CUTS = Integer.getInteger("ctx.powercut.embedded", 8);
    private static final int ACKS_MIN = 250 * CUTS;
    private static final int CUTS_PER_DIRECTORY = 20;
    private static final int CONTROL_CUTS_MAX = 8;

    private static final int CUT_ACKS_MAX = 1_000;
    private static final long CUT_NANOS_MAX = 10_000_000;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyAcknowledgedWrite_survivesPowerCutsAtAnyMoment(@TempDir Path home) {
        try (var disk = PowerCutDisk.mount(home);
                var loop = new CrashLoop(home, disk.directory(), SeededBug.NONE, () -> cut(disk))) {
            while (loop.cycles() < CUTS) {
                if (loop.cycles() > 0 && loop.cycles() % CUTS_PER_DIRECTORY == 0) {
                    loop.freshDirectory();
                }
                loop.cycle(random.nextLong());
                assertEquals(List.of(), loop.violations(), "seed " + SEED + ", cut " + loop.cycles());
            }
            loop.freshDirectory();
            assertEquals(List.of(), loop.violations(), "seed " + SEED);
            assertTrue(loop.acks() >= ACKS_MIN, loop.acks() + " acknowledged writes");
            System.out.println("P2: " + loop.cycles() + " power cuts, " + loop.acks() + " acknowledged writes, 0 lost");
        }
    }

    /// The negative control. A cut right behind a checkpoint loses nothing, so that it may take several.
    @Test
    void aCommitThatIsNotSynced_isFound(@TempDir Path home) {
        try (var disk = PowerCutDisk.mount(home);
                var loop = new CrashLoop(home, disk.directory(), SeededBug.NO_SYNC_AT_COMMIT, () -> cut(disk))) {
            while (loop.violations().isEmpty() && loop.cycles() < CONTROL_CUTS_MAX) {
                loop.cycle(random.nextLong());
            }
            System.out.println("P2: without a sync at commits " + loop.cycles() + " power cuts lost of " + loop.acks()
                    + " acknowledged writes " + loop.violations().size());
            assertFalse(loop.violations().isEmpty());
        }
    }

    private Death cut(PowerCutDisk disk) {
        return new Death.PowerCut(disk, random.nextInt(CUT_ACKS_MAX), random.nextLong(CUT_NANOS_MAX));
    }
}
