package dev.ctxmem.store.lucene;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.Lock;

/// What a directory holds before a writer trusts it: every byte of every file of the last commit is read and
/// compared with its checksum, at every start, for Lucene itself looks at most of them only when they are
/// merged.
final class CommittedIndex {
    private static final System.Logger LOG = System.getLogger(CommittedIndex.class.getName());
    private static final String SEQUENCE = "sequence";
    private static final String FORMAT = "format";

    private CommittedIndex() {}

    static Map<String, String> commitData(long sequence, String format) {
        return Map.of(SEQUENCE, Long.toString(sequence), FORMAT, format);
    }

    /// The sequence of the last commit. Anything but a whole commit in this format is deleted, and gives 0.
    /// Throws what is no fault of the index: another process holds it, no permission, too many open files.
    static long verifiedSequence(Directory directory, String format) throws IOException {
        try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            OptionalLong sequence = sequence(directory, format);
            lock.ensureValid();
            if (sequence.isEmpty()) {
                deleteFiles(directory);
            }
            return sequence.orElse(0);
        }
    }

    static void delete(Directory directory) throws IOException {
        try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            lock.ensureValid();
            deleteFiles(directory);
        }
    }

    private static OptionalLong sequence(Directory directory, String format) throws IOException {
        try {
            String commit = SegmentInfos.getLastCommitSegmentsFileName(directory);
            if (commit == null) {
                return OptionalLong.empty();
            }
            verify(directory, commit);
            SegmentInfos segments = SegmentInfos.readCommit(directory, commit);
            Map<String, String> data = segments.getUserData();
            if (!format.equals(data.get(FORMAT))) {
                LOG.log(System.Logger.Level.INFO, "The search index has another format and is built anew.");
                return OptionalLong.empty();
            }
            for (String file : segments.files(false)) {
                verify(directory, file);
            }
            return OptionalLong.of(Long.parseLong(data.getOrDefault(SEQUENCE, "0")));
        } catch (IOException | IllegalArgumentException | InternalError e) {
            if (e instanceof FileSystemException && !(e instanceof NoSuchFileException)) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "The search index is damaged and is built anew: " + e);
            return OptionalLong.empty();
        }
    }

    private static void verify(Directory directory, String file) throws IOException {
        try (IndexInput input = directory.openInput(file, IOContext.READONCE)) {
            if (input.length() < CodecUtil.footerLength()) {
                throw new EOFException(file + " is cut off");
            }
            CodecUtil.checksumEntireFile(input);
        }
    }

    private static void deleteFiles(Directory directory) throws IOException {
        for (String file : directory.listAll()) {
            if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
                directory.deleteFile(file);
            }
        }
    }
}
