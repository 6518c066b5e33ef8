package dev.ctxmem.store.lucene;

import dev.ctxmem.memory.Words;
import dev.ctxmem.store.IndexReopenedException;
import dev.ctxmem.store.SearchIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;

/// The search index of the embedded store: words and vectors in Lucene, in a directory of its own.
///
/// **Freshness.** A search refreshes when something changed since the last one; those that wait share a
/// refresh.
///
/// **Durability.** [#commit] makes changes durable. What is found damaged at the start, or written with other
/// rules for words, is deleted, and [#durableSequence] is 0. An index that fails while it runs answers
/// UNAVAILABLE until the next change, which opens it anew and throws [IndexReopenedException]; then until the one
/// after that, because it shows less than it has shown before.
///
/// **Threads.** Searches run on the caller's thread, refreshes and merges on threads of the index.
public final class LuceneIndex implements SearchIndex {
    private static final System.Logger LOG = System.getLogger(LuceneIndex.class.getName());
    private static final int FORMAT = 1;

    /// Text whose stems tell one way of splitting words from another.
    private static final String PROBE = "Should Caroline's 3 cafés, decided running e.g. getUserId_2 v2.1.0 10,000 URLs"
            + " PostgreSQL16 ﬁle Straße Наука ΟΔΟΣ 数据库 東京タワー 한국어 don't ponies generously 😀";

    private final Path directory;
    private final Words words;
    private final GraphLimits limits;
    private final String format;
    private final ReentrantLock changing = new ReentrantLock();
    private final ExecutorService refresher;
    private volatile @Nullable Session session;
    private volatile @Nullable Throwable failure;
    private volatile boolean setBack;
    private volatile long durableSequence;
    private long appliedSequence;
    private boolean closed;

    private LuceneIndex(Path directory, Words words, GraphLimits limits) {
        this.directory = directory;
        this.words = words;
        this.limits = limits;
        List<String> stems = words.stems(PROBE);
        List<String> content = stems.stream().filter(words::isContent).toList();
        format = FORMAT + "/" + Version.LATEST + "/" + Integer.toHexString(31 * stems.hashCode() + content.hashCode());
        refresher = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("index-refresh").factory());
    }

    /// Opens the index of a directory, or makes it. UncheckedIOException when that cannot be: another process
    /// uses it, or it may not be written.
    public static LuceneIndex open(Path directory, Words words) {
        return open(directory, words, GraphLimits.DEFAULT);
    }

    static LuceneIndex open(Path directory, Words words, GraphLimits limits) {
        var index = new LuceneIndex(directory, words, limits);
        boolean opened = false;
        try {
            index.openSession();
            opened = true;
            return index;
        } finally {
            if (!opened) {
                index.refresher.shutdown();
            }
        }
    }

    @Override
    public long durableSequence() {
        return durableSequence;
    }

    @Override
    public void apply(List<Change> changes, long sequence) {
        change(session -> {
            for (Change change : changes) {
                apply(session.writer(), change);
                session.changed();
            }
            appliedSequence = sequence;
        });
    }

    private void apply(IndexWriter writer, Change change) throws IOException {
        switch (change) {
            case Change.Put(Document entry) -> {
                var block = Schema.block(entry, words);
                if (block.size() == 1) {
                    writer.updateDocument(Schema.row(entry.rowId()), block.getFirst());
                } else {
                    writer.updateDocuments(Schema.row(entry.rowId()), block);
                }
            }
            case Change.Remove(long rowId) -> writer.deleteDocuments(Schema.row(rowId));
            case Change.RemoveNamespace(long namespaceId) -> writer.deleteDocuments(Schema.namespace(namespaceId));
        }
    }

    @Override
    public void commit() {
        change(session -> {
            if (appliedSequence != durableSequence || session.writer().hasUncommittedChanges()) {
                commit(session, appliedSequence);
            }
        });
    }

    /// Mends what has failed, too.
    @Override
    public void clear() {
        mend();
        change(session -> {
            session.writer().deleteAll();
            session.changed();
            appliedSequence = 0;
            commit(session, 0);
        });
    }

    private void commit(Session session, long sequence) throws IOException {
        session.writer()
                .setLiveCommitData(CommittedIndex.commitData(sequence, format).entrySet());
        session.writer().commit();
        durableSequence = sequence;
    }

    @Override
    public Candidates candidates(Query query) {
        if (query.stems().size() > Words.QUERY_STEMS_MAX) {
            throw new IllegalArgumentException("more than " + Words.QUERY_STEMS_MAX + " stems");
        }
        Session session = this.session;
        if (session == null || setBack) {
            throw failed(new AlreadyClosedException("the index is not open, or was opened anew"));
        }
        try {
            IndexSearcher searcher = session.acquire();
            try {
                return CandidateSet.find(searcher, query, limits);
            } finally {
                session.release(searcher);
            }
        } catch (IOException | AlreadyClosedException | InternalError e) {
            // InternalError is what reading a mapped file gives that was cut off under way.
            if (session == this.session) {
                failure = e;
            }
            throw failed(e);
        }
    }

    /// Commits and closes; what cannot be committed is fed again after the next start.
    @Override
    public void close() {
        changing.lock();
        try {
            closed = true;
            Session last = session;
            session = null;
            if (last != null) {
                try (last) {
                    commit(last, appliedSequence);
                }
            }
        } catch (IOException | AlreadyClosedException e) {
            LOG.log(System.Logger.Level.WARNING, "The search index was not closed cleanly.", e);
        } finally {
            changing.unlock();
            refresher.shutdown();
        }
    }

    private interface Action {
        void on(Session session) throws IOException;
    }

    private void change(Action action) {
        changing.lock();
        try {
            requireOpen();
            Session session = this.session;
            Throwable failed = failure;
            if (session == null || failed != null) {
                throw reopened(failed);
            }
            action.on(session);
            setBack = false;
        } catch (IOException | AlreadyClosedException e) {
            throw reopened(e);
        } finally {
            changing.unlock();
        }
    }

    private void mend() {
        changing.lock();
        try {
            requireOpen();
            if (session == null || failure != null) {
                LOG.log(System.Logger.Level.WARNING, reopened(failure).getMessage());
            }
        } finally {
            changing.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The index is closed.");
        }
    }

    private IndexReopenedException reopened(@Nullable Throwable cause) {
        IOUtils.closeWhileHandlingException(session);
        session = null;
        setBack = true;
        openSession();
        return new IndexReopenedException(cause);
    }

    private void openSession() {
        try {
            Session opened = Session.open(directory, format, limits, refresher);
            durableSequence = opened.sequence();
            appliedSequence = opened.sequence();
            failure = null;
            session = opened;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static UncheckedIOException failed(Throwable cause) {
        IOException failure = cause instanceof IOException e ? e : new IOException(cause);
        return new UncheckedIOException("The search index cannot be read or written.", failure);
    }
}
