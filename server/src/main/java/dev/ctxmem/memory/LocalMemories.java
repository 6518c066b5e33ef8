package dev.ctxmem.memory;

import dev.ctxmem.core.Memories;
import java.time.Duration;
import java.util.function.Supplier;

/// The verbs in this process: binds the rules to one caller at a time. Thread-safe.
public final class LocalMemories {
    private final MemoryStore store;
    private final AccountStore accountStore;
    private final Accounts accounts;
    private final Embeddings embeddings;
    private final Words words;
    private final Supplier<Ranking> ranking;
    private final Tiers tiers;
    private final Cursors cursors;
    private final Duration embeddingDeadline;

    /// `ranking` is asked at every search: a calibration may replace it. `embeddingDeadline` bounds how long a
    /// write or a search waits for its vector.
    public LocalMemories(
            MemoryStore store,
            AccountStore accountStore,
            Accounts accounts,
            Embeddings embeddings,
            Words words,
            Supplier<Ranking> ranking,
            Tiers tiers,
            Peppers peppers,
            Duration embeddingDeadline) {
        this.store = store;
        this.accountStore = accountStore;
        this.accounts = accounts;
        this.embeddings = embeddings;
        this.words = words;
        this.ranking = ranking;
        this.tiers = tiers;
        this.cursors = new Cursors(peppers);
        this.embeddingDeadline = embeddingDeadline;
    }

    /// The verbs for one caller: cheap, made for each request.
    public Memories of(Principal principal) {
        return new PrincipalMemories(this, principal);
    }

    MemoryStore store() {
        return store;
    }

    AccountStore accountStore() {
        return accountStore;
    }

    Accounts accounts() {
        return accounts;
    }

    Embeddings embeddings() {
        return embeddings;
    }

    Words words() {
        return words;
    }

    Ranking ranking() {
        return ranking.get();
    }

    Tiers tiers() {
        return tiers;
    }

    Cursors cursors() {
        return cursors;
    }

    Duration embeddingDeadline() {
        return embeddingDeadline;
    }
}
