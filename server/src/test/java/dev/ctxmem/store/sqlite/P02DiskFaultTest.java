package dev.ctxmem.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ctxmem.disk.Fault;
import dev.ctxmem.disk.Needs;
import dev.ctxmem.disk.PowerCutDisk;
import dev.ctxmem.store.sqlite.FaultLoop.Round;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// P2 where the disk fails: a write, sync, rename or cut of any file of the store, once or from then on. What the
/// disk failed for is not acknowledged, what was acknowledged is there after a power cut, and nothing is written any
/// more where that would be a retry. `-Psoak` lets every single call fail.
class P02DiskFaultTest {
    private static final long SEED = 20_260_102;
    private static final boolean ALL = Boolean.getBoolean("ctx.soak");
    private static final int FAULTS_MIN = 30;

    private static final List<String> FILES = List.of("*/ctx.db-wal", "*/ctx.db", "*/ctx.db-shm", "*/index/*");
    private static final List<String> CALLS = List.of("sync", "write", "truncate", "rename");
    private static final List<Integer> ERRORS = List.of(Fault.IO_ERROR, Fault.NO_SPACE);

    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeEach
    void prepare() {
        Needs.powerCuts();
        Needs.preloading();
    }

    @Test
    void aFailingDisk_losesNothingThatWasAcknowledged(@TempDir Path home) {
        try (var disk = PowerCutDisk.mount(home);
                var loop = new FaultLoop(home, disk)) {
            for (String file : FILES) {
                for (String call : CALLS) {
                    meetAll(loop, call, file);
                }
            }
            int faults = loop.faults();
            loop.cutAndVerify();
            assertEquals(List.of(), loop.violations(), "seed " + SEED);
            assertTrue(faults >= FAULTS_MIN, faults + " faults");
            System.out.println("P2: " + faults + " faults of the disk, nothing acknowledged was lost");
        }
    }

    /// The negative control: a disk that says it has synced, and has not.
    @Test
    void aSyncThatIsLeftOut_isFound(@TempDir Path home) {
        try (var disk = PowerCutDisk.mount(home);
                var loop = new FaultLoop(home, disk)) {
            Round round = loop.meet(new Fault("sync", "*/ctx.db*", 1, Fault.LIE, true));
            assertTrue(round.isHit(), round::toString);
            assertTrue(loop.violations().toString().contains("it did not stop"), round::toString);
            int before = loop.violations().size();
            loop.cutAndVerify();
            List<String> lost = new ArrayList<>(
                    loop.violations().subList(before, loop.violations().size()));
            assertFalse(lost.isEmpty(), round::toString);
        }
    }

    private void meetAll(FaultLoop loop, String call, String file) {
        int calls = loop.meet(new Fault(call, file, 0, Fault.IO_ERROR, false)).calls();
        for (int error : ERRORS) {
            for (boolean persists : new boolean[] {false, true}) {
                if (ALL) {
                    int at = 1;
                    while (loop.meet(new Fault(call, file, at, error, persists)).isHit()) {
                        at++;
                    }
                } else if (calls > 0) {
                    loop.meet(new Fault(call, file, random.nextInt(1, calls + 1), error, persists));
                }
            }
        }
    }
}
