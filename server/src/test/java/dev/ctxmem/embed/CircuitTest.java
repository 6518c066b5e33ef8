package dev.ctxmem.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private final FakeTicker ticker = new FakeTicker();
    private final Circuit circuit = new Circuit(ticker);

    private void open() {
        for (int i = 1; i < Circuit.FAILURES_MAX; i++) {
            assertFalse(circuit.failed());
            assertFalse(circuit.isOpen());
        }
        assertTrue(circuit.failed());
        assertTrue(circuit.isOpen());
    }

    @Test
    void failuresInARow_openIt() {
        open();
        assertFalse(circuit.failed());
    }

    @Test
    void aSuccessBetween_keepsItClosed() {
        for (int i = 0; i < 10 * Circuit.FAILURES_MAX; i++) {
            assertFalse(circuit.failed());
            if (i % (Circuit.FAILURES_MAX - 1) == 0) {
                circuit.succeeded();
            }
        }
        assertFalse(circuit.isOpen());
    }

    @Test
    void aProbe_isDueAfterAWhileAndForOneAlone() {
        assertFalse(circuit.claimProbe());
        open();
        assertEquals(Circuit.OPEN_MIN, circuit.untilProbe());
        assertFalse(circuit.claimProbe());
        ticker.advance(Circuit.OPEN_MIN);
        assertEquals(Duration.ZERO, circuit.untilProbe());
        assertTrue(circuit.claimProbe());
        assertFalse(circuit.claimProbe());
        circuit.probed(true);
        assertFalse(circuit.isOpen());
        open();
    }

    @Test
    void aFailedProbe_doublesTheWaitUpToAMaximum() {
        open();
        Duration expected = Circuit.OPEN_MIN;
        for (int i = 0; i < 10; i++) {
            assertEquals(expected, circuit.untilProbe());
            ticker.advance(expected);
            assertTrue(circuit.claimProbe());
            circuit.probed(false);
            expected = expected.multipliedBy(2).compareTo(Circuit.OPEN_MAX) > 0
                    ? Circuit.OPEN_MAX
                    : expected.multipliedBy(2);
        }
        assertEquals(Circuit.OPEN_MAX, circuit.untilProbe());
    }

    @Test
    void aSuccessThatComesLate_doesNotCloseIt() {
        open();
        circuit.succeeded();
        assertTrue(circuit.isOpen());
    }

    @Test
    void aProviderThatAsksForTime_getsItWithinLimits() {
        assertTrue(circuit.failedFor(Duration.ofSeconds(12)));
        assertEquals(Duration.ofSeconds(12), circuit.untilProbe());
        assertFalse(circuit.failedFor(Duration.ofHours(5)));
        assertEquals(Circuit.OPEN_MAX, circuit.untilProbe());
        circuit.failedFor(Duration.ZERO);
        assertEquals(Circuit.OPEN_MIN, circuit.untilProbe());
    }
}
