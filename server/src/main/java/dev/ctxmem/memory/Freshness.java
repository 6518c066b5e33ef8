package dev.ctxmem.memory;

/// How new the state must be that a read sees: the newest there is, or one that may be late but has everything up to
/// a revision of the account.
public sealed interface Freshness {
    Freshness FRESH = new Newest();

    /// What was acknowledged before the read, through any instance, is seen.
    record Newest() implements Freshness {}

    /// May be late by seconds; the change with this revision of the account is seen, and all before it. 0 asks for
    /// none.
    record AtLeast(long revision) implements Freshness {
        public AtLeast {
            if (revision < 0) {
                throw new IllegalArgumentException("a revision is not negative");
            }
        }
    }
}
