package dev.ctxmem.memory;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Ids that sort by the time they were made (UUID version 7, RFC 9562). Thread-safe if `random` is.
public final class UuidV7 implements Supplier<UUID> {
    private final InstantSource clock;
    private final RandomGenerator random;

    public UuidV7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public UUID get() {
        long time = (clock.millis() << 16) | 0x7000 | (random.nextInt() & 0xfff);
        long rest = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(time, rest);
    }
}
