package dev.ctxmem.store;

import org.junit.jupiter.api.Nested;

/// One contract, every store: each sentence of [dev.ctxmem.memory.MemoryStore] and
/// [dev.ctxmem.memory.AccountStore] as a test, and of [dev.ctxmem.memory.BillingStore], [dev.ctxmem.memory.Archive]
/// and [dev.ctxmem.memory.Generations]. A store's test says how to open it and how to check its records, and nothing
/// else.
public abstract class StoreContract implements StoreUnderTest {
    @Nested
    class Namespaces extends NamespaceContract {
        Namespaces() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Entries extends EntryContract {
        Entries() {
            super(StoreContract.this);
        }
    }

    @Nested
    class TimeToLive extends TimeToLiveContract {
        TimeToLive() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Lists extends ListContract {
        Lists() {
            super(StoreContract.this);
        }
    }

    @Nested
    class History extends HistoryContract {
        History() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Isolation extends IsolationContract {
        Isolation() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Limits extends LimitContract {
        Limits() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Embeddings extends EmbeddingContract {
        Embeddings() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Search extends SearchContract {
        Search() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Accounts extends AccountContract {
        Accounts() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Signup extends SignupContract {
        Signup() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Billing extends BillingContract {
        Billing() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Archives extends ArchiveContract {
        Archives() {
            super(StoreContract.this);
        }
    }

    @Nested
    class VectorGenerations extends GenerationContract {
        VectorGenerations() {
            super(StoreContract.this);
        }
    }

    @Nested
    class Durability extends DurabilityContract {
        Durability() {
            super(StoreContract.this);
        }
    }
}
