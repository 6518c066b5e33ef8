package dev.ctxmem.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ctxmem.core.Entry;
import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.core.NewNamespace;
import dev.ctxmem.core.Quota;
import dev.ctxmem.core.TierLimits;
import dev.ctxmem.core.TimeToLive;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The number of entries a tier allows, checked where it is used up.
abstract class LimitContract extends StoreTopic {
    private static final TierLimits THREE = new TierLimits(Quota.UNLIMITED, 3, Quota.UNLIMITED, Quota.UNLIMITED);

    LimitContract(StoreUnderTest store) {
        super(store);
    }

    private Entry putWithinThree(String key) {
        return memories.put(alice, NOTES, draft(key, "v"), NONE, THREE).entry();
    }

    @Test
    void put_stopsAtTheLimit_andSaysWhereTheAccountStands() {
        putWithinThree("a");
        putWithinThree("b");
        putWithinThree("c");

        var failure = assertThrows(MemoryException.class, () -> putWithinThree("d"));

        assertEquals(ErrorCode.TIER_LIMIT_REACHED, failure.code());
        assertEquals(Optional.of(new Quota(3, 3)), failure.quota());
        assertEquals(3, entryCount());
    }

    @Test
    void put_atTheLimit_stillUpdates() {
        putWithinThree("a");
        putWithinThree("b");
        putWithinThree("c");

        assertEquals(2, putWithinThree("b").version());
    }

    @Test
    void theLimit_countsAllNamespacesOfTheAccount() {
        memories.createNamespace(alice, NewNamespace.of("other"), UNLIMITED);
        putWithinThree("a");
        memories.put(alice, "other", draft("a", "v"), NONE, THREE);
        memories.put(alice, "other", draft("b", "v"), NONE, THREE);

        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("b"));
    }

    @Test
    void aDelete_makesRoom() {
        putWithinThree("a");
        putWithinThree("b");
        putWithinThree("c");
        memories.delete(alice, NOTES, "a");

        putWithinThree("d");
        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("a"));
    }

    @Test
    void aDeletedNamespace_makesRoom() {
        memories.createNamespace(alice, NewNamespace.of("other"), UNLIMITED);
        memories.put(alice, "other", draft("a", "v"), NONE, THREE);
        memories.put(alice, "other", draft("b", "v"), NONE, THREE);
        putWithinThree("a");
        memories.deleteNamespace(alice, "other");

        putWithinThree("b");
        putWithinThree("c");
        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("d"));
    }

    @Test
    void whatHasExpired_makesRoom_purgedOrNot() {
        save(draft("a", "v", TimeToLive.seconds(10)));
        save(draft("b", "v", TimeToLive.seconds(10)));
        putWithinThree("c");
        clock.advance(Duration.ofSeconds(10));

        putWithinThree("d");
        putWithinThree("a");
        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("b"));
        memories.purgeExpired(10);
        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("b"));
        assertEquals(3, entryCount());
    }

    @Test
    void aLowerLimit_keepsWhatIsThere() {
        for (String key : new String[] {"a", "b", "c", "d", "e"}) {
            put(key, "v");
        }

        assertFails(ErrorCode.TIER_LIMIT_REACHED, () -> putWithinThree("f"));
        assertEquals(2, putWithinThree("e").version());
        assertEquals(5, entryCount());
    }

    @Test
    void theLimit_holds_whenManyWriteAtOnce() {
        var fifty = new TierLimits(Quota.UNLIMITED, 50, Quota.UNLIMITED, Quota.UNLIMITED);

        var outcomes = together(200, i -> memories.put(alice, NOTES, draft("k" + i, "v"), NONE, fifty));

        assertEquals(50, count(outcomes, null));
        assertEquals(150, count(outcomes, ErrorCode.TIER_LIMIT_REACHED));
        assertEquals(50, entryCount());
    }
}
