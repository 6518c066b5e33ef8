package dev.ctxmem.core;

/// What a write does to an entry's TTL.
public sealed interface TimeToLive {
    TimeToLive KEEP = new Keep();
    TimeToLive NEVER = new Never();

    /// Expire this many seconds after the write: 1 to 315,360,000.
    static TimeToLive seconds(long seconds) {
        return new Seconds(seconds);
    }

    /// Leaves the deadline of an existing entry as it is; a new entry gets none.
    record Keep() implements TimeToLive {}

    /// Removes the deadline.
    record Never() implements TimeToLive {}

    /// Sets the deadline anew.
    record Seconds(long seconds) implements TimeToLive {
        public Seconds {
            long min = Limits.TTL_MIN.toSeconds();
            long max = Limits.TTL_MAX.toSeconds();
            if (seconds < min || seconds > max) {
                throw MemoryException.invalid("/ttl_seconds", "must be between " + min + " and " + max);
            }
        }
    }
}
