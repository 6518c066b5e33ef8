package dev.ctxmem.store.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a [PostgresStore] reaches its database. `url` is a JDBC URL; `migrationUrl` is a direct way for changes of
/// the schema, past any pooler, and may name a role that owns it. Connections are made as needed, at most
/// `connections`.
///
/// @param replica a hot standby that answers reads which may be late; null where there is none
/// @param waitersMax callers that may wait for a connection; more are refused at once
/// @param waitMax how long each of them waits, and how long a write waits for its turn
/// @param writesPerCommit writes of one account that share a commit, at most
/// @param scanMax entries of a scope that are still scanned for the nearest vectors, where there is an index of them
/// @param indexedFrom how many entries of one account make such an index worth what it adds to each write
/// @param startMax how long a start waits for a database that is not up yet
/// @param allowUnsafe accept a database that may lose what it has acknowledged
/// @param frequenciesKept from how many entries on an account's word counts are remembered, for a minute
/// @param flat the indexes that are kept in memory
public record PostgresSettings(
        Credentials database,
        Credentials migrations,
        @Nullable Replica replica,
        int connections,
        int waitersMax,
        Duration waitMax,
        int writesPerCommit,
        int scanMax,
        int indexedFrom,
        int frequenciesKept,
        Flat flat,
        Duration startMax,
        boolean allowUnsafe) {
    private static final int WAITERS_MAX = 2048;
    private static final Duration WAIT_MAX = Duration.ofSeconds(1);
    private static final int WRITES_PER_COMMIT = 64;
    private static final int SCAN_MAX = 10_000;

    /// About what a flat index holds with Java's usual memory: these accounts need no other.
    private static final int INDEXED_FROM = 25_000;

    private static final int FREQUENCIES_KEPT = 10_000;

    /// Of the memory that Java may take.
    private static final int FLAT_SHARE = 4;

    private static final Duration START_MAX = Duration.ofSeconds(30);
    private static final Duration LATE_MAX = Duration.ofSeconds(10);

    public PostgresSettings {
        if (connections < 1 || waitersMax < 1 || writesPerCommit < 1 || !waitMax.isPositive()) {
            throw new IllegalArgumentException("sizes and times must be positive");
        }
    }

    public static PostgresSettings of(
            Credentials database, Credentials migrations, int connections, boolean allowUnsafe) {
        return new PostgresSettings(
                database,
                migrations,
                null,
                connections,
                WAITERS_MAX,
                WAIT_MAX,
                WRITES_PER_COMMIT,
                SCAN_MAX,
                INDEXED_FROM,
                FREQUENCIES_KEPT,
                new Flat(Runtime.getRuntime().maxMemory() / FLAT_SHARE, false),
                START_MAX,
                allowUnsafe);
    }

    public PostgresSettings withReplica(Credentials standby) {
        return withReplica(standby, LATE_MAX);
    }

    public PostgresSettings withReplica(Credentials standby, Duration lateMax) {
        return with(new Replica(standby, lateMax), waitMax, scanMax, indexedFrom, flat);
    }

    public PostgresSettings withWaitMax(Duration longest) {
        return with(replica, longest, scanMax, indexedFrom, flat);
    }

    /// And an index from there on.
    public PostgresSettings withScanMax(int most) {
        return with(replica, waitMax, most, most, flat);
    }

    public PostgresSettings withFlat(Flat indexes) {
        return with(replica, waitMax, scanMax, indexedFrom, indexes);
    }

    private PostgresSettings with(@Nullable Replica standby, Duration longest, int scanned, int indexed, Flat indexes) {
        return new PostgresSettings(
                database,
                migrations,
                standby,
                connections,
                waitersMax,
                longest,
                writesPerCommit,
                scanned,
                indexed,
                frequenciesKept,
                indexes,
                startMax,
                allowUnsafe);
    }

    /// Flat indexes of accounts: in so many bytes together, 0 for none. `atOnce`: made by the first search of an
    /// account, which waits for it.
    public record Flat(long bytesMax, boolean atOnce) {
        public static final Flat NONE = new Flat(0, false);
    }

    /// A standby, which is left alone while it is more than `lateMax` behind.
    public record Replica(Credentials database, Duration lateMax) {}

    /// A database and who comes. Null where the URL says it, or nobody does.
    public record Credentials(
            String url, @Nullable String user, @Nullable String password) {
        /// Never prints the password, which the URL may hold too.
        @Override
        public String toString() {
            return "Credentials[" + url.replaceFirst("\\?.*", "") + "]";
        }
    }
}
