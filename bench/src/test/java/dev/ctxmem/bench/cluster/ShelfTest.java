package dev.ctxmem.bench.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShelfTest {
    private final Shelf shelf = new Shelf("k");

    private void written(long version, long atNanos) {
        shelf.acknowledge(shelf.attempt(), version, atNanos);
    }

    @Test
    void aReadMustFindWhatWasAcknowledged_andMayFindWhatIsUnderWay() {
        assertEquals(0, shelf.floor());
        written(1, 10);
        shelf.attempt();
        assertEquals(1, shelf.floor());
        assertTrue(shelf.mayHold(1, 1));
        assertTrue(shelf.mayHold(2, 1));
        assertFalse(shelf.mayHold(3, 1));
        assertFalse(shelf.mayHold(0, 1));
    }

    @Test
    void aLateReadMustFindWhatWasAcknowledgedByThen() {
        written(1, 10);
        written(2, 20);
        assertEquals(0, shelf.floor(9));
        assertEquals(1, shelf.floor(19));
        assertEquals(2, shelf.floor(20));
    }

    @Test
    void aWriteThatNobodyAcknowledged_mayBeThereOrNot() {
        written(1, 10);
        shelf.attempt();
        assertEquals(List.of(), shelf.lost(Map.of(1L, 1L)));
        assertEquals(List.of(), shelf.lost(Map.of(1L, 1L, 2L, 2L)));
    }

    @Test
    void aLostWrite_isSeen() {
        written(1, 10);
        written(2, 20);
        assertEquals(List.of("k: version 2 is null, acknowledged was 2"), shelf.lost(Map.of(1L, 1L)));
        assertEquals(List.of("k: version 2 is 1, acknowledged was 2"), shelf.lost(Map.of(1L, 1L, 2L, 1L)));
    }

    @Test
    void aVersionThatIsMissingInBetween_isSeen() {
        written(1, 10);
        assertEquals(List.of("k: no version 2"), shelf.lost(Map.of(1L, 1L, 3L, 2L)));
    }
}
