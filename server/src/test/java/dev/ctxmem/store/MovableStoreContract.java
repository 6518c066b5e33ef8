package dev.ctxmem.store;

import org.junit.jupiter.api.Nested;

/// The contract of a store that can also be handed out and moved: [dev.ctxmem.memory.Archive] and
/// [dev.ctxmem.memory.Generations].
public abstract class MovableStoreContract extends StoreContract {
    @Nested
    class Archives extends ArchiveContract {
        Archives() {
            super(MovableStoreContract.this);
        }
    }

    @Nested
    class VectorGenerations extends GenerationContract {
        VectorGenerations() {
            super(MovableStoreContract.this);
        }
    }
}
