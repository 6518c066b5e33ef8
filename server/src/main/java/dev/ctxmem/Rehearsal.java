package dev.ctxmem;

import dev.ctxmem.memory.Archive;
import dev.ctxmem.memory.ArchiveItem;
import java.util.function.Consumer;

/// Gives all items and then fails, so that a store takes everything and keeps nothing.
record Rehearsal(Archive.Source source) implements Archive.Source {
    @Override
    public void giveTo(Consumer<ArchiveItem> taker) {
        source.giveTo(taker);
        throw new Over();
    }

    /// Everything was taken.
    static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the rehearsal is over", null, false, false);
        }
    }
}
