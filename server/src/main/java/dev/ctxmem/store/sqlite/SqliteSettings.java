package dev.ctxmem.store.sqlite;

import java.time.Duration;

/// Sizes of the embedded store.
///
/// @param writeQueue writes that may wait; past it OVERLOADED
/// @param writesPerCommit writes that share one fsync at most
/// @param pointReaders connections for reads by key, which run on the caller's thread
/// @param readers threads for lists, history and searches
/// @param readQueue reads that may wait for one of those threads; past it OVERLOADED
/// @param indexLagMax changes the search index may be behind before writes wait for it
/// @param indexCommitInterval how often the index is made durable
/// @param searchWaitMax how long a search waits for the index to see all that was written before it
/// @param writerCacheKib page cache of the writing connection, in KiB
/// @param readerCacheKib page cache of each reading connection, in KiB
/// @param walPages pages of 4 KiB in the write-ahead log that start a checkpoint
public record SqliteSettings(
        int writeQueue,
        int writesPerCommit,
        int pointReaders,
        int readers,
        int readQueue,
        int indexLagMax,
        Duration indexCommitInterval,
        Duration searchWaitMax,
        int writerCacheKib,
        int readerCacheKib,
        int walPages) {
    public static final SqliteSettings DEFAULT = new SqliteSettings(
            1024, 128, 4, 2, 128, 5_000, Duration.ofSeconds(5), Duration.ofSeconds(30), 6 << 10, 1 << 10, 4_000);

    /// Past this many times `walPages` a checkpoint makes new readers wait until it is through.
    static final int WAL_STARVED_FACTOR = 2;

    public SqliteSettings {
        requirePositive(writeQueue, writesPerCommit, pointReaders, readers, readQueue, indexLagMax);
        requirePositive(writerCacheKib, readerCacheKib, walPages);
        if (!indexCommitInterval.isPositive() || !searchWaitMax.isPositive()) {
            throw new IllegalArgumentException("durations must be positive");
        }
    }

    private static void requirePositive(int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("sizes must be positive");
            }
        }
    }
}
