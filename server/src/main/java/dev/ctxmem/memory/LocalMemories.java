package dev.ctxmem.memory;

import dev.ctxmem.core.Memories;
import java.time.Duration;
import java.util.function.Supplier;

/// The verbs in this process: binds the rules to one caller at a time. Thread-safe.
public final class LocalMemories {
    private final MemoryStore store;
    private final AccountStore accountStore;
    private final Accounts accounts;
    private final Words words;
    private final Supplier<Meaning> meaning;
    private final Tiers tiers;
    private final Cursors cursors;
    private final Duration embeddingDeadline;

    /// `meaning` is asked at every write and search: a calibration may replace the ranking, and a move to another
    /// model both. `embeddingDeadline` bounds how long either waits for its vector.
    public LocalMemories(
            MemoryStore store,
            AccountStore accountStore,
            Accounts accounts,
            Words words,
            Supplier<Meaning> meaning,
            Tiers tiers,
            Peppers peppers,
            Duration embeddingDeadline) {
        this.store = store;
        this.accountStore = accountStore;
        this.accounts = accounts;
        this.words = words;
        this.meaning = meaning;
        this.tiers = tiers;
        this.cursors = new Cursors(peppers);
        this.embeddingDeadline = embeddingDeadline;
    }

    /// The verbs for one caller, who sees everything that was acknowledged before: cheap, made for each request.
    public Memories of(Principal principal) {
        return of(principal, Freshness.FRESH);
    }

    /// The same, where entries need be no fresher than so. Writes are always made on the newest state.
    public Memories of(Principal principal, Freshness freshness) {
        return new PrincipalMemories(this, principal, freshness);
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

    Words words() {
        return words;
    }

    Meaning meaning() {
        return meaning.get();
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
