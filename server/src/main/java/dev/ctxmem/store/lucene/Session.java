package dev.ctxmem.store.lucene;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.MemoryException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NRTCachingDirectory;
import org.apache.lucene.store.ReadAdvice;
import org.apache.lucene.util.IOUtils;

/// A verified directory with its one writer and its readers, from opening to closing or to the first failure.
final class Session implements Closeable {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    private static final double BUFFER_MB = 16;

    /// Bounds the memory that a merge needs to build a graph: some 50 MB.
    private static final double SEGMENT_MB_MAX = 64;
    private static final double CACHED_SEGMENT_MB_MAX = 4;
    private static final double CACHE_MB_MAX = 16;

    /// Segments below count as equal. Lucene's 16 MB would rewrite 20,000 entries for every few single writes.
    private static final double SMALL_SEGMENT_MB = 0.25;

    private static final int SEGMENTS_PER_TIER = 8;
    private static final int MERGE_THREADS = 1;
    /// Writes wait behind more: merges fall behind.
    private static final int WAITING_MERGES_MAX = 8;

    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final long sequence;
    private final ExecutorService refresher;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong changesSeen = new AtomicLong();

    private Session(
            Directory directory,
            IndexWriter writer,
            SearcherManager searchers,
            long sequence,
            ExecutorService refresher) {
        this.directory = directory;
        this.writer = writer;
        this.searchers = searchers;
        this.sequence = sequence;
        this.refresher = refresher;
    }

    /// `refresher` has one thread, of the platform: a reader that is interrupted while it opens a file would
    /// take the writer down with it, and callers may be interrupted.
    static Session open(Path path, String format, GraphLimits limits, ExecutorService refresher) throws IOException {
        try {
            return openVerified(path, format, limits, refresher);
        } catch (CorruptIndexException e) {
            // Whole files, but not those of one index.
            LOG.log(System.Logger.Level.WARNING, "The search index is damaged and is built anew: " + e);
            try (Directory files = new MMapDirectory(path)) {
                CommittedIndex.delete(files);
            }
            return openVerified(path, format, limits, refresher);
        }
    }

    private static Session openVerified(Path path, String format, GraphLimits limits, ExecutorService refresher)
            throws IOException {
        var files = new MMapDirectory(path);
        files.setReadAdvice((file, context) -> Optional.of(ReadAdvice.NORMAL));
        var directory = new NRTCachingDirectory(files, CACHED_SEGMENT_MB_MAX, CACHE_MB_MAX);
        IndexWriter writer = null;
        boolean opened = false;
        try {
            long sequence = CommittedIndex.verifiedSequence(files, format);
            var similarity = new LengthBonus();
            writer = new IndexWriter(directory, config(similarity, limits));
            var searchers = new SearcherManager(writer, new PlainSearchers(similarity));
            opened = true;
            return new Session(directory, writer, searchers, sequence, refresher);
        } finally {
            if (!opened) {
                IOUtils.closeWhileHandlingException(writer, directory);
            }
        }
    }

    private static IndexWriterConfig config(Similarity similarity, GraphLimits limits) {
        var merging = new ConcurrentMergeScheduler();
        merging.setMaxMergesAndThreads(WAITING_MERGES_MAX, MERGE_THREADS);
        var config = new IndexWriterConfig();
        config.setCodec(new IndexCodec(limits));
        config.setSimilarity(similarity);
        config.setRAMBufferSizeMB(BUFFER_MB);
        config.setMergeScheduler(merging);
        config.setMergePolicy(new TieredMergePolicy()
                .setFloorSegmentMB(SMALL_SEGMENT_MB)
                .setMaxMergedSegmentMB(SEGMENT_MB_MAX)
                .setSegmentsPerTier(SEGMENTS_PER_TIER));
        config.setMaxFullFlushMergeWaitMillis(0);
        config.setCommitOnClose(false);
        return config;
    }

    IndexWriter writer() {
        return writer;
    }

    /// Of the commit that was found.
    long sequence() {
        return sequence;
    }

    /// To be called after a change, by the one thread that changes.
    void changed() {
        changes.incrementAndGet();
    }

    /// A searcher that sees every change before this call; to be given back to [#release].
    IndexSearcher acquire() throws IOException {
        if (changesSeen.get() < changes.get()) {
            awaitRefresh();
        }
        return searchers.acquire();
    }

    void release(IndexSearcher searcher) throws IOException {
        searchers.release(searcher);
    }

    private void awaitRefresh() throws IOException {
        try {
            Future<?> refresh = refresher.submit(() -> {
                refresh();
                return null;
            });
            refresh.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.UNAVAILABLE, "The search was interrupted.", e);
        } catch (RejectedExecutionException e) {
            throw new AlreadyClosedException("the index is closed", e);
        } catch (ExecutionException e) {
            throw new IOException("refreshing the index failed", e.getCause());
        }
    }

    /// One refresh serves all that wait: those behind find it done.
    private void refresh() throws IOException {
        long upTo = changes.get();
        if (changesSeen.get() < upTo) {
            searchers.maybeRefreshBlocking();
            changesSeen.set(upTo);
        }
    }

    /// Forgets what is not committed.
    @Override
    public void close() throws IOException {
        IOUtils.close(searchers, writer, directory);
    }

    private static final class PlainSearchers extends SearcherFactory {
        private final Similarity similarity;

        PlainSearchers(Similarity similarity) {
            this.similarity = similarity;
        }

        @Override
        public IndexSearcher newSearcher(IndexReader reader, IndexReader previous) {
            var searcher = new IndexSearcher(reader);
            searcher.setSimilarity(similarity);
            searcher.setQueryCache(null);
            return searcher;
        }
    }
}
