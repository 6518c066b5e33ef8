package dev.ctxmem.store.postgres;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import dev.ctxmem.memory.AccountStore;
import dev.ctxmem.memory.Archive;
import java.util.Objects;

/// The whole store as one snapshot, and taken in one transaction; neither keeps anybody waiting. Thread-safe.
final class PostgresArchive implements Archive {
    private static final String IS_EMPTY = """
            select not exists (
                select 1
                from accounts a
                left join account_state s on s.account_id = a.id
                where a.email <> :local or s.revision > 0 or s.namespaces > 0)
            """;

    private final Database database;
    private final LongTransactions transactions;
    private final EntryLoad entries;
    private final VectorColumn vectors;

    PostgresArchive(Database database, LongTransactions transactions, EntryLoad entries, VectorColumn vectors) {
        this.database = database;
        this.transactions = transactions;
        this.entries = entries;
        this.vectors = vectors;
    }

    @Override
    public void exportTo(Sink sink) {
        transactions.read(session -> {
            new ArchiveExport(session, sink).run();
            return true;
        });
    }

    @Override
    public void load(Source source) {
        transactions.run(session -> {
            try {
                new ArchiveLoad(session, entries).load(source);
                return true;
            } catch (FailedStatement e) {
                vectors.refresh();
                if (Failures.state(e.failure()).equals(Failures.UNIQUE_VIOLATION)) {
                    throw new MemoryException(
                            ErrorCode.ALREADY_EXISTS,
                            "A key, namespace or entry of the file is in the store already.",
                            e.failure());
                }
                throw e;
            }
        });
    }

    @Override
    public boolean isEmpty() {
        return Objects.requireNonNull(
                database.read(session -> session.first(IS_EMPTY, Row::flag, AccountStore.LOCAL_EMAIL)));
    }
}
