package dev.ctxmem.store.postgres;

import dev.ctxmem.core.MemoryException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One transaction in which an account changes, alone: whoever else would change it waits for its end. Not
/// thread-safe.
final class Transaction {
    /// An instance that stops in the middle holds the others up no longer than this.
    private static final String TIMEOUTS = """
            select set_config('lock_timeout', '5s', true), set_config('statement_timeout', '20s', true),
                set_config('idle_in_transaction_session_timeout', '10s', true)
            """;

    private static final String LOCK = """
            select revision, namespaces, entries
            from account_state
            where account_id = :account
            for update
            """;

    private static final String COUNT = """
            update account_state
            set revision = :revision, namespaces = :namespaces, entries = :entries
            where account_id = :account
            """;

    private final Session session;
    private final UUID account;
    private @Nullable State state;

    Transaction(Session session, UUID account) {
        this.session = session;
        this.account = account;
    }

    UUID account() {
        return account;
    }

    /// Runs a script that reads; the account is locked before it does.
    void read(Script script) {
        if (state != null) {
            session.run(script);
            return;
        }
        var whole = new Script().update(TIMEOUTS);
        Script.Result<State> locked = whole.read(LOCK, State::read, account);
        whole.append(script);
        session.run(whole);
        state = locked.first();
    }

    /// Where the account stands, once something has been read. NOT_FOUND for an account that has never had a
    /// namespace.
    State state() {
        if (state == null) {
            throw MemoryException.notFound("Namespace");
        }
        return state;
    }

    /// Runs a script that changes the account, which then stands at `after`.
    void write(Script script, State after) {
        script.update(COUNT, after.revision, after.namespaces, after.entries, account);
        session.run(script);
        state = after;
    }

    /// The revision of the last change, and what is there.
    record State(long revision, long namespaces, long entries) {
        static State read(Row row) {
            return new State(row.number(), row.number(), row.number());
        }

        /// One revision on.
        State next(long moreNamespaces, long moreEntries) {
            return new State(revision + 1, namespaces + moreNamespaces, entries + moreEntries);
        }
    }
}
